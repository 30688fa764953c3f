"""Photos that staff send from the desk: made smaller, kept, and shown and sent with a message of the order's chat.

They are kept as they are sent: upright, at most `pictures.LARGE` pixels, without the place and time a phone writes into
them. So they are never too large for Telegram, and what the chat got is what the order's page shows.
"""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from common import clock
from common.database.models import ChatMessage, Media, MediaState
from common.errors import InvalidInput
from common.media import attachments, media_store, opener
from common.media.media_store import Directory, FileContent

MAX_UPLOAD = 20 * 1024 * 1024  # bytes
MAX_CAPTION = 900  # UTF-16 units below a photo; Bot API, sendPhoto: 1,024, which our heading is a part of
MAX_PHOTOS = attachments.MAX_FILES  # of staff in one order


def read(upload: bytes, store: Directory | None) -> FileContent:
    """What was chosen at the desk, ready to be kept. It takes a second or so, outside of any transaction.

    Raises:
        InvalidInput: `photo_large`, `photo_damaged`, `photo_too_many_pixels`, `photo_unopened`.
        OSError: the directory cannot be written.
    """
    if len(upload) > MAX_UPLOAD:
        raise InvalidInput("photo_large", most=MAX_UPLOAD >> 20)
    body = opener.shrink_picture(upload, opener.LARGE)
    small = opener.shrink_picture(body, opener.SMALL)
    digest = hashlib.sha256(body).hexdigest()
    if store is not None:
        store.put(digest, body)
    return FileContent(digest, "image/jpeg", len(body), body if store is None else None, small)


def is_limit_reached(session: Session, order_id: int) -> bool:
    """Whether staff have sent as many in this order as they may."""
    return attachments.media_count(session, Media.order_id == order_id, Media.chat_id.is_(None)) >= MAX_PHOTOS


def attach_to_message(session: Session, photo: FileContent, message: ChatMessage) -> None:
    """It belongs to this message of staff."""
    media_store.store(session, photo)
    now = clock.utcnow()
    session.add(
        Media(
            order_id=message.order_id,
            chat_message_id=message.id,
            person_id=message.author_id,
            kind="photo",
            state=MediaState.KEPT,
            digest=photo.digest,
            due_at=now,
            created_at=now,
        )
    )
