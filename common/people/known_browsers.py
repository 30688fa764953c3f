"""Browsers in which a person has signed in before: there the right password lets in, whatever strangers try.

A known browser opens nothing by itself. It is forgotten after some time, with a new password, and with "sign out
everywhere".
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.models import KnownBrowser
from common.signing import digest, fresh_code

LIFE = timedelta(days=90)
MOST = 20  # of one person; the one that was used longest ago is forgotten


def is_known(session: Session, person_id: int, browser: str) -> bool:
    """Whether the person has signed in in this browser before. `browser` is the value of its cookie."""
    row = _find(session, person_id, browser)
    return row is not None and _is_live(row)


def remember(session: Session, person_id: int, browser: str, *, network: str = "", hops: int = 0) -> str:
    """Know this browser from now on: the person has just signed in in it.

    Returns the value for its cookie: another one if this one was forgotten, since somebody may hold a copy.
    """
    row = _find(session, person_id, browser)
    if not browser or (row is not None and not _is_live(row)):
        browser = fresh_code()
    now = clock.utcnow()
    key = {"person_id": person_id, "digest": digest(browser)}
    seen = {"seen_at": now, "expires_at": now + LIFE, "network": network, "hops": hops}
    insert = rows.insert(session, KnownBrowser).values(key | seen)
    session.execute(insert.on_conflict_do_update(index_elements=list(key), set_=seen))
    _forget_oldest(session, person_id)
    return browser


def _find(session: Session, person_id: int, browser: str) -> KnownBrowser | None:
    this = (KnownBrowser.person_id == person_id, KnownBrowser.digest == digest(browser))
    return session.scalar(select(KnownBrowser).where(*this))


def _is_live(row: KnownBrowser) -> bool:
    return row.revoked_at is None and row.expires_at > clock.utcnow()


def _forget_oldest(session: Session, person_id: int) -> None:
    theirs = (KnownBrowser.person_id == person_id, KnownBrowser.revoked_at.is_(None))
    newest = select(KnownBrowser.id).where(*theirs).order_by(KnownBrowser.seen_at.desc()).limit(MOST)
    kept = session.scalars(newest).all()
    session.execute(update(KnownBrowser).where(*theirs, KnownBrowser.id.not_in(kept)).values(revoked_at=clock.utcnow()))
