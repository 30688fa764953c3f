"""Counting attempts in the database: an attempt is counted before it is carried out, and taken back if it succeeds.

So a hundred attempts at once count as a hundred. There is one row for each bucket, and at most `MOST_ROWS` of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.models import ThrottleCount
from common.throttling.limits import FORGET_AFTER, FORGIVES_EVERY, CountKey, Limit

MOST_ROWS = 50_000
NO_PAUSE = timedelta(0)


def pause_of(session: Session, buckets: Sequence[CountKey]) -> timedelta:
    """How long these buckets still have to wait; zero: they may try. It only reads."""
    now, found = clock.utcnow(), _find(session, buckets)
    return max((_left(bucket.limit, found.get(bucket.key), now) for bucket in buckets), default=NO_PAUSE)


def reserve(session: Session, buckets: Sequence[CountKey]) -> timedelta:
    """Count an attempt of these buckets, unless one of them has to wait. Returns how long; zero: it is counted."""
    _add_missing(session, buckets)
    now, found = clock.utcnow(), _find(session, buckets, lock=True)
    pause = max((_left(bucket.limit, found.get(bucket.key), now) for bucket in buckets), default=NO_PAUSE)
    if pause:
        return pause
    for row in found.values():
        if now - row.at >= FORGET_AFTER:
            row.empty_at = now
        row.at, row.empty_at = now, max(row.empty_at, now) + FORGIVES_EVERY
    return NO_PAUSE


def take_back(session: Session, buckets: Sequence[CountKey]) -> None:
    """Take back one attempt of each bucket: it has succeeded."""
    for row in _find(session, buckets, lock=True).values():
        row.empty_at -= FORGIVES_EVERY


def clear(session: Session, bucket: CountKey) -> None:
    """Forget every attempt of a bucket."""
    session.execute(delete(ThrottleCount).where(ThrottleCount.key == bucket.key))


def _find(session: Session, buckets: Sequence[CountKey], *, lock: bool = False) -> dict[str, ThrottleCount]:
    """The rows of these buckets by their keys; locked in the order of the keys, so that nobody waits in a circle."""
    wanted = select(ThrottleCount).where(ThrottleCount.key.in_([bucket.key for bucket in buckets]))
    if lock:
        wanted = wanted.order_by(ThrottleCount.key).with_for_update().execution_options(populate_existing=True)
    return {row.key: row for row in session.scalars(wanted)}


def _left(limit: Limit, row: ThrottleCount | None, now: datetime) -> timedelta:
    if row is None or now - row.at >= FORGET_AFTER:
        return NO_PAUSE
    count = max(NO_PAUSE, row.empty_at - row.at) / FORGIVES_EVERY
    return max(NO_PAUSE, row.at + limit.pause(count) - now)


def _add_missing(session: Session, buckets: Sequence[CountKey]) -> None:
    missing = sorted({bucket.key for bucket in buckets} - _find(session, buckets).keys())
    if not missing:
        return
    now = clock.utcnow()
    new = [{"key": key, "at": now, "empty_at": now} for key in missing]
    session.execute(rows.insert(session, ThrottleCount).values(new).on_conflict_do_nothing())
    _drop_oldest(session)


def _drop_oldest(session: Session) -> None:
    newest = session.scalar(select(func.max(ThrottleCount.id))) or 0
    session.execute(delete(ThrottleCount).where(ThrottleCount.id <= newest - MOST_ROWS))
