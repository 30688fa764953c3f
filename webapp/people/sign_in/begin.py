"""The one place where a browser is signed in, whatever proved who its person is; and where failures are noted."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.database.models import Person, SignInKind
from common.people import logins
from common.people.access import sign_ins
from webapp.people.sign_in import browser_cookie
from webapp.people.sign_in.attempts import Paused, WrongPassword
from webapp.web.callers import client, sessions
from webapp.web.context import desk
from webapp.wording import browsers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewSession:
    """The values of two cookies: of the session, and of the browser that is known from now on."""

    token: str
    browser: str

    def set_cookies(self, answer: Response) -> None:
        sessions.set_cookie(answer, self.token)
        browser_cookie.set_cookie(answer, self.browser)


def open_session(session: Session, person: Person, kind: SignInKind, chat_id: int | None = None) -> NewSession:
    """Sign this browser in. Its former session ends, and the sign-in is recorded.

    Args:
        chat_id: the chat whose link signs it in.
    """
    former, network = sessions.session_token(), client.network()
    if former is not None:
        logins.close_session(session, former)
    is_known = browser_cookie.known(session, person.id) is not None
    sign_ins.record_success(session, person, kind, browser=browser_here(), network=network, is_known=is_known)
    log.info("Person %s signed in by %s from %s", person.id, kind.value, network)
    token = logins.open_session(session, person.id, request.user_agent.string, chat_id)
    return NewSession(token, browser_cookie.remember(session, person.id))


def note_failure(attempt: WrongPassword | Paused) -> None:
    """Log and record a refused attempt; of those who have to wait, one for each network and quarter of an hour."""
    kind = SignInKind.PAUSED if isinstance(attempt, Paused) else SignInKind.FAILED
    person_id, network = attempt.person_id, client.network()
    whose = f"of person {person_id}" if person_id is not None else "with an unknown name"
    log.warning("A sign-in %s from %s was refused: %s", whose, network, kind.value)
    if kind is SignInKind.PAUSED and _is_noted(person_id, kind, network):
        return
    with desk().write("sign_in", durable=False) as session:
        sign_ins.record_failure(session, person_id, kind, browser=browser_here(), network=network)


def _is_noted(person_id: int | None, kind: SignInKind, network: str) -> bool:
    with desk().database.read() as session:
        return sign_ins.recent_failure(session, person_id, kind, network) is not None


def browser_here() -> str:
    """The name of the browser that asks; empty if we do not know it."""
    return browsers.known_name(request.user_agent.string)
