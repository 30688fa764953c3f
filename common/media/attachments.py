"""Photos and voice notes: wanted in an update's transaction, a draft's first, then the order's it becomes.

Fetching them is the daemon's work (`bot_daemon/media/fetcher.py`); here is only what belongs where.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, case, func, null, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Work, bump_revision, storable, wake_after_commit
from common.database.models import Media, MediaState, Order

MAX_FILES = 20  # photos and voice notes of one draft, and of one order; what staff send is counted for itself
MAX_CAPTION = 1024  # Bot API, Message.caption
MAX_SECONDS = 2**31 - 1
_OF_DRAFT = (  # built once: every update of a draft asks it
    select(Media).where(Media.draft_key == bindparam("draft_key"), Media.order_id.is_(None)).order_by(Media.id)
)


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
    """Ask for what a Telegram message brought; the same message again is the row that is there.

    Returns:
        The row, None when the draft or the order has `MAX_FILES` of them already.
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
    """What this message brought: an edit, a reply or a repetition names it so."""
    return session.scalar(select(Media).where(Media.chat_id == chat_id, Media.message_id == message_id))


def _is_full(session: Session, draft_key: str | None, order_id: int | None) -> bool:
    if order_id is None and draft_key is None:
        return False
    owner = Media.order_id == order_id if order_id is not None else Media.draft_key == draft_key
    return media_count(session, owner, Media.chat_id.is_not(None)) >= MAX_FILES


def media_count(session: Session, *conditions: ColumnElement[bool]) -> int:
    """How many there are of which all this holds."""
    return session.scalar(select(func.count()).select_from(Media).where(*conditions)) or 0


def of_draft(session: Session, draft_key: str) -> list[Media]:
    """Of a draft, in the order they were sent, whatever became of them."""
    return list(session.scalars(_OF_DRAFT, {"draft_key": draft_key}))


def attach(session: Session, draft_key: str, media_id: int, draft_line: int | None) -> bool:
    """It belongs to this line of the draft, None: to all of it. Whether it is the draft's at all."""
    of_it = update(Media).where(Media.id == media_id, Media.draft_key == draft_key, Media.order_id.is_(None))
    return _changed_rows(session, of_it.values(draft_line=draft_line)) == 1


def move_to_order(session: Session, draft_key: str, order: Order, line_ids: Mapping[int, int]) -> int:
    """The draft's become the order's. `line_ids`: the draft's line, and the order's line it became.

    What belonged to a line that is not there is the whole order's. Returns how many there were.
    """
    line_id = case(dict(line_ids), value=Media.draft_line, else_=null()) if line_ids else null()
    of_it = update(Media).where(Media.draft_key == draft_key, Media.order_id.is_(None))
    return _changed_rows(session, of_it.values(order_id=order.id, line_id=line_id))


def move_with_message(session: Session, chat_message_id: int, order_id: int) -> int:
    """A message of the chat has found its order: what it brought follows. Returns how many that were."""
    bump_revision(session)
    of_it = update(Media).where(Media.chat_message_id == chat_message_id)
    return _changed_rows(session, of_it.values(order_id=order_id))


def depth(session: Session) -> tuple[int, timedelta]:
    """How many wait to be fetched, and for how long the oldest has."""
    count, oldest = session.execute(
        select(func.count(), func.min(Media.created_at)).where(Media.state == MediaState.WANTED)
    ).one()
    return count, max(clock.utcnow() - oldest, timedelta(0)) if oldest else timedelta(0)


def _changed_rows(session: Session, statement: object) -> int:
    hit = session.execute(statement, execution_options={"synchronize_session": "fetch"})  # type: ignore[call-overload]
    return hit.rowcount  # type: ignore[no-any-return]
