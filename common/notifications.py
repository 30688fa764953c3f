"""Who is told what, when something happens to an order: one table. A card follows every event its reader is told of."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock, outbox, people, preferences, queue
from common.models import Card, Event, Order, OrderState, OutboxRow, OutboxState, Person
from common.permissions import Action

CLOSED = (OrderState.ISSUED, OrderState.CANCELLED)
FOLLOWED = timedelta(days=1)  # so long after its end staff's cards of an order are kept up to date


class Audience(enum.StrEnum):
    """Who may be told of an order."""

    MECHANIC = "mechanic"  # who ordered it
    STAFF = "staff"  # storekeepers and managers who linked their Telegram and want to hear of new orders
    SERVING = "serving"  # those of them who have a card of it


def _mechanic(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.person_id)]


def _staff(session: Session, order: Order) -> Sequence[Person]:
    linked = people.linked(session, Action.ORDER_MOVE)
    return [person for person in linked if preferences.wants(person, "notice.new_order")]


def _serving(session: Session, order: Order) -> Sequence[Person]:
    """Nobody any more once it has been closed for long: their cards stay as they are."""
    if order.state in CLOSED and order.state_since < clock.utcnow() - FOLLOWED:
        return []
    holders = select(Card.chat_id).where(Card.order_id == order.id)
    chats = set(session.scalars(holders))
    return [person for person in people.linked(session, Action.ORDER_MOVE) if person.telegram_id in chats]


READERS: dict[Audience, Callable[[Session, Order], Sequence[Person]]] = {
    Audience.MECHANIC: _mechanic,
    Audience.STAFF: _staff,
    Audience.SERVING: _serving,
}

# The event, and for each audience that is told of it the notice (a message that makes a sound) that its readers get
# beside their card's silent edit. None: the card only. An audience that is not named gets nothing.
TOLD: dict[str, Mapping[Audience, str | None]] = {
    "order.placed": {Audience.MECHANIC: None, Audience.STAFF: "notice.new_order"},
    "order.taken": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.resumed": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.waiting": {Audience.MECHANIC: "notice.waiting", Audience.SERVING: None},
    "order.ready": {Audience.MECHANIC: "notice.ready", Audience.SERVING: None},
    "order.issued": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.cancelled": {Audience.MECHANIC: "notice.cancelled", Audience.SERVING: None},
    "order.reopened": {Audience.MECHANIC: "notice.reopened", Audience.SERVING: None},
    "line.changed": {Audience.MECHANIC: None, Audience.SERVING: None},
    "line.added": {Audience.MECHANIC: None, Audience.SERVING: None},
    "line.counted": {Audience.MECHANIC: None, Audience.SERVING: None},
    "line.removed": {Audience.MECHANIC: None, Audience.SERVING: None},
    "question.asked": {Audience.MECHANIC: "notice.question", Audience.SERVING: None},
    "question.answered": {Audience.MECHANIC: None, Audience.SERVING: None},
    "question.taken_back": {Audience.MECHANIC: None, Audience.SERVING: None},
    "question.withdrawn": {Audience.MECHANIC: None, Audience.SERVING: None},
    "substitute.proposed": {Audience.MECHANIC: "notice.substitute", Audience.SERVING: None},
    "substitute.accepted": {Audience.MECHANIC: None, Audience.SERVING: None},
    "substitute.refused": {Audience.MECHANIC: None, Audience.SERVING: None},
    "request.asked": {Audience.MECHANIC: None, Audience.SERVING: None},
    "request.accepted": {Audience.MECHANIC: None, Audience.SERVING: None},
    "request.refused": {Audience.MECHANIC: "notice.request_refused", Audience.SERVING: None},
    "pickup.coming": {Audience.MECHANIC: None, Audience.SERVING: None},
    "pickup.later": {Audience.MECHANIC: None, Audience.SERVING: None},
    "pickup.code_made": {Audience.MECHANIC: None, Audience.SERVING: None},
    "note.written": {},  # for the desk only
    "note.struck": {},
    "slip.printed": {},
    "slip.failed": {},
}
# The notices whose buttons are out of date after an event: they are edited, silently, to what is true now.
_ASKING = ("notice.question", "notice.substitute")
AMENDED: dict[str, tuple[str, ...]] = {
    "question.answered": _ASKING,
    "question.taken_back": _ASKING,
    "question.withdrawn": _ASKING,
    "substitute.accepted": _ASKING,
    "substitute.refused": _ASKING,
    "order.issued": ("notice.ready", *_ASKING),
    "order.cancelled": ("notice.ready", *_ASKING),
    "order.reopened": ("notice.ready", *_ASKING),
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
            if event.kind in AMENDED:
                _amend(session, order, event, reader.telegram_id)
            if notice and event.actor_id != reader.id and preferences.wants(reader, notice):
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


def _amend(session: Session, order: Order, event: Event, chat_id: int) -> None:
    """Edit what was sent, or is on its way: in the same stream, so after it. What still waits says the truth anyway."""
    sent = (OutboxState.LEASED, OutboxState.SENDING, OutboxState.SENT, OutboxState.HELD)
    notices = select(OutboxRow).where(
        OutboxRow.order_id == order.id,
        OutboxRow.chat_id == chat_id,
        OutboxRow.kind.in_(AMENDED[event.kind]),
        OutboxRow.state.in_(sent),
    )
    for notice in session.scalars(notices).all():
        outbox.enqueue(
            session,
            key=f"event:{event.id}:{notice.id}:amended",
            kind="notice.amended",
            chat_id=chat_id,
            stream=notice.stream,
            arguments={"row": notice.id},
            collapse_key=f"amended:{notice.id}",
            person_id=notice.person_id,
            order_id=order.id,
            event_id=event.id,
        )


def tell_the_queue(session: Session, left: Order, *, cause: str) -> None:
    """An order left the queue: the cards of those behind it say a new place, as far as cards say one."""
    for order in queue.behind(session, left):
        update_card(session, order, session.get_one(Person, order.person_id), cause=f"{cause}:queue:{order.id}")


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
