"""A fresh proof of who one is, before a change that makes lasting access: a session may be somebody else's by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from common import clock
from common.database.models import Login, Person, StaffSession
from common.i18n import gettext
from common.people import login_links
from webapp.people.sign_in import attempts, begin
from webapp.web.context import desk, reader
from webapp.wording import times


@dataclass(frozen=True)
class NotProved:
    """Why the proof is refused, in words; `pause`: how long they have to wait."""

    why: str
    pause: timedelta | None = None


def check_password(present: str) -> NotProved | None:
    """Whether it is the reader's present password; None: it is."""
    with desk().database.read() as session:
        login = session.get(Login, reader().person_id)
    attempt = attempts.try_password(login.username if login else "", present)
    if isinstance(attempt, attempts.RightPassword):
        return None
    begin.note_failure(attempt)
    if isinstance(attempt, attempts.Paused):
        return NotProved(times.pause(attempt.pause), attempt.pause)
    return NotProved(gettext("That is not your present password."))


def check(present: str) -> NotProved | None:
    """The same; whoever has just signed in by a link to their present chat needs no password."""
    with desk().database.read() as session:
        if has_fresh_link(session):
            return None
    return check_password(present)


def has_fresh_link(session: Session) -> bool:
    """Whether the reader's session was begun just now by a link to their present chat."""
    row = session.get(StaffSession, reader().session_digest)
    if row is None or row.chat_id is None or row.created_at <= clock.utcnow() - login_links.LIFE:
        return False
    return row.chat_id == session.get_one(Person, row.person_id).telegram_id
