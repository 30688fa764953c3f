"""What a token may be used for: a scope opens some actions, and its person's role still has to allow each of them."""

from __future__ import annotations

import enum

from common.permissions import Action


class Scope(enum.StrEnum):
    ORDERS_READ = "orders:read"  # orders with their lines, timeline, talk and receipts
    ORDERS_WRITE = "orders:write"  # place and serve orders, write to mechanics
    PEOPLE_READ = "people:read"  # who is here, who is invited, who asks to join
    PEOPLE_WRITE = "people:write"  # invite, let in, archive
    CATALOGUE_READ = "catalogue:read"  # categories and parts
    CATALOGUE_WRITE = "catalogue:write"  # change them


SCOPE_ACTIONS: dict[Scope, frozenset[Action]] = {
    Scope.ORDERS_READ: frozenset({Action.DESK_SEE}),
    Scope.ORDERS_WRITE: frozenset(
        {
            Action.ORDER_PLACE_FOR,
            Action.ORDER_MOVE,
            Action.LINE_CHANGE,
            Action.QUESTION_ASK,
            Action.MESSAGE_WRITE,
            Action.ORDER_ASSIGN,
            Action.NOTE_WRITE,
            Action.REPLY_EDIT,
            Action.SLIP_PRINT,
            Action.VIEW_SAVE,
            Action.REQUEST_DECIDE,
            Action.MESSAGE_REPAIR,
        }
    ),
    Scope.PEOPLE_READ: frozenset({Action.PEOPLE_SEE, Action.PEOPLE_INVITE, Action.PEOPLE_ADMIT}),
    Scope.PEOPLE_WRITE: frozenset(
        {
            Action.PEOPLE_INVITE,
            Action.PEOPLE_STAFF,
            Action.PEOPLE_ADMIT,
            Action.PEOPLE_ARCHIVE,
            Action.PEOPLE_CHANGE,
            Action.ROLE_CHANGE,
            Action.SESSION_CLOSE,
        }
    ),
    Scope.CATALOGUE_READ: frozenset({Action.CATALOGUE_SEE}),
    Scope.CATALOGUE_WRITE: frozenset({Action.CATALOGUE_CHANGE}),
}
