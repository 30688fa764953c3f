"""What should be here by now and is not: an order that waits until a day, or one of its lines ordered for a day.

A page marks it. Once a day the daemon nudges the desk in Telegram: whoever serves the order, where they are linked,
else everybody who serves orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select, text, union
from sqlalchemy.orm import Session

from common.database.models import LineState, Order, OrderLine, OrderState, Person
from common.facts.messages import OrderOverdue
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import locking
from common.orders.states import GATHERING
from common.people import people, preferences
from common.permissions import Action

MAX_ORDERS = 200  # orders a day, the longest overdue first
KIND = MessageKind.NOTICE_OVERDUE


def order_past_day(today: date) -> ColumnElement[bool]:
    """That an order waits until a day before today."""
    return (Order.state == OrderState.WAITING) & (Order.expected_on < today)


def line_past_day(today: date) -> ColumnElement[bool]:
    """That a line was ordered for a day before today, and its order is not ready or closed without it."""
    is_open = select(Order.id).where(Order.id == OrderLine.order_id, Order.state.in_(GATHERING)).correlate(OrderLine)
    return and_(text("order_line.state = 'ordered'"), OrderLine.expected_on < today, is_open.exists())


def overdue_lines(order: Order, today: date) -> list[OrderLine]:
    """The lines that were expected before today."""
    if order.state not in GATHERING:
        return []
    return [
        line
        for line in order.lines
        if line.state is LineState.ORDERED and line.expected_on is not None and line.expected_on < today
    ]


def is_past_day(order: Order, today: date) -> bool:
    return order.state is OrderState.WAITING and order.expected_on is not None and order.expected_on < today


def is_overdue(order: Order, today: date) -> bool:
    return is_past_day(order, today) or bool(overdue_lines(order, today))


def overdue_order_ids(session: Session, today: date) -> list[int]:
    """The numbers of the overdue orders, two short walks along indexes."""
    waiting = select(Order.id, Order.expected_on.label("day")).where(order_past_day(today))
    ordered = select(OrderLine.order_id, OrderLine.expected_on).where(line_past_day(today))
    late = union(waiting, ordered).subquery()
    oldest = select(late.c.id).order_by(late.c.day, late.c.id).limit(MAX_ORDERS)
    return list(dict.fromkeys(session.scalars(oldest)))


def nudge(session: Session, order_id: int, today: date) -> None:
    """Tell the desk, once a day however often this is called; nobody if it is not overdue any more."""
    order = locking.lock_order(session, order_id)
    if not is_overdue(order, today):
        return
    for reader in _recipients(session, order):
        if reader.telegram_id is None:
            continue
        outbox.enqueue(
            session,
            key=f"overdue:{order.id}:{today.isoformat()}:{reader.telegram_id}",
            kind=KIND,
            chat_id=reader.telegram_id,
            stream=outbox.order_stream(order.id, reader.telegram_id),
            arguments=OrderOverdue(today=today),
            person_id=reader.id,
            order_id=order.id,
        )


def _recipients(session: Session, order: Order) -> Sequence[Person]:
    willing = [person for person in people.linked_people(session, Action.ORDER_MOVE) if preferences.wants(person, KIND)]
    return [person for person in willing if person.id == order.owner_id] or willing
