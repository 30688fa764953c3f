"""Where an order stands among those nobody has taken yet: a fact of this moment, not a promise of minutes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.database.models import Order, OrderState

PLACES = 10  # so many orders have a place on their card, and are told when it changes


def place_of(session: Session, order: Order) -> int | None:
    """1 for the one that is next; None for an order that does not wait to be taken."""
    if order.state is not OrderState.NEW:
        return None
    before = select(func.count()).select_from(Order).where(Order.state == OrderState.NEW, Order.id < order.id)
    return (session.scalar(before) or 0) + 1


def orders_behind(session: Session, left: Order) -> list[Order]:
    """An order left the queue: those that waited behind it and have a place on their card, or have one now."""
    before = select(func.count()).select_from(Order).where(Order.state == OrderState.NEW, Order.id < left.id)
    room = PLACES - (session.scalar(before) or 0)
    if room <= 0:
        return []
    waiting = select(Order).where(Order.state == OrderState.NEW, Order.id > left.id).order_by(Order.id).limit(room)
    return list(session.scalars(waiting))
