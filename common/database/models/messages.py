"""The inbox, the outbox with its deliveries, and the state of each chat."""

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
    QUARANTINED = "quarantined"  # three attempts raised or ended the process, or the update could not be read


class InboxRow(Base):
    """One received update. The body is kept unchanged until the row is done."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_inbox_received",
            "seq",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index(
            "ix_inbox_lane",
            "lane",
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
    outcome: Mapped[str] = mapped_column(String(24), default="")  # of a done row: handled or ignored
    attempts: Mapped[int] = mapped_column(default=0)  # attempts begun, including a running one
    error: Mapped[str | None] = mapped_column(Text)  # the error of failed attempts
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class OutboxState(enum.StrEnum):
    PENDING = "pending"
    LEASED = "leased"  # claimed by a dispatcher
    SENDING = "sending"  # stamped just before the request was written
    SENT = "sent"
    FAILED = "failed"  # Telegram refused it for good
    DEAD = "dead"  # its text could not be rendered, or each attempt ended the process
    EXPIRED = "expired"  # no longer needed
    UNREACHABLE = "unreachable"  # its reader blocked the bot, never started it, or has no account
    HELD = "held"  # unknown whether it arrived; a person decides
    SUPERSEDED = "superseded"  # replaced by a newer state of the same message


class ReasonCode(enum.StrEnum):
    """The reason why a message is in its state, or is tried again."""

    BLOCKED = "blocked"  # its reader blocked the bot
    DEACTIVATED = "deactivated"  # the Telegram account is gone
    NOT_STARTED = "not_started"  # its reader never started the bot
    KICKED = "kicked"  # the bot was removed from the group
    NOT_FOUND = "not_found"  # Telegram knows no such chat
    NO_RIGHTS = "no_rights"  # the bot may not write in the group
    NETWORK = "network"  # Telegram did not answer; the detail is the connection's error
    RATE_LIMITED = "rate_limited"  # Telegram asks us to wait; the detail is the time
    SENDER_DIED = "sender_died"  # the daemon ended between the request and its outcome
    REFUSED = "refused"  # Telegram refused it for good; the detail is Telegram's text
    PHOTO_MISSING = "photo_missing"  # its photo cannot be read; the detail is the error
    NOT_RENDERED = "not_rendered"  # its text could not be rendered; the detail is the exception's name
    ENDS_PROCESS = "ends_process"  # process after process ended while it was rendered or sent
    NOTHING_TO_SAY = "nothing_to_say"  # the notice that it would correct was never sent
    EXPIRED = "expired"  # no longer needed
    NOTICE_GONE = "notice_gone"  # the notice that it would correct was deleted in the chat
    CHAT_LEFT = "chat_left"  # its reader unlinked this chat
    OVERTAKEN = "overtaken"  # a later event (`superseded_by`) made it untrue
    UNDONE = "undone"  # the move that it reports was undone
    CONFIRMED = "confirmed"  # a person confirmed that it arrived
    OTHER = "other"  # written by an older or a newer program; only the detail is known

    @classmethod
    def _missing_(cls, value: object) -> ReasonCode:
        return cls.OTHER


class OutboxRow(Base):
    """One message to send: a kind and its arguments. The text is rendered at delivery, in the reader's language."""

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
    # That it ends the process: so much for each attempt since the last that had an end (see `claims.MOST_SUSPICION`).
    suspicion: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    ambiguous: Mapped[int] = mapped_column(default=0)  # attempts with an unknown outcome
    lease_epoch: Mapped[int | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    reason_code: Mapped[ReasonCode | None] = mapped_column(ReasonType(ReasonCode))  # reason of the state or retry
    # The column keeps its name, because the program before 0013 writes it.
    reason_detail: Mapped[str] = mapped_column("reason", String(300), default="")  # text that completes the code
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)  # the event that made it untrue

    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")


class Delivery(Base):
    """One attempt to send one row: stamped before the request, completed with the outcome."""

    __tablename__ = "delivery"
    __table_args__ = (Index(None, "outbox_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(40))
    text: Mapped[str | None] = mapped_column(Text)  # as sent; kept for cards, notices and chat messages
    outcome: Mapped[str | None] = mapped_column(String(24))  # None: in flight, or unknown
    detail: Mapped[str | None] = mapped_column(String(300))
    milliseconds: Mapped[int | None]


class Chat(Base):
    """The state of a chat: whether the bot can reach it, and when the next message may be sent."""

    __tablename__ = "chat"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16), default="private")
    unreachable: Mapped[str] = mapped_column(String(24), default="")  # the reason: blocked, deactivated, not_started, …
    migrated_to: Mapped[int | None] = mapped_column(BigInteger)
    ready_at: Mapped[datetime | None]  # the earliest time of the next message: our pace, or the deadline of a 429


class Screen(Base):
    """The one message of a chat that shows the state of the conversation."""

    __tablename__ = "screen"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    view: Mapped[str] = mapped_column(String(24))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    fresh: Mapped[bool] = mapped_column(default=True)  # send it again, below the person's message


class Card(Base):
    """The one card per order and reader."""

    __tablename__ = "card"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
