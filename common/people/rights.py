"""What it takes to invite or to change somebody: of mechanics less than of staff, and oneself always as a mechanic."""

from __future__ import annotations

from common.database.models import Invitation, Person, Role
from common.permissions import Action, Actor, may


def inviting(role: Role) -> Action:
    """What it takes to invite somebody of this role, and to give somebody who is here a new link."""
    return Action.PEOPLE_INVITE if role is Role.MECHANIC else Action.PEOPLE_STAFF


def changing(actor: Actor, person: Person) -> Action:
    """What it takes to change a person's name, language and notices."""
    is_simple = person.role is Role.MECHANIC or person.id == actor.person_id
    return Action.PEOPLE_CHANGE if is_simple else Action.PEOPLE_STAFF


def made_by(actor: Actor, invitation: Invitation) -> bool:
    """Whether the invitation is the actor's own, to take back whatever their role has become."""
    return actor.person_id is not None and invitation.created_by == actor.person_id


def may_invite(actor: Actor, role: Role) -> bool:
    return may(actor.role, inviting(role))


def may_revoke(actor: Actor, invitation: Invitation) -> bool:
    return made_by(actor, invitation) or may_invite(actor, invitation.role)


def is_staff(role: Role) -> bool:
    """Whether people of this role work at the desk; the others only in the chat."""
    return may(role, Action.DESK_SEE)
