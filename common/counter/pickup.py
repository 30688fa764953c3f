"""Collecting a ready order: on my way, later, or another person with a three-digit code."""

from __future__ import annotations

import enum
import secrets

from sqlalchemy.orm import Session

from common.database.models import Event, Order, OrderState
from common.errors import WrongState
from common.events import timeline
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.base import NOTHING
from common.orders import locking
from common.permissions import Action, Actor, require


class PickupPlan(enum.StrEnum):
    """A mechanic's answer to "ready"; it is on the timeline and shown at the desk."""

    COMING = "coming"
    LATER = "later"


EVENT_KINDS: dict[PickupPlan, EventKind] = {
    PickupPlan.COMING: EventKind.PICKUP_COMING,
    PickupPlan.LATER: EventKind.PICKUP_LATER,
}


def announce_pickup(session: Session, actor: Actor, order_id: int, plan: PickupPlan) -> Order:
    """Announce when the order will be collected; repeating the same plan has no effect.

    Raises:
        NotFound: the mechanic has no such order.
        WrongState: it is not ready.
    """
    order = _lock_ready_order(session, actor, order_id)
    present = current_plan(session, order)
    if present is None or present.kind != EVENT_KINDS[plan]:
        record_event(session, actor, order, EVENT_KINDS[plan], NOTHING)
    return order


def current_plan(session: Session, order: Order) -> Event | None:
    """The mechanic's plan since the order became ready; None if there is none, or if it is not ready."""
    if order.state is not OrderState.READY:
        return None
    latest = timeline.latest_event(session, order.id, *EVENT_KINDS.values(), EventKind.ORDER_READY)
    return latest if latest is not None and latest.kind != EventKind.ORDER_READY else None


def make_code(session: Session, actor: Actor, order_id: int) -> Order:
    """Three digits with which another person can collect the order; a second call returns the same digits.

    Raises:
        NotFound: the mechanic has no such order.
        WrongState: it is not ready.
    """
    order = _lock_ready_order(session, actor, order_id)
    if not order.pickup_code:
        order.pickup_code = f"{secrets.randbelow(1000):03}"
        locking.bump_version(order)
        session.flush()
        record_event(session, actor, order, EventKind.PICKUP_CODE_MADE, NOTHING)
    return order


def _lock_ready_order(session: Session, actor: Actor, order_id: int) -> Order:
    require(actor, Action.ORDER_CHANGE_OWN)
    order = locking.lock_own_order(session, actor, order_id)
    if order.state is not OrderState.READY:
        raise WrongState("order", order.state)
    return order
