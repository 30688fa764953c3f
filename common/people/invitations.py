"""Invitations: one-time codes that admit a new person, or link an existing person's Telegram account.

A code is shown once and stored only as its digest. Its holder may be told why it is no longer good, because a code is
too long to be guessed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common import audit, clock
from common.database.models import Invitation, InvitationWay, Person, Role, Via
from common.errors import Forbidden, InvalidInput, NotFound
from common.people import join_requests, logins, people, rights
from common.people.access import revocation
from common.people.access.revocation import AccessChange
from common.permissions import Action, Actor, require
from common.signing import digest, fresh_code

LIFE = timedelta(hours=24)
OWN_LIFE = timedelta(minutes=15)  # the link for one's own Telegram: the phone is at hand


class RefusalReason(enum.StrEnum):
    """Why a code is refused."""

    UNKNOWN = "unknown"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"
    TAKEN = "taken"  # the Telegram account belongs to another person of the station


@dataclass(frozen=True)
class InvitationRefused:
    why: RefusalReason


InvitationWithCode = tuple[Invitation, str]


def invite(
    session: Session,
    actor: Actor,
    *,
    name: str,
    role: Role = Role.MECHANIC,
    language: str | None = None,
    way: InvitationWay = InvitationWay.CHAT,
) -> InvitationWithCode:
    """Invite a new person; the code is good once, for a day.

    Returns:
        The row and the code, which cannot be shown later.

    Raises:
        InvalidInput: `name`, `language`. Forbidden.
    """
    _require_may_invite(actor, role)
    name, language = people.clean_name(name), people.clean_language(language) if language else None
    return _create(session, actor, Invitation(name=name, role=role, language=language, way=way), LIFE)


def invite_again(session: Session, actor: Actor, person_id: int) -> InvitationWithCode:
    """A link for an existing person whom the bot cannot reach: it moves them to the chat that opens it.

    Raises: NotFound, Forbidden.
    """
    person = session.get(Person, person_id)
    if person is None or person.archived_at is not None:
        raise NotFound("person", person_id)
    _require_other(actor, person)
    _require_may_invite(actor, person.role)
    return _replace_link(session, actor, person, LIFE)


def invite_to_desk(session: Session, actor: Actor, person_id: int) -> InvitationWithCode:
    """A link with which a member of staff chooses a username and a password, first or new ones.

    Raises: NotFound, Forbidden, InvalidInput `no_staff`.
    """
    require(actor, Action.PEOPLE_STAFF)
    person = session.get(Person, person_id)
    if person is None or person.archived_at is not None:
        raise NotFound("person", person_id)
    _require_other(actor, person)
    if not rights.is_staff(person.role):
        raise InvalidInput("no_staff")
    return _replace_link(session, actor, person, LIFE, InvitationWay.DESK)


def link_own(session: Session, actor: Actor, browser: str = "") -> InvitationWithCode:
    """A link for the actor's own Telegram account. Raises: Forbidden.

    Args:
        browser: the name of the browser that asks, such as `Chrome, Linux`; empty if it is not known.
    """
    require(actor, Action.DESK_SEE)
    made = _replace_link(session, actor, session.get_one(Person, actor.person_id), OWN_LIFE)
    made[0].browser = browser[:200]
    return made


def _require_other(actor: Actor, person: Person) -> None:
    """Whoever holds an open desk for a moment must not make themselves a lasting way in. Raises: Forbidden."""
    if person.id == actor.person_id:
        raise Forbidden("invitation.own", "a link for oneself is made on the page of one's account")


def _require_may_invite(actor: Actor, role: Role) -> None:
    """Raises: Forbidden."""
    require(actor, rights.inviting(role))


def _replace_link(
    session: Session, actor: Actor, person: Person, life: timedelta, way: InvitationWay = InvitationWay.CHAT
) -> InvitationWithCode:
    """End a person's earlier links: only the newest one is good."""
    former = (
        Invitation.person_id == person.id,
        Invitation.way == way,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    session.execute(update(Invitation).where(*former).values(revoked_at=clock.utcnow()))
    invitation = Invitation(name=person.name, role=person.role, language=person.language, way=way)
    invitation.person_id = person.id
    return _create(session, actor, invitation, life)


def _create(session: Session, actor: Actor, invitation: Invitation, life: timedelta) -> InvitationWithCode:
    code, now = fresh_code(), clock.utcnow()
    invitation.digest, invitation.created_by = digest(code), actor.person_id
    invitation.created_at, invitation.expires_at = now, now + life
    session.add(invitation)
    session.flush()
    _record(session, actor, "invitation.made", invitation)
    return invitation, code


def _record(session: Session, actor: Actor, kind: str, invitation: Invitation) -> None:
    told = {"role": invitation.role.value, "way": invitation.way.value, "person": invitation.person_id}
    audit.record(session, actor, kind, subject_id=invitation.id, name=invitation.name, arguments=told)


def revoke(session: Session, actor: Actor, invitation_id: int) -> None:
    """Raises: NotFound, Forbidden."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound("invitation", invitation_id)
    if not rights.made_by(actor, invitation):
        _require_may_invite(actor, invitation.role)
    invitation.revoked_at = clock.utcnow()
    session.flush()
    _record(session, actor, "invitation.withdrawn", invitation)


def open_invitations(session: Session, limit: int = 50) -> list[Invitation]:
    """The invitations that can still be used, newest first."""
    unused = select(Invitation).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    live = unused.where(Invitation.expires_at > clock.utcnow()).order_by(Invitation.id.desc())
    return list(session.scalars(live.limit(limit)))


def look_up(session: Session, code: str, way: InvitationWay, *, lock: bool = False) -> Invitation | InvitationRefused:
    """The open invitation of a code, or the reason why it is refused."""
    of_it = (Invitation.digest == digest(code), Invitation.way == way)
    if lock and (person_id := session.scalar(select(Invitation.person_id).where(*of_it))) is not None:
        revocation.lock(session, person_id)  # first, as whoever ends a person's access does
    wanted = select(Invitation).where(*of_it)
    invitation = session.scalar(wanted.with_for_update() if lock else wanted)
    if invitation is None:
        return InvitationRefused(RefusalReason.UNKNOWN)
    why = _refusal_reason(session, invitation)
    return InvitationRefused(why) if why else invitation


def _refusal_reason(session: Session, invitation: Invitation) -> RefusalReason | None:
    if invitation.used_at is not None:
        return RefusalReason.USED
    if invitation.revoked_at is not None:
        return RefusalReason.REVOKED
    if invitation.expires_at <= clock.utcnow():
        return RefusalReason.EXPIRED
    return None if _is_still_right(session, invitation) else RefusalReason.REVOKED


def _is_still_right(session: Session, invitation: Invitation) -> bool:
    """Whether its person is still here, and its maker may still make it. The host at the shell always may."""
    person = session.get_one(Person, invitation.person_id) if invitation.person_id is not None else None
    if person is not None and person.archived_at is not None:
        return False
    maker = session.get_one(Person, invitation.created_by) if invitation.created_by is not None else None
    return maker is None or rights.may_still_make(maker, invitation, person)


def accept(session: Session, code: str, *, telegram_id: int, language: str) -> Person | InvitationRefused:
    """Join, or move one's chat, by an invitation, once. `language` is a guess until the person chooses one.

    Opening one's own used link again has no effect. A member who opens another person's link does not use it up.
    """
    invitation = look_up(session, code, InvitationWay.CHAT, lock=True)
    asked = join_requests.lock_request(session, telegram_id)
    known = people.by_telegram(session, telegram_id)
    if isinstance(invitation, InvitationRefused):
        return known if known and _is_used_by(session, code, known) else invitation
    if invitation.person_id is not None:
        person = _link_chat(session, invitation, invitation.person_id, known, telegram_id)
    elif known is not None and known.archived_at is None:
        return known
    else:
        person = known or _add_invited(session, invitation, language, telegram_id)
        if person.archived_at:  # returns with the invitation's role: it must not give an old role back
            person.archived_at, person.role = None, invitation.role
            revocation.end(session, person, AccessChange.RETURNED)
    if isinstance(person, Person):
        _mark_used(session, invitation, person)
        join_requests.settle(asked, invitation)
    return person


def _is_used_by(session: Session, code: str, known: Person) -> bool:
    theirs = select(Invitation.id).where(Invitation.digest == digest(code), Invitation.used_by == known.id)
    return known.archived_at is None and session.scalar(theirs) is not None


def _add_invited(session: Session, invitation: Invitation, language: str, telegram_id: int | None) -> Person:
    return people.add_person(
        session,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language or language,
        telegram_id=telegram_id,
        chosen=invitation.language is not None,
    )


def _link_chat(
    session: Session, invitation: Invitation, person_id: int, known: Person | None, telegram_id: int
) -> Person | InvitationRefused:
    """Move the person to their new chat. An archived person loses an account that another person has a link for."""
    person = session.get_one(Person, person_id)
    if known is not None and known.id != person.id:
        if known.archived_at is None:
            return InvitationRefused(RefusalReason.TAKEN)
        people.release_chat(session, known)
    invitation.used_at = clock.utcnow()  # first, because the new chat ends the person's other links
    people.link(session, person, telegram_id)
    return person


def _mark_used(session: Session, invitation: Invitation, person: Person) -> None:
    invitation.used_at, invitation.used_by = clock.utcnow(), person.id
    session.flush()
    via = Via.DESK if invitation.way is InvitationWay.DESK else Via.BOT
    is_own = invitation.created_by == person.id
    audit.record(
        session,
        Actor.of(person, via),
        "person.linked" if is_own else "person.joined",
        subject_id=person.id,
        name=person.name,
        version=person.version,
        arguments={"browser": invitation.browser} if invitation.browser else None,
    )


def _staff_member(session: Session, invitation: Invitation, language: str) -> Person | None:
    """A new person, or the link's person; None if the latter is no longer a member of staff."""
    if invitation.person_id is None:
        return _add_invited(session, invitation, language, None)
    person = session.get_one(Person, invitation.person_id)
    return person if person.archived_at is None and rights.is_staff(person.role) else None


def accept_at_desk(
    session: Session, code: str, *, username: str, password: str, language: str, station: str = ""
) -> Person | InvitationRefused:
    """Join the staff by an invitation, once, with one's chosen username and password.

    Raises:
        InvalidInput: see `logins.set_password`; the caller rolls back.
    """
    invitation = look_up(session, code, InvitationWay.DESK, lock=True)
    if isinstance(invitation, InvitationRefused):
        return invitation
    person = _staff_member(session, invitation, language)
    if person is None:
        return InvitationRefused(RefusalReason.REVOKED)
    invitation.used_at = clock.utcnow()  # first, because the new password ends the person's other links
    logins.set_password(session, person, username, password, station=station)
    _mark_used(session, invitation, person)
    return person
