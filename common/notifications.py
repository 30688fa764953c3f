"""Who is told what, when something happens to an order: one table. A card follows every event its reader is told of."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from common import outbox
from common.models import Card, Event, Order, Person


class Audience(enum.StrEnum):
    """Who may be told of an order."""

    MECHANIC = "mechanic"  # who ordered it


def _mechanic(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.person_id)]


READERS: dict[Audience, Callable[[Session, Order], Sequence[Person]]] = {Audience.MECHANIC: _mechanic}

# The event, and for each audience that is told of it the notice (a message that makes a sound) that its readers get
# beside their card's silent edit. None: the card only. An audience that is not named gets nothing.
TOLD: dict[str, Mapping[Audience, str | None]] = {
    "order.placed": {Audience.MECHANIC: None},
    "order.taken": {Audience.MECHANIC: None},
    "order.resumed": {Audience.MECHANIC: None},
    "order.waiting": {Audience.MECHANIC: "notice.waiting"},
    "order.ready": {Audience.MECHANIC: "notice.ready"},
    "order.issued": {Audience.MECHANIC: None},
    "order.cancelled": {Audience.MECHANIC: "notice.cancelled"},
    "order.reopened": {Audience.MECHANIC: "notice.reopened"},
}


def tell(session: Session, order: Order, event: Event) -> None:
    """Queue each reader's card and, where the table says so, a notice.

    A chat is told once, as the first audience it belongs to; nobody is told with a sound of what they did themselves.
    """
    told: set[int] = set()
    for audience, notice in TOLD[event.kind].items():
        for reader in READERS[audience](session, order):
            if reader.telegram_id is None or reader.telegram_id in told:
                continue
            told.add(reader.telegram_id)
            update_card(session, order, reader, cause=f"event:{event.id}", event_id=event.id)
            if notice and event.actor_id != reader.id:
                _notice(session, order, event, reader, reader.telegram_id, notice)


def _notice(session: Session, order: Order, event: Event, reader: Person, chat_id: int, notice: str) -> None:
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{chat_id}:{notice}",
        kind=notice,
        chat_id=chat_id,
        stream=outbox.order_stream(order.id, chat_id),
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
