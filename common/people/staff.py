"""Staff: their roles and their browsers. One manager always remains, even when roles change at the same time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common import audit, clock
from common.database import rows
from common.database.engine import bump_revision
from common.database.models import Login, Person, Role, StaffSession
from common.errors import InvalidInput, NotFound
from common.people import logins
from common.people.access import revocation
from common.people.access.revocation import AccessChange
from common.permissions import Action, Actor, require


def get(session: Session, person_id: int, *, lock: bool = False) -> Person:
    """The person, archived or not. Raises: NotFound."""
    wanted = select(Person).where(Person.id == person_id)
    person = session.scalar(wanted.with_for_update() if lock else wanted)
    if person is None:
        raise NotFound("person", person_id)
    return person


def first_logins(session: Session, limit: int) -> list[Login]:
    """The logins of the first people of the station, with their people."""
    wanted = select(Login).options(joinedload(Login.person)).order_by(Login.person_id).limit(limit)
    return list(session.scalars(wanted))


def change_role(session: Session, actor: Actor, person_id: int, role: Role, *, expected_version: int) -> Person:
    """Give another role, valid from the next click on; what it does not allow to hold ends.

    Raises:
        NotFound, Forbidden, StaleVersion. InvalidInput `last_manager`, `archived`.
    """
    require(actor, Action.ROLE_CHANGE)
    keep_a_manager(session, person_id if role is not Role.MANAGER else None)
    person = get(session, person_id, lock=True)
    rows.check_version(person, expected_version, "person")
    if person.archived_at is not None:
        raise InvalidInput("archived")
    if person.role is role:
        return person
    changes: audit.Changes = {"role": [person.role.value, role.value]}
    person.role = role
    revocation.end(session, person, revocation.of_role(role))
    record(session, actor, "person.role", person, {"changes": changes})
    return person


def keep_a_manager(session: Session, without: int | None) -> None:
    """Call it before a person stops being a manager: it locks all managers and requires another one.

    Raises: InvalidInput `last_manager`.
    """
    active = (Person.role == Role.MANAGER, Person.archived_at.is_(None))
    managers = set(session.scalars(select(Person.id).where(*active).order_by(Person.id).with_for_update()))
    if without in managers and len(managers) == 1:
        raise InvalidInput("last_manager")


def sign_out(session: Session, actor: Actor, person_id: int) -> Person:
    """Sign a person out of every browser: oneself, or with `session.close` anyone. Raises: NotFound, Forbidden."""
    if person_id != actor.person_id:
        require(actor, Action.SESSION_CLOSE)
    person = get(session, person_id)
    revocation.end(session, person, AccessChange.SIGNED_OUT)
    record(session, actor, "person.signed_out", person)
    return person


def end_all_access(session: Session, actor: Actor) -> None:
    """End every session, link, invitation and token of the station. Passwords and linked chats stay."""
    revocation.end_all(session)
    audit.record(session, actor, "person.all_signed_out")


def browsers(session: Session, person_id: int, limit: int = 50) -> list[StaffSession]:
    """The signed-in browsers, last used first."""
    now = clock.utcnow()
    live = (
        StaffSession.person_id == person_id,
        StaffSession.revoked_at.is_(None),
        StaffSession.expires_at > now,
        StaffSession.seen_at > now - logins.IDLE_LIFE,
    )
    return list(session.scalars(select(StaffSession).where(*live).order_by(StaffSession.seen_at.desc()).limit(limit)))


def record(
    session: Session, actor: Actor, kind: str, person: Person, arguments: dict[str, object] | None = None
) -> None:
    """Record a change of a person in the audit."""
    audit.record(
        session, actor, kind, subject_id=person.id, name=person.name, version=person.version, arguments=arguments
    )
    bump_revision(session)
