"""Attached files as pages read them: the rows of an order, and the bytes of one file."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from common.database.models import Media, MediaContent, MediaState

EXTENSIONS = {  # every type that is kept and served, with the ending of its file
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
}
MOST_SHOWN = 200


class KeptFile(NamedTuple):
    """The digest of a kept file, and the type that was sniffed."""

    digest: str
    type: str


def of_order(session: Session, order_id: int) -> list[tuple[Media, str | None]]:
    """An order's own media, the newest of them in the order of arrival, each with its type if its file is kept."""
    return _read(session, Media.order_id == order_id, Media.chat_message_id.is_(None))


def of_chat(session: Session, order_id: int) -> list[tuple[Media, str | None]]:
    """The newest media of an order's chat messages, each with its type if its file is kept."""
    return _read(session, Media.order_id == order_id, Media.chat_message_id.is_not(None))


def _read(session: Session, *conditions: ColumnElement[bool]) -> list[tuple[Media, str | None]]:
    found = select(Media, MediaContent.type).outerjoin(MediaContent, MediaContent.digest == Media.digest)
    newest = session.execute(found.where(*conditions).order_by(Media.id.desc()).limit(MOST_SHOWN)).all()
    return [(media, type_) for media, type_ in newest[::-1]]


def find(session: Session, media_id: int) -> KeptFile | None:
    """The kept file of an order. Media that belong to no order are not found: they are still the mechanic's own."""
    kept = select(MediaContent.digest, MediaContent.type).join(Media, Media.digest == MediaContent.digest)
    kept = kept.where(Media.id == media_id, Media.state == MediaState.KEPT, Media.order_id.is_not(None))
    row = session.execute(kept).first()
    return KeptFile(row.digest, row.type) if row is not None else None


def body(session: Session, digest: str) -> bytes | None:
    """The file's bytes; None if they are kept in the directory."""
    return session.scalar(select(MediaContent.body).where(MediaContent.digest == digest))


def thumbnail(session: Session, digest: str) -> bytes | None:
    return session.scalar(select(MediaContent.thumbnail).where(MediaContent.digest == digest))
