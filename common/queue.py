"""Where an order stands among those nobody has taken yet: a fact of this moment, not a promise of minutes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.models import Order, OrderState


def place_of(session: Session, order: Order) -> int | None:
    """1 for the one that is next; None for an order that does not wait to be taken."""
    if order.state is not OrderState.NEW:
        return None
    before = select(func.count()).select_from(Order).where(Order.state == OrderState.NEW, Order.id < order.id)
    return (session.scalar(before) or 0) + 1
