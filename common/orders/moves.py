"""Moving orders from state to state. The allowed moves are one table, read by pages, bot, API and docs."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from common import clock
from common.database.models import (
    Event,
    LineState,
    Order,
    OrderState,
)
from common.errors import InvalidInput, WrongState
from common.events import cards, corrections
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import OrderMoved
from common.i18n import N_
from common.orders import locking
from common.orders.states import HANDED_OUT_TOGETHER
from common.permissions import Action, Actor, require

MAX_REASON = 300
MAX_COLLECTOR = 80  # the name of somebody else who collects
REASON_WITHDRAWN = "withdrawn"  # the reason of an order that its mechanic cancelled


@dataclass(frozen=True)
class Collector:
    """Somebody else who takes an order; `code` is what they say, and counts where the mechanic asked for one."""

    name: str
    code: str = ""


class Move(enum.StrEnum):
    TAKE = "take"
    WAIT = "wait"
    RESUME = "resume"
    READY = "ready"
    ISSUE = "issue"
    CANCEL = "cancel"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Transition:
    """A move: from which states to which, the event it records, and how a button names it.

    `sign` stands before the word in the chat. `needs_reason`: the move is refused without one. `needs_day`: without a
    day, or a word that it is not known yet. `main`: the one button a card offers.
    """

    move: Move
    sources: frozenset[OrderState]
    target: OrderState
    event: EventKind
    word: str
    sign: str
    needs_reason: bool = False
    needs_day: bool = False
    main: bool = False

    @property
    def takes_collector(self) -> bool:
        """Whether the order is handed out, to its mechanic or to somebody else."""
        return self.move is Move.ISSUE

    @property
    def is_rare(self) -> bool:
        """Whether a page offers it without emphasis."""
        return self.move in (Move.CANCEL, Move.REOPEN)


S = OrderState
TRANSITIONS: dict[Move, Transition] = {
    t.move: t
    for t in (
        Transition(
            Move.TAKE, frozenset({S.NEW}), S.IN_WORK, EventKind.ORDER_TAKEN, word=N_("Take"), sign="✋", main=True
        ),
        Transition(
            Move.READY,
            frozenset({S.IN_WORK, S.WAITING}),
            S.READY,
            EventKind.ORDER_READY,
            word=N_("Mark ready"),
            sign="✅",
            main=True,
        ),
        Transition(
            Move.ISSUE, frozenset({S.READY}), S.ISSUED, EventKind.ORDER_ISSUED, word=N_("Issue"), sign="📦", main=True
        ),
        Transition(
            Move.WAIT,
            frozenset({S.IN_WORK, S.WAITING}),  # from waiting: for something else, or until another day
            S.WAITING,
            EventKind.ORDER_WAITING,
            word=N_("Wait for a part"),
            sign="⏳",
            needs_reason=True,
            needs_day=True,
        ),
        Transition(
            Move.RESUME, frozenset({S.WAITING}), S.IN_WORK, EventKind.ORDER_RESUMED, word=N_("Back to work"), sign="▶️"
        ),
        Transition(
            Move.REOPEN,
            frozenset({S.READY, S.ISSUED, S.CANCELLED}),
            S.IN_WORK,
            EventKind.ORDER_REOPENED,
            word=N_("Reopen"),
            sign="↩️",
            needs_reason=True,
        ),
        Transition(
            Move.CANCEL,
            frozenset({S.NEW, S.IN_WORK, S.WAITING, S.READY}),
            S.CANCELLED,
            EventKind.ORDER_CANCELLED,
            word=N_("Cancel order"),
            sign="✖️",
            needs_reason=True,
        ),
    )
}


def moves_from(state: OrderState) -> list[Transition]:
    """The moves that are allowed from a state, the main one first."""
    return [t for t in TRANSITIONS.values() if state in t.sources]


def move_order(
    session: Session,
    actor: Actor,
    order_id: int,
    move: Move,
    *,
    expected_version: int,
    reason: str = "",
    expected_on: date | None = None,
    day_unknown: bool = False,
    collector: Collector | None = None,
) -> Order:
    """Move an order to its next state, if nobody changed it meanwhile.

    Args:
        day_unknown: for `wait`, the caller states explicitly that no date is known.
        collector: for `issue`, somebody else than the mechanic takes it.

    Raises:
        NotFound: no such order.
        StaleVersion: it changed since the caller read it.
        Forbidden: not by this role.
        WrongState: not from this state.
        InvalidInput: `reason_needed`, `reason_long`, `day_needed`, `collector_needed`, `collector_long`, `pickup_code`.
    """
    require(actor, Action.ORDER_MOVE)
    transition, reason = TRANSITIONS[move], reason.strip()
    check_move_arguments(transition, reason, expected_on, day_unknown)
    order = locking.lock_at_version(session, order_id, expected_version)
    apply_move(session, actor, order, transition, reason, expected_on, collector)
    return order


def apply_move(
    session: Session,
    actor: Actor,
    order: Order,
    transition: Transition,
    reason: str = "",
    expected_on: date | None = None,
    collector: Collector | None = None,
    notices_due: datetime | None = None,
) -> Event:
    """The move of an order that is locked and has its new version: the fact of it.

    Args:
        notices_due: when what makes a sound may leave (see `undo.move_with_undo`); None: at once.

    Raises:
        WrongState: not from this state.
        InvalidInput: see `move_order`.
    """
    if order.state not in transition.sources:
        raise WrongState("order", order.state)
    before = order.state
    to, code = _hand_out(order, collector) if transition.move is Move.ISSUE else ("", None)
    order.state, order.updated_at = transition.target, clock.utcnow()
    if order.state is not before:  # a postponed wait keeps its original start time
        order.state_since = order.updated_at
    order.reason, order.expected_on = reason, expected_on
    if transition.move is Move.REOPEN:
        order.issued_to = order.pickup_code = ""
    if actor.person_id is not None and _makes_owner(order, transition.move):
        order.owner_id = actor.person_id
    session.flush()
    facts = OrderMoved(before=before, after=order.state, to=to, code=code, reason=reason, expected_on=expected_on)
    event = record_event(session, actor, order, transition.event, facts, notices_due=notices_due)
    if before is OrderState.NEW:
        cards.update_queue_cards(session, order, cause=f"event:{event.id}")
    else:
        corrections.supersede_outdated(session, order, event)
    return event


def _makes_owner(order: Order, move: Move) -> bool:
    return move is Move.TAKE or (order.owner_id is None and move is not Move.CANCEL)


def check_move_arguments(transition: Transition, reason: str, expected_on: date | None, day_unknown: bool) -> None:
    """What has to go with a move. Raises: InvalidInput `reason_needed`, `reason_long`, `day_needed`."""
    if transition.needs_reason and not reason:
        raise InvalidInput("reason_needed")
    if len(reason) > MAX_REASON:
        raise InvalidInput("reason_long", most=MAX_REASON)
    if transition.needs_day and expected_on is None and not day_unknown:
        raise InvalidInput("day_needed")


def _hand_out(order: Order, collector: Collector | None) -> tuple[str, bool | None]:
    """Hand out the lines together with the order, but not those that were put off. A line never moves its order.

    Returns:
        Who takes it and whether they had to say a code, where it is not the mechanic.
    """
    for line in order.lines:
        if line.state in HANDED_OUT_TOGETHER:
            line.state = LineState.ISSUED
    if collector is None:
        return "", None
    name = " ".join(collector.name.split())
    if not name:
        raise InvalidInput("collector_needed")
    if len(name) > MAX_COLLECTOR:
        raise InvalidInput("collector_long", most=MAX_COLLECTOR)
    if order.pickup_code and collector.code.strip() != order.pickup_code:
        raise InvalidInput("pickup_code")
    order.issued_to = name
    return name, bool(order.pickup_code)
