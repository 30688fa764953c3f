"""Orders as pages, the API and slips read them, each with its people, its car and its lines; and their events."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from common.database.models import Event, Order, OrderState
from common.errors import NotFound


def with_details(statement: Select[Order]) -> Select[Order]:
    """Load what is shown with an order together with it: one query more for the lines, none for each order."""
    return statement.options(
        joinedload(Order.person), joinedload(Order.owner), joinedload(Order.vehicle), selectinload(Order.lines)
    )


def read_order(session: Session, order_id: int) -> Order:
    """Raises: NotFound."""
    found = session.scalar(with_details(select(Order).where(Order.id == order_id)))
    if found is None:
        raise NotFound("order", order_id)
    return found


def get_order(session: Session, order_id: int) -> Order:
    """The order alone, as it is loaded already or by one query. Raises: NotFound."""
    order = session.get(Order, order_id)
    if order is None:
        raise NotFound("order", order_id)
    return order


def read_orders(session: Session, order_ids: Collection[int]) -> list[Order]:
    """Those of these orders that exist, newest first."""
    of_them = select(Order).where(Order.id.in_(order_ids)).order_by(Order.id.desc())
    return list(session.scalars(with_details(of_them)))


def count_by_state(session: Session) -> dict[OrderState, int]:
    """The number of all orders by state; a state without orders is absent."""
    counted = select(Order.state, func.count()).group_by(Order.state)
    return {row[0]: row[1] for row in session.execute(counted)}


def changed_orders(session: Session, since: datetime, after: tuple[datetime, int], limit: int) -> list[Order]:
    """Orders that changed at `since` or later, oldest change first, behind `after`: a change's time and its order."""
    place = tuple_(Order.updated_at, Order.id) > tuple_(*after)
    changed = select(Order).where(Order.updated_at >= since, place).order_by(Order.updated_at, Order.id)
    return list(session.scalars(with_details(changed.limit(limit))))


def last_orders(session: Session, person_id: int, limit: int) -> list[Order]:
    """A person's last orders, newest first."""
    placed = select(Order).where(Order.person_id == person_id).order_by(Order.id.desc()).limit(limit)
    return list(session.scalars(with_details(placed)))


def events_after(session: Session, order_id: int, after: int, limit: int) -> list[Event]:
    """The order's events with a larger id than `after`, oldest first."""
    later = select(Event).where(Event.order_id == order_id, Event.id > after).order_by(Event.id).limit(limit)
    return list(session.scalars(later.options(joinedload(Event.actor))))


def last_events(session: Session, order_id: int, limit: int, *, since: int = -1) -> list[Event]:
    """The order's newest events, newest first; with `since`, those that happened after this version of the order."""
    newest = select(Event).where(Event.order_id == order_id, Event.version > since).order_by(Event.id.desc())
    return list(session.scalars(newest.limit(limit).options(joinedload(Event.actor))))
