"""Photos that staff send from the desk: shrunk, stored, and shown and sent with a message of the order's chat.

They are stored as sent: upright, at most `opener.LARGE` pixels a side, without the place and time that a phone writes
into them. So they are never too large for Telegram, and the order's page shows the same picture as the chat.
"""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from common import clock
from common.bulkhead import Bulkhead
from common.database.models import ChatMessage, Media, MediaState
from common.errors import InvalidInput
from common.media import attachments, media_store, opener, quotas
from common.media.media_store import Directory, FileContent

MAX_UPLOAD = 20 * 1024 * 1024  # bytes
OPENED = Bulkhead(at_once=1, waiting=7, patience=15.0)  # the daemon opens one at a time beside it
MAX_CAPTION = 900  # UTF-16 units below a photo; Bot API, sendPhoto: 1,024, our heading included
MAX_PHOTOS = attachments.MAX_FILES  # photos by staff in one order


def read(upload: bytes, store: Directory | None) -> FileContent:
    """The photo chosen at the desk, ready to be stored. It takes about a second; call it outside any transaction.

    Raises:
        Busy. InvalidInput: `photo_large`, `photo_damaged`, `photo_too_many_pixels`, `photo_unopened`.
        OSError: the directory cannot be written.
    """
    if len(upload) > MAX_UPLOAD:
        raise InvalidInput("photo_large", most=MAX_UPLOAD >> 20)
    with OPENED.enter():
        body = opener.shrink_picture(upload, opener.LARGE)
        small = opener.shrink_picture(body, opener.SMALL)
    digest = hashlib.sha256(body).hexdigest()
    if store is not None:
        store.put(digest, body)
    return FileContent(digest, "image/jpeg", len(body), body if store is None else None, small)


def check_room(session: Session, order_id: int, person_id: int | None) -> None:
    """Whether this person may send one more photo in this order. Ask before it is opened, and again when it is stored.

    Raises: InvalidInput: `photos_day`, `photos_many`.
    """
    if quotas.is_used_up(session, person_id):
        raise InvalidInput("photos_day")
    if attachments.media_count(session, Media.order_id == order_id, Media.chat_id.is_(None)) >= MAX_PHOTOS:
        raise InvalidInput("photos_many", most=MAX_PHOTOS)


def attach_to_message(session: Session, photo: FileContent, message: ChatMessage) -> None:
    """Attach the photo to this message of staff."""
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
