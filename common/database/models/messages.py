"""The inbox, the outbox with its deliveries, and what is known of each chat."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.database.models.base import Base, Identifier, Json, ReasonType, code_type


class InboxState(enum.StrEnum):
    RECEIVED = "received"
    DONE = "done"
    QUARANTINED = "quarantined"  # three attempts raised or ended the process, or it could not be read


class InboxRow(Base):
    """One received update. The body stays as it came until the row is done."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_inbox_received",
            "seq",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index(None, "state", "done_at"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(Identifier, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int | None] = mapped_column(BigInteger)  # None: unreadable
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # of an unreadable body
    lane: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[InboxState] = mapped_column(code_type(InboxState))
    outcome: Mapped[str] = mapped_column(String(24), default="")  # done: handled or ignored
    attempts: Mapped[int] = mapped_column(default=0)  # begun, the one that runs among them
    error: Mapped[str | None] = mapped_column(Text)  # what is known of attempts that came to no good end
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class OutboxState(enum.StrEnum):
    PENDING = "pending"
    LEASED = "leased"  # claimed by a dispatcher
    SENDING = "sending"  # stamped just before the request was written
    SENT = "sent"
    FAILED = "failed"  # Telegram said no, for good
    DEAD = "dead"  # it could not be rendered
    EXPIRED = "expired"  # nobody needs it any more
    UNREACHABLE = "unreachable"  # blocked, deactivated, never started
    HELD = "held"  # unknown whether it arrived: a person decides
    SUPERSEDED = "superseded"  # a newer state of the same message took its place


class ReasonCode(enum.StrEnum):
    """Why a message is in its state, or is tried again."""

    BLOCKED = "blocked"  # its reader blocked the bot
    DEACTIVATED = "deactivated"  # the Telegram account is gone
    NOT_STARTED = "not_started"  # its reader never started the bot
    KICKED = "kicked"  # the bot was put out of the group
    NOT_FOUND = "not_found"  # Telegram knows no such chat
    NO_RIGHTS = "no_rights"  # the bot may not write in the group
    NETWORK = "network"  # no answer of Telegram; the detail is what the connection said
    RATE_LIMITED = "rate_limited"  # Telegram asks us to wait; the detail is for how long
    SENDER_DIED = "sender_died"  # the daemon ended between the request and its outcome
    REFUSED = "refused"  # Telegram said no, for good; the detail is in its own words
    PHOTO_MISSING = "photo_missing"  # the photo that goes with it cannot be read; the detail says why
    NOT_RENDERED = "not_rendered"  # its text could not be made; the detail is the exception's name
    NOTHING_TO_SAY = "nothing_to_say"  # what it would correct was never sent
    EXPIRED = "expired"  # nobody needs it any more
    NOTICE_GONE = "notice_gone"  # the notice that it would correct was deleted in the chat
    CHAT_LEFT = "chat_left"  # its reader unlinked this chat
    OVERTAKEN = "overtaken"  # a later event, `superseded_by`, made it untrue
    UNDONE = "undone"  # the move that it tells of was undone
    CONFIRMED = "confirmed"  # a person said that it arrived
    OTHER = "other"  # of an older program, or a newer one; the detail is all that is known

    @classmethod
    def _missing_(cls, value: object) -> ReasonCode:
        return cls.OTHER


class OutboxRow(Base):
    """One message to send: a kind and its facts. The text is made at delivery, in the reader's language."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_outbox_stream",
            "stream",
            "id",
            sqlite_where=text("state IN ('pending','leased','sending')"),
            postgresql_where=text("state IN ('pending','leased','sending')"),
        ),
        Index(
            "ix_outbox_lease",
            "lease_until",
            sqlite_where=text("state IN ('leased','sending')"),
            postgresql_where=text("state IN ('leased','sending')"),
        ),
        Index(
            "ix_outbox_collapse",
            "collapse_key",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "order_id", "id"),
        Index(
            "ix_outbox_undelivered",
            "order_id",
            sqlite_where=text("state IN ('failed','dead','expired','unreachable','held')"),
            postgresql_where=text("state IN ('failed','dead','expired','unreachable','held')"),
        ),
        Index(None, "chat_id", "message_id"),
        Index(None, "state", "sent_at"),
        Index(
            "ix_outbox_superseded_by",
            "superseded_by",
            sqlite_where=text("superseded_by IS NOT NULL"),
            postgresql_where=text("superseded_by IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[str] = mapped_column(String(16), default="telegram")
    stream: Mapped[str] = mapped_column(String(64))
    collapse_key: Mapped[str | None] = mapped_column(String(64))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    priority: Mapped[int]
    state: Mapped[OutboxState] = mapped_column(code_type(OutboxState))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    ambiguous: Mapped[int] = mapped_column(default=0)  # attempts of which nobody knows whether they arrived
    lease_epoch: Mapped[int | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    reason_code: Mapped[ReasonCode | None] = mapped_column(ReasonType(ReasonCode))  # why it is so, or is tried again
    # The column keeps the name under which the program before 0013 writes it.
    reason_detail: Mapped[str] = mapped_column("reason", String(300), default="")  # what goes with the code: words
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)  # the event that made it untrue

    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")


class Delivery(Base):
    """One attempt to send one row: stamped before the request, completed with what came of it."""

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "outbox_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)  # as sent; kept for cards, notices and chat messages
    outcome: Mapped[str | None] = mapped_column(String(24))  # None: in flight, or nobody knows
    detail: Mapped[str | None] = mapped_column(String(300))
    milliseconds: Mapped[int | None]


class Chat(Base):
    """What is known of a chat: whether it can be reached, and when it may next be written to."""

    __tablename__ = "chat"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), default="private")
    unreachable: Mapped[str] = mapped_column(String(24), default="")  # why: blocked, deactivated, not_started, …
    migrated_to: Mapped[int | None] = mapped_column(BigInteger)
    ready_at: Mapped[datetime | None]  # not before: our pace, or the deadline of a 429


class Screen(Base):
    """The one message of a chat that shows where the conversation stands."""

    __tablename__ = "screen"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    view: Mapped[str] = mapped_column(String(24))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    fresh: Mapped[bool] = mapped_column(default=True)  # send it anew, below what the person wrote


class Card(Base):
    """The one message per order and reader."""

    __tablename__ = "card"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
