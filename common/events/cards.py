"""Cards: the one message per order and reader, queued anew whenever it says something else."""

from __future__ import annotations

from sqlalchemy.orm import Session

from common.database.models import Card, Order, Person
from common.events import queue
from common.messaging import outbox
from common.messaging.kinds import MessageKind


def update_card(session: Session, order: Order, reader: Person, *, cause: str, event_id: int | None = None) -> None:
    """Queue the present state of an order's card for one reader; older pending states are superseded."""
    chat_id = reader.telegram_id
    if chat_id is None:
        return
    if session.get(Card, (order.id, chat_id)) is None:
        session.add(Card(order_id=order.id, chat_id=chat_id))
    outbox.enqueue(
        session,
        key=f"{cause}:{chat_id}:card",
        kind=MessageKind.CARD,
        chat_id=chat_id,
        stream=outbox.order_stream(order.id, chat_id),
        collapse_key=f"card:{order.id}:{chat_id}",
        person_id=reader.id,
        order_id=order.id,
        event_id=event_id,
    )


def update_queue_cards(session: Session, left: Order, *, cause: str) -> None:
    """An order left the queue: the cards of those behind it say a new place, as far as cards say one."""
    for order in queue.orders_behind(session, left):
        update_card(session, order, session.get_one(Person, order.person_id), cause=f"{cause}:queue:{order.id}")
