"""Undo for moves at the desk: the move acts at once, what makes a sound waits until it can no longer be undone.

A move is undone by whoever made it, as long as nobody changed the order since. Its notice is not sent; where it has
left already, a correction follows it (docs/adr/0015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import Event, LastMove, LineState, Order, OrderState, UtcDateTime
from common.errors import InvalidInput
from common.events import cards, corrections
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import MoveUndone
from common.orders import locking, moves
from common.orders.moves import TRANSITIONS, Collector, Move
from common.permissions import Action, Actor, require

GRACE = timedelta(seconds=5)  # a press that comes so late still counts; the notice is out then, and is corrected
MOST_OFFERS = 3


@dataclass(frozen=True)
class Offer:
    """A move that its maker can undo for `left` seconds more."""

    order_id: int
    move: Move
    state: OrderState
    version: int
    left: float


def move_with_undo(
    session: Session,
    actor: Actor,
    order_id: int,
    move: Move,
    *,
    expected_version: int,
    within: timedelta,
    reason: str = "",
    expected_on: date | None = None,
    day_unknown: bool = False,
    collector: Collector | None = None,
) -> Order:
    """`orders.move_order`, and it can be undone within this time; its notice waits as long.

    Raises: as `orders.move_order`.
    """
    require(actor, Action.ORDER_MOVE)
    transition, reason, until = TRANSITIONS[move], reason.strip(), clock.utcnow() + within
    moves.check_move_arguments(transition, reason, expected_on, day_unknown)
    order = locking.lock_at_version(session, order_id, expected_version)
    was = _snapshot(order)
    event = moves.apply_move(session, actor, order, transition, reason, expected_on, collector, notices_due=until)
    if actor.person_id is not None:
        _store_last_move(session, order, move, actor.person_id, event, was, until)
    return order


def _snapshot(order: Order) -> dict[str, Any]:
    """What a move may change of an order."""
    return {
        "state": order.state.value,
        "state_since": order.state_since.isoformat(),
        "owner_id": order.owner_id,
        "reason": order.reason,
        "expected_on": order.expected_on.isoformat() if order.expected_on else None,
        "issued_to": order.issued_to,
        "pickup_code": order.pickup_code,
        "lines": {str(line.id): line.state.value for line in order.lines},
    }


def _store_last_move(
    session: Session, order: Order, move: Move, person_id: int, event: Event, was: dict[str, Any], until: datetime
) -> None:
    last = LastMove(
        order_id=order.id,
        person_id=person_id,
        event_id=event.id,
        move=move.value,
        version=order.version,
        until=until,
        was=was,
    )
    session.merge(last)


def undo_move(session: Session, actor: Actor, order_id: int, *, expected_version: int) -> Order:
    """Undo the actor's last move of an order: all that it changed is as it was, and the timeline says so.

    Raises:
        NotFound: no such order.
        StaleVersion: the order changed since the move.
        Forbidden: not by this role.
        InvalidInput: `undo_late`, `undo_gone`: the last move was not this actor's, or cannot be undone.
    """
    require(actor, Action.ORDER_MOVE)
    order = locking.lock_at_version(session, order_id, expected_version)
    last = session.get(LastMove, order_id, populate_existing=True)
    if last is None or last.version != expected_version or last.person_id != actor.person_id:
        raise InvalidInput("undo_gone")
    if clock.utcnow() > last.until + GRACE:
        raise InvalidInput("undo_late")
    before = order.state
    _restore(order, last.was)
    session.delete(last)
    session.flush()
    facts = MoveUndone(before=before, after=order.state, move=last.move)
    event = record_event(session, actor, order, EventKind.ORDER_UNDONE, facts)
    corrections.retract_notices(session, order, last.event_id, event)
    if order.state is OrderState.NEW:
        cards.update_queue_cards(session, order, cause=f"event:{event.id}")
    return order


def _restore(order: Order, was: dict[str, Any]) -> None:
    order.state, order.state_since = OrderState(was["state"]), datetime.fromisoformat(was["state_since"])
    order.owner_id, order.reason = was["owner_id"], was["reason"]
    order.expected_on = date.fromisoformat(was["expected_on"]) if was["expected_on"] else None
    order.issued_to, order.pickup_code = was["issued_to"], was["pickup_code"]
    order.updated_at = clock.utcnow()
    for line in order.lines:
        if str(line.id) in was["lines"]:
            line.state = LineState(was["lines"][str(line.id)])


_OFFERS = (
    select(LastMove.order_id, LastMove.move, Order.state, LastMove.version, LastMove.until)
    .join(Order, Order.id == LastMove.order_id)
    .where(
        LastMove.person_id == bindparam("person_id"),
        LastMove.until > bindparam("now", type_=UtcDateTime()),
        LastMove.version == Order.version,
    )
    .order_by(LastMove.until.desc())
    .limit(MOST_OFFERS)
)


def undo_offers(session: Session, person_id: int) -> Sequence[Offer]:
    """The moves that somebody can undo now, the newest first."""
    now = clock.utcnow()
    rows = session.execute(_OFFERS, {"person_id": person_id, "now": now})
    return [
        Offer(order_id, Move(move), state, version, (until - now).total_seconds())
        for order_id, move, state, version, until in rows
    ]
