"""Talk about an order: the desk's questions, the mechanic's requests, messages of both, the desk's notes."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json, code_type
from common.database.models.orders import Order, OrderLine
from common.database.models.people import Person

if TYPE_CHECKING:
    from common.database.models.media import Media


class Question(Base):
    """The desk's question to the mechanic about an order: one message with buttons, or a free answer."""

    __tablename__ = "question"
    __table_args__ = (Index(None, "order_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    kind: Mapped[str] = mapped_column(String(24))  # side, yes_no, free, substitute: decides the offered answers
    text: Mapped[str] = mapped_column(String(1000), default="")  # the desk's own words
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(1000), default="")  # a code of its kind, or the mechanic's words
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()
    line: Mapped[OrderLine | None] = relationship()


class RequestState(enum.StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ChangeRequest(Base):
    """A mechanic's request to change an order that is taken already: the desk accepts or refuses it."""

    __tablename__ = "change_request"
    __table_args__ = (Index(None, "order_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(24))  # add_line, remove_line, quantity, remark, cancel
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[RequestState] = mapped_column(code_type(RequestState))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class ChatMessage(Base):
    """A message about an order, by its mechanic in Telegram or by staff at the desk. Without an order it waits for its
    writer to name one.
    """

    __tablename__ = "chat_message"
    __table_args__ = (
        Index(None, "order_id", "id"),
        Index(None, "chat_id", "message_id"),
        Index(None, "author_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(4096), default="")  # empty if there is only a photo or voice note
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    chat_id: Mapped[int | None] = mapped_column(BigInteger)  # the chat in which the mechanic wrote it
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    outbox_id: Mapped[int | None] = mapped_column(Identifier)  # of a message by staff; that row is pruned later

    order: Mapped[Order | None] = relationship()
    author: Mapped[Person] = relationship()
    media: Mapped[list[Media]] = relationship(order_by="Media.id")


class DeskNote(Base):
    """A note of staff for staff. It is never sent: no sending code knows this table."""

    __tablename__ = "desk_note"
    __table_args__ = (Index(None, "order_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64), unique=True)  # of its form: a form sent twice makes one note
    text: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]
    struck_at: Mapped[datetime | None]  # when its writer struck it out; it stays readable

    order: Mapped[Order] = relationship()
    author: Mapped[Person] = relationship()


class QuickReply(Base):
    """A reusable text of the desk: a shortcut, and one text per language with places to fill."""

    __tablename__ = "quick_reply"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    shortcut: Mapped[str] = mapped_column(String(24), unique=True)  # without its slash
    texts: Mapped[dict[str, Any]] = mapped_column(Json)  # language -> text; a language may be missing
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
