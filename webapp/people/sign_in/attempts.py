"""An attempt to prove who one is by a password: counted before it is verified, and slowed down after failures.

A browser in which the person has signed in before is counted by itself: strangers who fail do not stop its owner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.people import logins
from common.signing import digest
from common.throttling import counting
from common.throttling.limits import CountKey, Kind
from webapp.people.sign_in import browser_cookie, passwords
from webapp.web.callers import client, sessions
from webapp.web.context import desk, maybe_reader


@dataclass(frozen=True)
class RightPassword:
    """The password belongs to the name. The hashes: of the one that was verified, and of the one to keep."""

    person_id: int
    password_hash: str = field(repr=False)
    fresh_hash: str = field(repr=False)


@dataclass(frozen=True)
class WrongPassword:
    """The name is unknown or the password is wrong. `person_id`: whom the name belongs to, for the log; never told."""

    person_id: int | None


@dataclass(frozen=True)
class Paused:
    """Not looked at: there were too many failures. `person_id` as above."""

    person_id: int | None
    pause: timedelta


Attempt = RightPassword | WrongPassword | Paused


def try_password(username: str, password: str) -> Attempt:
    """Verify a password for a name, unless this client has to wait.

    Nothing is written for whoever has to wait. 503 if too many passwords are being verified.
    """
    with desk().database.read() as session:
        person_id, password_hash = logins.find(session, username)
        browser = _known_browser(session, person_id)
        buckets = _buckets(username, browser)
        if pause := counting.pause_of(session, buckets):
            return Paused(person_id, pause)
    with passwords.verifying(known=browser is not None):
        with desk().write("throttle", durable=False) as session:
            if pause := counting.reserve(session, buckets):
                return Paused(person_id, pause)
        fits = logins.password_matches(password, password_hash) and person_id is not None
        fresh_hash = logins.fresh_hash(password, password_hash) if fits else ""
    if not fits or person_id is None:
        return WrongPassword(person_id)
    _forgive(buckets)
    return RightPassword(person_id, password_hash, fresh_hash)


def _buckets(username: str, browser: str | None) -> list[CountKey]:
    """Who is counted: a known browser by itself, a stranger by name and network."""
    name, network = logins.normal_name(username), client.network()
    if browser is not None:
        return [CountKey(Kind.PASSWORD_BROWSER, f"{name} {browser}")]
    return [
        CountKey(Kind.PASSWORD, f"{name} {network}"),
        CountKey(Kind.PASSWORD_NETWORK, network),
        CountKey(Kind.PASSWORD_NAME, name),
    ]


def _known_browser(session: Session, person_id: int | None) -> str | None:
    """The digest of the browser if it is known for this person: by its session, or by an earlier sign-in."""
    who = maybe_reader()
    if who is not None and who.person_id == person_id:
        return digest(sessions.session_token() or "")
    return browser_cookie.known(session, person_id)


def _forgive(buckets: list[CountKey]) -> None:
    """The attempt succeeded: it does not count, nor do those before it of the same name and network."""
    with desk().write("throttle", durable=False) as session:
        counting.take_back(session, buckets[1:])
        counting.clear(session, buckets[0])


def paused_page(page: Response, pause: timedelta) -> Response:
    """The page as the answer to somebody who has to wait."""
    page.status_code = 429
    page.headers["Retry-After"] = str(math.ceil(pause.total_seconds()))
    return page
