"""Login links: staff who linked Telegram sign in by a message. A link works once, in the asking browser, for 5 minutes.

The answer to a request is always the same, so it does not reveal which names exist. The code is stored as its digest;
the message's row drops the code as soon as it is used.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common import audit, clock
from common.database.models import Login, LoginAttempt, LoginLink, OutboxRow, Person, Via
from common.facts.messages import LoginLinkSent
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import logins
from common.permissions import Action, Actor, may
from common.signing import digest, fresh_code

KIND = MessageKind.REPLY_LOGIN_LINK
LIFE = KIND.spec.expires
WINDOW, MOST_PER_NAME, MOST_PER_ADDRESS = timedelta(minutes=15), 3, 20


def send_link(session: Session, username: str, address: str, *, browser: str, desk_url: str) -> None:
    """Send a link to the member of staff with this name, if they may come in and have linked Telegram.

    Args:
        browser: the value of the asking browser's cookie; no other browser can use the link.
        desk_url: the desk's address, from the settings, never from a stranger's request.
    """
    is_throttled = _throttle(session, username, address)
    person = _staff_named(session, username)
    if is_throttled or person is None or person.telegram_id is None:
        return
    code, now = fresh_code(), clock.utcnow()
    link = LoginLink(
        digest=digest(code),
        person_id=person.id,
        browser_digest=digest(browser),
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(link)
    session.flush()
    outbox.enqueue(
        session,
        key=_key(link),
        kind=KIND,
        chat_id=person.telegram_id,
        stream=outbox.chat_stream(person.telegram_id),
        arguments=LoginLinkSent(url=f"{desk_url.rstrip('/')}/login/link/{code}", link=link.digest),
        person_id=person.id,
    )


def _key(link: LoginLink) -> str:
    return f"login_link:{link.digest}"


def _throttle(session: Session, username: str, address: str) -> bool:
    """Count this request, whatever its name. Returns whether there were too many before it."""
    now, too_many = clock.utcnow(), False
    for kind, value, most in (("link", username, MOST_PER_NAME), ("link address", address, MOST_PER_ADDRESS)):
        subject = logins.throttle_subject(kind, value)
        count = session.scalar(
            select(func.count()).where(LoginAttempt.subject == subject, LoginAttempt.at > now - WINDOW)
        )
        too_many = too_many or (count or 0) >= most
        session.add(LoginAttempt(subject=subject, at=now))
    return too_many


def _staff_named(session: Session, username: str) -> Person | None:
    name = username.strip().lower()[:64]
    found = session.scalar(select(Person).join(Login).where(Login.username == name, Person.archived_at.is_(None)))
    return found if found is not None and may(found.role, Action.DESK_SEE) else None


def find(session: Session, code: str, browser: str, *, lock: bool = False) -> LoginLink | None:
    """The link of this code, if this browser asked for it and it is still good. Looking does not use it up."""
    wanted = select(LoginLink).where(LoginLink.digest == digest(code), LoginLink.browser_digest == digest(browser))
    link = session.scalar(wanted.with_for_update() if lock else wanted)
    return link if link is not None and is_good(link) else None


def is_good(link: LoginLink) -> bool:
    """Whether the link can still be used."""
    fresh = link.used_at is None and link.expires_at > clock.utcnow()
    return fresh and link.person.archived_at is None and may(link.person.role, Action.DESK_SEE)


def sign_in(session: Session, code: str, browser: str, agent: str) -> str | None:
    """Sign the browser in, once. Returns the session's cookie, None if the link is not or no longer good."""
    link = find(session, code, browser, lock=True)
    if link is None:
        return None
    link.used_at = clock.utcnow()
    sent = session.scalar(select(OutboxRow).where(OutboxRow.key == _key(link)))
    if sent is not None:
        sent.arguments = LoginLinkSent().stored()
    person = link.person
    audit.record(
        session,
        Actor.of(person, Via.DESK),
        "person.link_used",
        subject_id=person.id,
        name=person.name,
        version=person.version,
    )
    return logins.open_session(session, person.id, agent)
