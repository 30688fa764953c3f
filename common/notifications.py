"""Who is told what, when something happens to an order: one table. The mechanic's card follows every event."""

from __future__ import annotations

from sqlalchemy.orm import Session

from common import outbox
from common.models import Card, Event, Order, Person

# The event, and the notice (a message that makes a sound) the mechanic gets beside the card's silent edit.
NOTICES: dict[str, str | None] = {
    "order.placed": None,
    "order.taken": None,
    "order.resumed": None,
    "order.waiting": "notice.waiting",
    "order.ready": "notice.ready",
    "order.issued": None,
    "order.cancelled": "notice.cancelled",
    "order.reopened": "notice.reopened",
}


def tell(session: Session, order: Order, event: Event) -> None:
    """Queue the card's new state and, where the table says so, a notice; nobody is told of what they did themselves."""
    reader = session.get_one(Person, order.person_id)
    if reader.telegram_id is None:
        return
    update_card(session, order, reader, cause=f"event:{event.id}", event_id=event.id)
    notice = NOTICES[event.kind]
    if notice and event.actor_id != reader.id:
        outbox.enqueue(
            session,
            key=f"event:{event.id}:{reader.telegram_id}:{notice}",
            kind=notice,
            chat_id=reader.telegram_id,
            stream=outbox.order_stream(order.id, reader.telegram_id),
            arguments=event.arguments,
            person_id=reader.id,
            order_id=order.id,
            event_id=event.id,
        )


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
        kind="card",
        chat_id=chat_id,
        stream=outbox.order_stream(order.id, chat_id),
        collapse_key=f"card:{order.id}:{chat_id}",
        person_id=reader.id,
        order_id=order.id,
        event_id=event_id,
    )
