"""Attachments: photos and voice notes, requested in the update's transaction, of a draft and then of its order.

The daemon fetches them (`bot_daemon/media/fetcher.py`); this module decides what they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, case, func, null, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Work, bump_revision, storable, wake_after_commit
from common.database.models import Media, MediaState, Order

MAX_FILES = 20  # photos and voice notes of one draft, and of one order; photos by staff are counted separately
MAX_BYTES = 20 * 1024 * 1024  # of one file; Bot API, getFile: files of at most 20 MB
MAX_CAPTION = 1024  # Bot API, Message.caption
MAX_SECONDS = 2**31 - 1
_OF_DRAFT = select(Media).where(Media.draft_key == bindparam("draft_key"), Media.order_id.is_(None)).order_by(Media.id)


def queue_fetch(
    session: Session,
    *,
    chat_id: int,
    message_id: int,
    group_id: str,
    file_id: str,
    file_unique_id: str,
    kind: str,
    caption: str,
    seconds: int | None,
    person_id: int | None,
    draft_key: str | None = None,
    draft_line: int | None = None,
    order_id: int | None = None,
    line_id: int | None = None,
    chat_message_id: int | None = None,
) -> Media | None:
    """Request the file of a Telegram message. A second call for the same message returns the existing row.

    Returns:
        The row; None if the draft or the order already has `MAX_FILES`.
    """
    present = of_message(session, chat_id, message_id)
    if present is not None:
        return present
    if _is_full(session, draft_key, order_id):
        return None
    now = clock.utcnow()
    media = Media(
        draft_key=draft_key,
        draft_line=draft_line,
        order_id=order_id,
        line_id=line_id,
        chat_message_id=chat_message_id,
        person_id=person_id,
        chat_id=chat_id,
        message_id=message_id,
        group_id=group_id[:64],
        file_id=file_id[:255],
        file_unique_id=file_unique_id[:64],
        kind=kind,
        caption=storable(caption)[:MAX_CAPTION],
        seconds=seconds if seconds is not None and 0 <= seconds <= MAX_SECONDS else None,
        state=MediaState.WANTED,
        due_at=now,
        created_at=now,
    )
    session.add(media)
    session.flush()
    wake_after_commit(session, Work.MEDIA)
    if order_id is not None:
        bump_revision(session)
    return media


def of_message(session: Session, chat_id: int, message_id: int) -> Media | None:
    """The attachment of this Telegram message: an edit, a reply or a repetition refers to it by the message."""
    return session.scalar(select(Media).where(Media.chat_id == chat_id, Media.message_id == message_id))


def _is_full(session: Session, draft_key: str | None, order_id: int | None) -> bool:
    if order_id is None and draft_key is None:
        return False
    owner = Media.order_id == order_id if order_id is not None else Media.draft_key == draft_key
    return media_count(session, owner, Media.chat_id.is_not(None)) >= MAX_FILES


def media_count(session: Session, *conditions: ColumnElement[bool]) -> int:
    """The number of attachments that meet all these conditions."""
    return session.scalar(select(func.count()).select_from(Media).where(*conditions)) or 0


def of_draft(session: Session, draft_key: str) -> list[Media]:
    """The attachments of a draft in the order they were sent, in any state."""
    return list(session.scalars(_OF_DRAFT, {"draft_key": draft_key}))


def attach(session: Session, draft_key: str, media_id: int, draft_line: int | None) -> bool:
    """Attach it to this line of the draft, None: to the whole draft. Returns whether it is the draft's at all."""
    of_it = update(Media).where(Media.id == media_id, Media.draft_key == draft_key, Media.order_id.is_(None))
    return _changed_rows(session, of_it.values(draft_line=draft_line)) == 1


def move_to_order(session: Session, draft_key: str, order: Order, line_ids: Mapping[int, int]) -> int:
    """Move the draft's attachments to the order. `line_ids`: draft line -> order line.

    An attachment of a missing line goes to the whole order. Returns how many were moved.
    """
    line_id = case(dict(line_ids), value=Media.draft_line, else_=null()) if line_ids else null()
    of_it = update(Media).where(Media.draft_key == draft_key, Media.order_id.is_(None))
    return _changed_rows(session, of_it.values(order_id=order.id, line_id=line_id))


def move_with_message(session: Session, chat_message_id: int, order_id: int) -> int:
    """Move the attachments of a chat message to the message's order. Returns how many were moved."""
    bump_revision(session)
    of_it = update(Media).where(Media.chat_message_id == chat_message_id)
    return _changed_rows(session, of_it.values(order_id=order_id))


def depth(session: Session) -> tuple[int, timedelta]:
    """The number of files that wait to be fetched, and the age of the oldest."""
    count, oldest = session.execute(
        select(func.count(), func.min(Media.created_at)).where(Media.state == MediaState.WANTED)
    ).one()
    return count, max(clock.utcnow() - oldest, timedelta(0)) if oldest else timedelta(0)


def _changed_rows(session: Session, statement: object) -> int:
    hit = session.execute(statement, execution_options={"synchronize_session": "fetch"})  # type: ignore[call-overload]
    return hit.rowcount  # type: ignore[no-any-return]
