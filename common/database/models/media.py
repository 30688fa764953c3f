"""Photos and voice notes: the files to fetch from Telegram, and their stored content."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from common.database.models.base import Base, Identifier, ReasonType, code_type


class MediaState(enum.StrEnum):
    WANTED = "wanted"
    KEPT = "kept"
    REFUSED = "refused"  # too large, or of a kind that is not kept
    GONE = "gone"  # Telegram has it no more


class MediaReason(enum.StrEnum):
    """The reason why a file was refused, is gone, or is tried again."""

    TOO_LARGE = "too_large"  # Telegram hands bots 20 MB at most
    WRONG_TYPE = "wrong_type"  # of a kind that is not kept
    DAMAGED = "damaged"  # it cannot be opened
    TOO_MANY_PIXELS = "too_many_pixels"  # it cannot be opened safely
    EMPTY = "empty"  # no bytes
    GONE = "gone"  # Telegram has it no more
    LOCAL_PATH = "local_path"  # the Bot API server keeps its files to itself
    UNAVAILABLE = "unavailable"  # given up after the last attempt
    NETWORK = "network"  # Telegram could not be reached; the detail is the connection's error
    NO_ANSWER = "no_answer"  # the connection broke before the answer was complete; the detail is its error
    RATE_LIMITED = "rate_limited"  # Telegram asks us to wait: no file is fetched before `due_at`
    NOT_AT_HAND = "not_at_hand"  # Telegram does not find it at the moment
    REFUSED = "refused"  # Telegram refused it with an unknown text
    NO_PATH = "no_path"  # Telegram's answer named no file
    HTTP_STATUS = "http_status"  # the download got an HTTP error; the detail is its status
    INCOMPLETE = "incomplete"  # fewer or more bytes than Telegram announced
    NO_THUMBNAIL = "no_thumbnail"  # the process that makes thumbnails failed
    QUOTA = "quota"  # its sender sent too much within a day
    NO_ROOM = "no_room"  # the disk is nearly full
    NOT_STORED = "not_stored"  # MEDIA_DIR cannot be written to
    OTHER = "other"  # written by an older or a newer program; only the detail is known

    @classmethod
    def _missing_(cls, value: object) -> MediaReason:
        return cls.OTHER


class Media(Base):
    """A photo or voice note to fetch from Telegram: written in the update's transaction, fetched by the daemon.

    It belongs to a draft (to one of its lines, or to the whole), then to the order, line and message made from it. A
    photo that staff send from the desk is stored at once, and has no Telegram message.
    """

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index(
            "ix_media_wanted",
            "due_at",
            "id",
            sqlite_where=text("state = 'wanted'"),
            postgresql_where=text("state = 'wanted'"),
        ),
        Index(None, "order_id"),
        Index(None, "draft_key"),
        Index(None, "digest"),
        Index(None, "person_id"),
        Index(None, "chat_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    draft_key: Mapped[str | None] = mapped_column(String(24))
    draft_line: Mapped[int | None]  # the draft's line it belongs to; None: the whole order
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    chat_message_id: Mapped[int | None] = mapped_column(ForeignKey("chat_message.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # the Telegram message that brought it
    group_id: Mapped[str] = mapped_column(String(64), default="")  # of an album
    file_id: Mapped[str] = mapped_column(String(255), default="")
    file_unique_id: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(16))  # photo, voice, …: Telegram's name for it
    caption: Mapped[str] = mapped_column(String(1024), default="")
    seconds: Mapped[int | None]  # the length of a voice note, as reported by the sender's app
    state: Mapped[MediaState] = mapped_column(code_type(MediaState))
    reason_code: Mapped[MediaReason | None] = mapped_column(ReasonType(MediaReason))  # reason of the state or retry
    # The column keeps its name, because the program before 0013 writes it.
    reason_detail: Mapped[str] = mapped_column("reason", String(120), default="")  # text that completes the code
    digest: Mapped[str | None] = mapped_column(String(64))  # of the stored content
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


class MediaContent(Base):
    """A stored file, once however often it was sent. `body` is empty when the files are in a directory."""

    __tablename__ = "media_content"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256, hexadecimal
    type: Mapped[str] = mapped_column(String(64))  # detected from the bytes, never as declared
    size: Mapped[int]  # bytes
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary)  # a small JPEG; None: not a picture
    created_at: Mapped[datetime]
