"""Photos and voice notes of orders, as the daemon leaves them: kept, wanted, lost."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Database
from common.database.models import Media, MediaContent, MediaState, Order
from common.media import attachments
from tests.support.pictures import picture, voice

PHOTO, VOICE, SMALL = picture(), voice(), picture(size=(20, 20))
_messages = count(1)


def kept(
    database: Database,
    order: Order | None,
    body: bytes | None = PHOTO,
    media_type: str = "image/jpeg",
    *,
    digest: str = "",
    **more: Any,
) -> int:
    """A kept photo; `body` None: it lies in the directory."""
    digest = digest or hashlib.sha256(body or b"").hexdigest()
    with database.write() as session:
        row = _row(session, order, **more)
        row.state, row.digest = MediaState.KEPT, digest
        if session.get(MediaContent, digest) is None:
            thumbnail = SMALL if media_type.startswith("image/") else None
            session.add(
                MediaContent(
                    digest=digest, type=media_type, size=9, body=body, thumbnail=thumbnail, created_at=clock.utcnow()
                )
            )
        return row.id


def waiting(database: Database, order: Order, state: MediaState = MediaState.WANTED, **more: Any) -> int:
    with database.write() as session:
        row = _row(session, order, **{k: v for k, v in more.items() if k not in ("reason", "attempts")})
        row.state, row.reason_code, row.attempts = state, more.get("reason"), more.get("attempts", 0)
        return row.id


def _row(session: Session, order: Order | None, **more: Any) -> Media:
    number = next(_messages)
    given = {
        "chat_id": 1001,
        "message_id": number,
        "group_id": "",
        "file_id": f"F{number}",
        "file_unique_id": f"U{number}",
        "kind": "photo",
        "caption": "",
        "seconds": None,
        "person_id": None,
        "order_id": order.id if order else None,
        **more,
    }
    row = attachments.queue_fetch(session, **given)
    assert row is not None
    return row
