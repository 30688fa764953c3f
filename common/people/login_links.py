"""Login links: staff who linked Telegram sign in by a message. A link works once, in the asking browser, for 5 minutes.

The answer to a request is always the same, so it does not reveal which names exist. The code is stored as its digest;
the message's row drops the code as soon as it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from common import audit, clock
from common.database.models import Login, LoginLink, OutboxRow, Person, Via
from common.facts.messages import LoginLinkSent
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import logins
from common.people.access import revocation
from common.permissions import Action, Actor, may
from common.signing import digest, fresh_code

KIND = MessageKind.REPLY_LOGIN_LINK
LIFE = KIND.spec.expires
MOST_UNUSED, DAY = 3, timedelta(days=1)


@dataclass(frozen=True)
class Asking:
    """Who asks for a link.

    Args:
        cookie: the value of the asking browser's cookie; no other browser can use the link.
        browser: its name, for the message; empty if it is not known.
        network: where it asks from.
        desk_url: the desk's address, from the settings, never from a stranger's request.
    """

    cookie: str
    browser: str
    network: str
    desk_url: str


def send_link(session: Session, username: str, asking: Asking, *, is_known: bool) -> None:
    """Send a link to the member of staff with this name, if they may come in and have linked Telegram.

    Strangers who use the name can have few links sent: one at a time, and few a day that are not used.

    Args:
        is_known: whether the person has signed in in that browser before; its new link takes the place of the others.
    """
    person = _staff_named(session, username)
    if person is None or person.telegram_id is None:
        return
    if is_known:
        _end_links(session, person)
    elif _has_enough_links(session, person):
        return
    code, now = fresh_code(), clock.utcnow()
    link = LoginLink(
        digest=digest(code),
        person_id=person.id,
        browser_digest=digest(asking.cookie),
        chat_id=person.telegram_id,
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
        arguments=LoginLinkSent(
            url=f"{asking.desk_url.rstrip('/')}/login/link/{code}",
            link=link.digest,
            browser=asking.browser,
            network=asking.network,
        ),
        person_id=person.id,
    )


def _end_links(session: Session, person: Person) -> None:
    now = clock.utcnow()
    session.execute(update(LoginLink).where(*_unused(person), LoginLink.expires_at > now).values(expires_at=now))


def _has_enough_links(session: Session, person: Person) -> bool:
    """Whether one is waiting to be used, or too many of the last day were not."""
    now = clock.utcnow()
    unused = select(LoginLink.expires_at).where(*_unused(person), LoginLink.created_at > now - DAY)
    ends = session.scalars(unused.limit(MOST_UNUSED)).all()
    return len(ends) >= MOST_UNUSED or any(end > now for end in ends)


def _unused(person: Person) -> tuple[ColumnElement[bool], ...]:
    return LoginLink.person_id == person.id, LoginLink.used_at.is_(None)


def _key(link: LoginLink) -> str:
    return f"login_link:{link.digest}"


def _staff_named(session: Session, username: str) -> Person | None:
    """The person, locked: requests at the same time are answered one after the other."""
    named = (Login.username == logins.normal_name(username), Person.archived_at.is_(None))
    found = session.scalar(select(Person).join(Login).where(*named).with_for_update(of=Person))
    return found if found is not None and may(found.role, Action.DESK_SEE) else None


def find(session: Session, code: str, browser: str) -> LoginLink | None:
    """The link of this code, if this browser asked for it and it is still good. Looking does not use it up."""
    link = session.scalar(select(LoginLink).where(*_of(code, browser)).execution_options(populate_existing=True))
    return link if link is not None and is_good(link) else None


def _of(code: str, browser: str) -> tuple[ColumnElement[bool], ...]:
    return LoginLink.digest == digest(code), LoginLink.browser_digest == digest(browser)


def is_good(link: LoginLink) -> bool:
    """Whether the link can still be used; only while the chat that it was sent to is the person's."""
    fresh = link.used_at is None and link.expires_at > clock.utcnow() and link.chat_id == link.person.telegram_id
    return fresh and link.person.archived_at is None and may(link.person.role, Action.DESK_SEE)


def use_link(session: Session, code: str, browser: str) -> LoginLink | None:
    """Use the link up: its browser may be signed in. None: it is not or no longer good."""
    person_id = session.scalar(select(LoginLink.person_id).where(*_of(code, browser)))
    if person_id is None:
        return None
    revocation.lock(session, person_id)
    link = find(session, code, browser)
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
    return link
