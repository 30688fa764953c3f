"""Orders: their states, the allowed moves, the permissions for them, the notices."""

from __future__ import annotations

from collections.abc import Mapping

from common.database.models import LineState, OrderState, Role
from common.events.kinds import Audience, EventKind
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Family
from common.orders.lines import ALLOWED_WHILE, CHANGES
from common.orders.moves import TRANSITIONS
from common.orders.states import CHANGED_AT_ONCE, CHANGED_ON_REQUEST
from common.permissions import Action, may
from common.talk.change_requests import Wish
from docs.markdown import code, codes, table
from docs.source import comments


def states() -> str:
    about = comments(OrderState)
    return table(("State", "Meaning"), ((code(s.value), about[s.name]) for s in OrderState))


def line_states() -> str:
    about = comments(LineState)
    return table(("State", "Meaning"), ((code(s.value), about[s.name]) for s in LineState))


def moves() -> str:
    rows = (
        (
            code(t.move.value),
            codes(state.value for state in OrderState if state in t.sources),
            code(t.target.value),
            ("yes, and a day or “not known yet”" if t.needs_day else "yes") if t.needs_reason else "",
            "yes" if t.main else "",
            code(t.event),
        )
        for t in TRANSITIONS.values()
    )
    return table(("Move", "From", "To", "Needs a reason", "A card's main button", "Event"), rows)


def line_changes() -> str:
    rows = (
        (
            code(change.target.value),
            codes(state.value for state in LineState if state in change.sources),
            codes(state.value for state in OrderState if state in ALLOWED_WHILE[change.target]),
            "a day and a supplier may" if change.takes_day else "a reason must" if change.needs_reason else "",
        )
        for change in CHANGES.values()
    )
    return table(("To", "From", "While the order is", "What goes with it"), rows)


WISHES = {
    Wish.ADD_LINE: "one more line, in the mechanic's words",
    Wish.REMOVE_LINE: "a line that is not handed out; the last line cannot be removed",
    Wish.QUANTITY: "another quantity of a line that is not handed out, in its unit or in another one",
    Wish.REMARK: "what is said of the part of such a line: its side, its size",
    Wish.CANCEL: "the mechanic does not want the order any more",
}


def wishes() -> str:
    def what(state: OrderState) -> str:
        return (
            "done at once"
            if state in CHANGED_AT_ONCE
            else "asked of the desk"
            if state in CHANGED_ON_REQUEST
            else "too late"
        )

    states = list(OrderState)
    rows = ((code(wish.value), WISHES[wish], *map(what, states)) for wish in Wish)
    return table(("Change", "What", *(code(state.value) for state in states)), rows)


def switches() -> str:
    sounding = [kind for kind in MessageKind if kind.spec.family in (Family.NOTICE, Family.CHAT)]
    rows = (
        (code(kind.value), kind.spec.muting or "cannot be", "off" if kind.spec.muted_at_first else "on")
        for kind in sounding
    )
    return table(("Message", "Switched off, it is", "At first"), rows)


def permissions() -> str:
    rows = ((code(action.value), *("yes" if may(role, action) else "" for role in Role)) for action in Action)
    return table(("Action", *(role.value for role in Role)), rows)


def notices() -> str:
    rows = ((code(kind.value), *(_told(kind.spec.told, audience) for audience in Audience)) for kind in EventKind)
    return table(("Event", *(f"The {audience.value}" for audience in Audience)), rows)


def _told(told: Mapping[Audience, MessageKind | None], audience: Audience) -> str:
    """The cell for a group of people; it is empty if they get no notice."""
    notice = told.get(audience)
    return "card" + (f", {code(notice)}" if notice else "") if audience in told else ""
