"""The action needed to invite or change a person: more for staff than for mechanics. Oneself counts as a mechanic."""

from __future__ import annotations

from common.database.models import Invitation, InvitationWay, Person, Role
from common.permissions import Action, Actor, may


def inviting(role: Role) -> Action:
    """The action needed to invite a person of this role, or to give an existing person a new link."""
    return Action.PEOPLE_INVITE if role is Role.MECHANIC else Action.PEOPLE_STAFF


def changing(actor: Actor, person: Person) -> Action:
    """The action needed to change a person's name, language and notices."""
    is_simple = person.role is Role.MECHANIC or person.id == actor.person_id
    return Action.PEOPLE_CHANGE if is_simple else Action.PEOPLE_STAFF


def made_by(actor: Actor, invitation: Invitation) -> bool:
    """Whether the actor made the invitation: they may revoke it even if their role has changed."""
    return actor.person_id is not None and invitation.created_by == actor.person_id


def may_still_make(maker: Person, invitation: Invitation, person: Person | None) -> bool:
    """Whether the maker of an invitation may make it now as well. `person`: the known person it is for, as they are."""
    if maker.archived_at is not None:
        return False
    if person is not None and person.id == maker.id:
        return may(maker.role, Action.DESK_SEE)
    if invitation.way is InvitationWay.DESK:
        return may(maker.role, Action.PEOPLE_STAFF)
    return may(maker.role, inviting(person.role if person is not None else invitation.role))


def may_invite(actor: Actor, role: Role) -> bool:
    return may(actor.role, inviting(role))


def may_revoke(actor: Actor, invitation: Invitation) -> bool:
    return made_by(actor, invitation) or may_invite(actor, invitation.role)


def is_staff(role: Role) -> bool:
    """Whether people of this role work at the desk; other people use only the chat."""
    return may(role, Action.DESK_SEE)
