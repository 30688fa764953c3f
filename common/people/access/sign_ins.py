"""Who signed in, who failed to, and from where: kept for a while, and told to the person where it is news.

Failures of one network that follow one another share a row, so that strangers cannot fill the table.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Person, SignIn, SignInKind
from common.facts.messages import NewBrowser
from common.messaging import outbox
from common.messaging.kinds import MessageKind

FAILURES = (SignInKind.FAILED, SignInKind.PAUSED)
TOGETHER = timedelta(minutes=15)  # failures of one network share a row for so long
LIFE = timedelta(days=180)
MOST_FAILURES = 20_000  # rows; the oldest are dropped


def record_success(
    session: Session, person: Person, kind: SignInKind, *, browser: str, network: str, is_known: bool
) -> SignIn:
    """Record that a browser was signed in, and tell its person if they have used others only.

    Args:
        browser: the name of the browser, such as `Chrome, Linux`; empty if we do not know it.
        network: where it came from, as the throttle counts it.
        is_known: whether the person has signed in in this browser before.
    """
    is_news = not is_known and last_success(session, person.id) is not None
    row = _add(session, person.id, kind, browser, network, is_new=is_news)
    if is_news:
        note_news(session, person.id)
        _tell(session, person, row)
    return row


def record_failure(session: Session, person_id: int | None, kind: SignInKind, *, browser: str, network: str) -> SignIn:
    """Record a failure; `person_id` None: nobody has that username."""
    row = recent_failure(session, person_id, kind, network)
    if row is not None:
        row.count, row.at = row.count + 1, clock.utcnow()
        return row
    row = _add(session, person_id, kind, browser, network, is_new=False)
    _drop_oldest(session)
    return row


def recent_failure(session: Session, person_id: int | None, kind: SignInKind, network: str) -> SignIn | None:
    """The row that another failure of this kind, for this person, from this network would join."""
    same = (SignIn.kind == kind, SignIn.network == network, SignIn.person_id.is_not_distinct_from(person_id))
    fresh = select(SignIn).where(*same, SignIn.at > clock.utcnow() - TOGETHER)
    return session.scalars(fresh.order_by(SignIn.id.desc()).limit(1)).first()


def _add(
    session: Session, person_id: int | None, kind: SignInKind, browser: str, network: str, *, is_new: bool
) -> SignIn:
    row = SignIn(at=clock.utcnow(), person_id=person_id, kind=kind, is_new=is_new, browser=browser[:200])
    row.network, row.count = network[:64], 1
    session.add(row)
    session.flush()
    return row


def _drop_oldest(session: Session) -> None:
    newest = session.scalar(select(func.max(SignIn.id))) or 0
    old = SignIn.id <= newest - MOST_FAILURES
    session.execute(delete(SignIn).where(old, SignIn.kind.in_(FAILURES)))


def last_success(session: Session, person_id: int) -> SignIn | None:
    theirs = select(SignIn).where(SignIn.person_id == person_id, SignIn.kind.not_in(FAILURES))
    return session.scalars(theirs.order_by(SignIn.id.desc()).limit(1)).first()


def latest(session: Session, person_id: int, limit: int = 10) -> list[SignIn]:
    """A person's sign-ins and failures, newest first."""
    theirs = select(SignIn).where(SignIn.person_id == person_id)
    return list(session.scalars(theirs.order_by(SignIn.at.desc(), SignIn.id.desc()).limit(limit)))


def note_news(session: Session, person_id: int) -> None:
    """Every page says that something of their access changed, until they have read it."""
    _set_news(session, person_id, True)


def mark_read(session: Session, person_id: int) -> None:
    _set_news(session, person_id, False)


def _set_news(session: Session, person_id: int, is_news: bool) -> None:
    """The version stays: nobody who edits the person has to look again because of it."""
    values = {"has_access_news": is_news, "version": Person.version}
    session.execute(update(Person).where(Person.id == person_id).values(values))


def _tell(session: Session, person: Person, row: SignIn) -> None:
    if person.telegram_id is None:
        return
    outbox.enqueue(
        session,
        key=f"new_browser:{row.id}",
        kind=MessageKind.REPLY_NEW_BROWSER,
        chat_id=person.telegram_id,
        stream=outbox.chat_stream(person.telegram_id),
        arguments=NewBrowser(language=person.language, browser=row.browser, network=row.network),
        person_id=person.id,
    )
