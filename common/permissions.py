"""Who may do what: one table, read by pages, bot, API and docs."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from common.database.models import Person, Role, Via
from common.errors import Forbidden


class Action(enum.StrEnum):
    ORDER_PLACE = "order.place"
    ORDER_PLACE_FOR = "order.place_for"  # at the counter, for another person
    ORDER_CHANGE_OWN = "order.change_own"  # until it is taken; afterwards the change is a request
    QUESTION_ANSWER = "question.answer"  # about one's own order
    DESK_SEE = "desk.see"
    ORDER_MOVE = "order.move"
    ORDER_ASSIGN = "order.assign"  # to oneself or to another person who serves orders
    LINE_CHANGE = "line.change"
    QUESTION_ASK = "question.ask"
    MESSAGE_WRITE = "message.write"  # to the mechanic, in the order
    REPLY_EDIT = "reply.edit"  # the quick replies that all staff may pick
    NOTE_WRITE = "note.write"  # for the desk only
    REQUEST_DECIDE = "request.decide"
    MESSAGE_REPAIR = "message.repair"
    SLIP_PRINT = "slip.print"
    PEOPLE_SEE = "people.see"
    PEOPLE_INVITE = "people.invite"  # mechanics, by a link: new ones, and existing ones who lost their chat
    PEOPLE_STAFF = "people.staff"  # the same, for storekeepers and managers
    PEOPLE_ADMIT = "people.admit"  # strangers who ask to join
    PEOPLE_ARCHIVE = "people.archive"
    PEOPLE_CHANGE = "people.change"  # a mechanic's name, language and notices; with `people.staff` those of any person
    ROLE_CHANGE = "role.change"
    SESSION_CLOSE = "session.close"  # another person's browsers
    AUDIT_SEE = "audit.see"
    CATALOGUE_SEE = "catalogue.see"
    CATALOGUE_CHANGE = "catalogue.change"
    VIEW_SAVE = "view.save"  # one's own named lists of orders, private or for the whole desk
    VIEW_MANAGE = "view.manage"  # saved lists that others made for the whole desk
    ORDER_EXPORT = "order.export"  # as a file that leaves the desk
    SYSTEM_SEE = "system.see"


_MECHANIC = frozenset({Action.ORDER_PLACE, Action.ORDER_CHANGE_OWN, Action.QUESTION_ANSWER})
_STOREKEEPER = _MECHANIC | {
    Action.DESK_SEE,
    Action.ORDER_MOVE,
    Action.ORDER_PLACE_FOR,
    Action.ORDER_ASSIGN,
    Action.LINE_CHANGE,
    Action.QUESTION_ASK,
    Action.MESSAGE_WRITE,
    Action.NOTE_WRITE,
    Action.REQUEST_DECIDE,
    Action.MESSAGE_REPAIR,
    Action.SLIP_PRINT,
    Action.PEOPLE_SEE,
    Action.PEOPLE_INVITE,
    Action.PEOPLE_CHANGE,
    Action.CATALOGUE_SEE,
    Action.VIEW_SAVE,
    Action.ORDER_EXPORT,
    Action.SYSTEM_SEE,
}
ALLOWED: dict[Role, frozenset[Action]] = {
    Role.MECHANIC: _MECHANIC,
    Role.STOREKEEPER: _STOREKEEPER,
    Role.MANAGER: _STOREKEEPER
    | {
        Action.PEOPLE_STAFF,
        Action.PEOPLE_ADMIT,
        Action.PEOPLE_ARCHIVE,
        Action.ROLE_CHANGE,
        Action.SESSION_CLOSE,
        Action.AUDIT_SEE,
        Action.CATALOGUE_CHANGE,
        Action.VIEW_MANAGE,
        Action.REPLY_EDIT,
    },
}


@dataclass(frozen=True)
class Actor:
    """The person who acts, and the channel they use."""

    person_id: int | None
    role: Role
    via: Via

    @classmethod
    def of(cls, person: Person, via: Via) -> Actor:
        return cls(person.id, person.role, via)


def may(role: Role, action: Action) -> bool:
    return action in ALLOWED[role]


def roles_that(action: Action) -> list[Role]:
    return [role for role in Role if may(role, action)]


def require(actor: Actor, action: Action) -> None:
    """Raises: Forbidden."""
    if not may(actor.role, action):
        raise Forbidden(action.value, f"a {actor.role.value} may not")
