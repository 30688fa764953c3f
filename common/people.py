"""People: how they join, what they speak, how they leave."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database import changed
from common.errors import InvalidInput, NotFound
from common.models import Invitation, Person, Role, StaffSession
from common.permissions import Action, Actor, require
from common.signing import digest, fresh_code
from common.variables import LANGUAGES

INVITATION_LIFE = timedelta(hours=24)
MAX_NAME = 80
_BY_TELEGRAM = select(Person).where(Person.telegram_id == bindparam("telegram_id"))  # built once: every update asks it


def by_telegram(session: Session, telegram_id: int) -> Person | None:
    """Who this Telegram user is to us; archived people too."""
    return session.scalar(_BY_TELEGRAM, {"telegram_id": telegram_id})


def clean_name(name: str) -> str:
    """Raises: InvalidInput `name`."""
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= MAX_NAME or not cleaned.isprintable():
        raise InvalidInput("name", most=MAX_NAME)
    return cleaned


def clean_language(language: str) -> str:
    """Raises: InvalidInput `language`."""
    if language not in LANGUAGES:
        raise InvalidInput("language")
    return language


def add_person(
    session: Session, *, name: str, role: Role, language: str, telegram_id: int | None = None, chosen: bool = False
) -> Person:
    """Raises: InvalidInput `name`, `language`."""
    person = Person(
        name=clean_name(name),
        role=role,
        language=clean_language(language),
        language_chosen=chosen,
        telegram_id=telegram_id,
        created_at=clock.utcnow(),
    )
    session.add(person)
    session.flush()
    changed(session)
    return person


def invite(
    session: Session, actor: Actor, *, name: str, role: Role = Role.MECHANIC, language: str | None = None
) -> tuple[Invitation, str]:
    """A one-time invitation, good for a day.

    Returns:
        The row and the code. The code is stored only as its digest: show it now or never.

    Raises:
        InvalidInput: `name`, `language`. NotAllowed.
    """
    require(actor, Action.PEOPLE_INVITE)
    code = fresh_code()
    now = clock.utcnow()
    invitation = Invitation(
        digest=digest(code),
        name=clean_name(name),
        role=role,
        language=clean_language(language) if language else None,
        created_by=actor.person_id,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    session.add(invitation)
    session.flush()
    changed(session)
    return invitation, code


def revoke_invitation(session: Session, actor: Actor, invitation_id: int) -> None:
    """Raises: NotFound, NotAllowed."""
    require(actor, Action.PEOPLE_INVITE)
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound("invitation", invitation_id)
    invitation.revoked_at = clock.utcnow()
    changed(session)


def accept_invitation(session: Session, code: str, *, telegram_id: int, language: str) -> Person | None:
    """Join by an invitation, once. None: there is none of this code, or it is used, revoked or expired.

    The same person opening their own used link again is simply welcomed. `language` is a guess until one is chosen.
    """
    now = clock.utcnow()
    invitation = session.scalar(select(Invitation).where(Invitation.digest == digest(code)).with_for_update())
    if invitation is None:
        return None
    known = by_telegram(session, telegram_id)
    if known is not None and (invitation.used_by == known.id):
        return None if known.archived_at else known
    if invitation.used_at or invitation.revoked_at or invitation.expires_at <= now:
        return None
    person = known or add_person(
        session,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language or language,
        telegram_id=telegram_id,
        chosen=invitation.language is not None,
    )
    if person.archived_at:  # back by this invitation, hence as what it says: it may not hand an old role back
        person.archived_at, person.role = None, invitation.role
    invitation.used_at, invitation.used_by = now, person.id
    changed(session)
    return person


def choose_language(session: Session, person: Person, language: str) -> None:
    """Raises: InvalidInput `language`."""
    person.language, person.language_chosen = clean_language(language), True
    changed(session)


def archive(session: Session, actor: Actor, person_id: int) -> Person:
    """Close somebody's access: out at the next tap, signed out of the desk. Raises: NotFound, NotAllowed."""
    require(actor, Action.PEOPLE_ARCHIVE)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person", person_id)
    person.archived_at = clock.utcnow()
    session.execute(update(StaffSession).where(StaffSession.person_id == person_id).values(revoked_at=clock.utcnow()))
    changed(session)
    return person


def restore(session: Session, actor: Actor, person_id: int) -> Person:
    """Raises: NotFound, NotAllowed."""
    require(actor, Action.PEOPLE_ARCHIVE)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person", person_id)
    person.archived_at = None
    changed(session)
    return person
