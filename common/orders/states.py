"""What is said and decided about the states of orders and lines: one row for each state, and the named sets of them.

`CLOSED` stands beside the enumeration, in `common/database/models/orders.py`: rooms below this one need it.
"""

from __future__ import annotations

from dataclasses import dataclass

from common.database.models import LineState, OrderState
from common.i18n import N_


@dataclass(frozen=True)
class StateInfo:
    """A state of an order.

    `sign` marks it in the chat. `limits`: after how many minutes a card on the board asks for attention, and after how
    many it is late; None: the board does not show it. `when_empty`: what its column says while it is empty.
    """

    word: str
    sign: str
    limits: tuple[int, int] | None = None
    when_empty: str = ""


@dataclass(frozen=True)
class LineStateInfo:
    """A state of a line. `sign` marks it in the chat; without one it is what every line begins with."""

    word: str
    sign: str


HOUR, DAY = 60, 24 * 60
ORDER_STATES: dict[OrderState, StateInfo] = {
    OrderState.NEW: StateInfo(N_("New"), "🆕", (5, 15), N_("New orders from the chat appear here by themselves.")),
    OrderState.IN_WORK: StateInfo(N_("In work"), "🔧", (30, 90), N_("What somebody has taken stands here.")),
    OrderState.WAITING: StateInfo(
        N_("Waiting"), "⏳", (DAY, 3 * DAY), N_("What waits for a part stands here, with its reason and day.")
    ),
    OrderState.READY: StateInfo(N_("Ready"), "✅", (4 * HOUR, DAY), N_("What is ready to hand out stands here.")),
    OrderState.ISSUED: StateInfo(N_("Issued"), "📦"),
    OrderState.CANCELLED: StateInfo(N_("Cancelled"), "❌"),
}
LINE_STATES: dict[LineState, LineStateInfo] = {
    LineState.REQUESTED: LineStateInfo(N_("Requested"), ""),
    LineState.ORDERED: LineStateInfo(N_("Ordered"), "🚚"),
    LineState.HERE: LineStateInfo(N_("Here"), "📍"),
    LineState.ISSUED: LineStateInfo(N_("Handed out"), "📦"),
    LineState.SUBSTITUTE_PROPOSED: LineStateInfo(N_("Substitute proposed"), "🔁"),
    LineState.UNAVAILABLE: LineStateInfo(N_("Unavailable"), "🚫"),
    LineState.RETURNED: LineStateInfo(N_("Returned"), "↩️"),
}

AGE_LIMITS = {state: info.limits for state, info in ORDER_STATES.items() if info.limits}
# The board's columns, from the left: every state in which somebody waits for somebody.
BOARD = tuple(AGE_LIMITS)
# Somebody at the desk serves the order: its lines may change.
SERVED = frozenset({OrderState.IN_WORK, OrderState.WAITING, OrderState.READY})
# Parts are still being gathered: a line past its day makes the order overdue.
GATHERING = frozenset({OrderState.IN_WORK, OrderState.WAITING})
# The reason of the order is shown with its state.
EXPLAINED = frozenset({OrderState.WAITING, OrderState.CANCELLED})
# Nobody has taken the order: its mechanic changes it alone.
CHANGED_AT_ONCE = frozenset({OrderState.NEW})
# The order was taken and is not ready: its mechanic asks for a change, and the desk decides.
CHANGED_ON_REQUEST = frozenset({OrderState.IN_WORK, OrderState.WAITING})
# A mechanic may change the order, alone or by asking.
CHANGEABLE = CHANGED_AT_ONCE | CHANGED_ON_REQUEST
# A line may be handed out or come back as long as the order is served, and after it was issued.
RETURNABLE = SERVED | {OrderState.ISSUED}

# Lines that the order does without: they do not count towards what is wanted.
NOT_COUNTED = frozenset({LineState.UNAVAILABLE, LineState.RETURNED})
# Lines that have reached the station.
ARRIVED = frozenset({LineState.HERE, LineState.ISSUED})
# Lines that are handed out together with the order.
HANDED_OUT_TOGETHER = frozenset({LineState.REQUESTED, LineState.HERE})
# Lines that were in somebody's hands: a mechanic cannot change them any more.
WAS_HANDED_OUT = frozenset({LineState.ISSUED, LineState.RETURNED})
