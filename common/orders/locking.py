"""Locking an order. Locked first, its version, its events and its messages follow one another.

Each function runs in the caller's transaction.
"""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.models import Order
from common.errors import NotFound
from common.permissions import Actor


def lock_at_version(session: Session, order_id: int, expected_version: int) -> Order:
    """The order, locked, its version raised: the first statement of every change.

    Raises:
        NotFound, StaleVersion.
    """
    return rows.lock_at_version(session, Order, order_id, expected_version, "order")


def lock_order(session: Session, order_id: int) -> Order:
    """The order, locked as it is now: the first statement of what does not depend on a version somebody saw.

    What is said about an order (messages, questions, answers) leaves its version alone, so that nobody at the desk
    is refused because of it. A change calls `bump_version`.

    Raises:
        NotFound.
    """
    session.execute(
        update(Order)
        .where(Order.id == order_id)
        .values(updated_at=clock.utcnow())
        .execution_options(synchronize_session=False)
    )
    order = session.get(Order, order_id, populate_existing=True)
    if order is None:
        raise NotFound("order", order_id)
    return order


def lock_own_order(session: Session, actor: Actor, order_id: int) -> Order:
    """`lock_order`, for its mechanic. Raises: NotFound, also where it is somebody else's."""
    order = lock_order(session, order_id)
    if order.person_id != actor.person_id:
        raise NotFound("order", order_id)
    return order


def bump_version(order: Order) -> None:
    """An order that is held changes: whoever saw it before is told so."""
    order.version += 1
