"""Open orders, as the board shows them: how many wait in each state, the oldest of each, and the new ones."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from common.database.models import Order, OrderState, Person, Vehicle
from common.orders import reading
from common.orders.states import BOARD


class StateCount(NamedTuple):
    """The number of orders in a state, and since when the oldest of them is in it."""

    orders: int
    oldest: datetime


class NewOrder(NamedTuple):
    """An order that nobody has taken yet. `plate`: None if no car is known."""

    order_id: int
    person: str
    plate: str | None


def counts(session: Session) -> dict[OrderState, StateCount]:
    """By state of the board; a state without orders is absent. Closed orders are too many to be counted for a page."""
    counted = (
        select(Order.state, func.count(), func.min(Order.state_since))
        .where(Order.state.in_(BOARD))
        .group_by(Order.state)
    )
    return {state: StateCount(count, oldest) for state, count, oldest in session.execute(counted)}


def oldest(session: Session, limit: int) -> list[Order]:
    """The oldest orders, at most `limit` of each state of the board: one short index scan for each."""
    ids = union_all(*(_oldest_ids(state, limit) for state in BOARD))
    found = select(Order).where(Order.id.in_(ids)).order_by(Order.state_since, Order.id)
    return list(session.scalars(reading.with_details(found)))


def _oldest_ids(state: OrderState, limit: int) -> Select[int]:
    of_state = select(Order.id).where(Order.state == state).order_by(Order.state_since, Order.id).limit(limit)
    return select(of_state.subquery().c.id)


def new_orders(session: Session, limit: int) -> list[NewOrder]:
    """The orders that nobody has taken yet, newest first."""
    found = (
        select(Order.id, Person.name, Vehicle.display)
        .join(Person, Person.id == Order.person_id)
        .outerjoin(Vehicle, Vehicle.id == Order.vehicle_id)
        .where(Order.state == OrderState.NEW)
        .order_by(Order.id.desc())
        .limit(limit)
    )
    return [NewOrder(*row) for row in session.execute(found)]
