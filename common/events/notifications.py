"""Who is told what, when something happens to an order: one table. A card follows every event its reader is told of."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Work, wake_after_commit
from common.database.models import (
    CLOSED,
    Card,
    Event,
    LineState,
    Order,
    OrderState,
    OutboxRow,
    OutboxState,
    Person,
)
from common.events import queue
from common.messaging import outbox
from common.people import people, preferences
from common.permissions import Action

FOLLOW_CLOSED_FOR = timedelta(days=1)  # so long after its end staff's cards of an order are kept up to date


class Audience(enum.StrEnum):
    """Who may be told of an order."""

    MECHANIC = "mechanic"  # who ordered it
    STAFF = "staff"  # storekeepers and managers who linked their Telegram and want to hear of new orders
    OWNER = "owner"  # who is on it
    SERVING = "serving"  # those of them who have a card of it


def _mechanic(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.person_id)]


def _staff(session: Session, order: Order) -> Sequence[Person]:
    linked = people.linked_people(session, Action.ORDER_MOVE)
    return [person for person in linked if preferences.wants(person, "notice.new_order")]


def _owner(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.owner_id)] if order.owner_id is not None else []


def _serving(session: Session, order: Order) -> Sequence[Person]:
    """Nobody any more once it has been closed for long: their cards stay as they are."""
    if order.state in CLOSED and order.state_since < clock.utcnow() - FOLLOW_CLOSED_FOR:
        return []
    holders = select(Card.chat_id).where(Card.order_id == order.id)
    chats = set(session.scalars(holders))
    return [person for person in people.linked_people(session, Action.ORDER_MOVE) if person.telegram_id in chats]


READERS: dict[Audience, Callable[[Session, Order], Sequence[Person]]] = {
    Audience.MECHANIC: _mechanic,
    Audience.STAFF: _staff,
    Audience.OWNER: _owner,
    Audience.SERVING: _serving,
}

# The event, and for each audience that is told of it the notice (a message that makes a sound) that its readers get
# beside their card's silent edit. None: the card only. An audience that is not named gets nothing.
RECIPIENTS: dict[str, Mapping[Audience, str | None]] = {
    "order.placed": {Audience.MECHANIC: None, Audience.STAFF: "notice.new_order"},
    "order.taken": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.resumed": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.waiting": {Audience.MECHANIC: "notice.waiting", Audience.SERVING: None},
    "order.ready": {Audience.MECHANIC: "notice.ready", Audience.SERVING: None},
    "order.issued": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.cancelled": {Audience.MECHANIC: "notice.cancelled", Audience.SERVING: None},
    "order.reopened": {Audience.MECHANIC: "notice.reopened", Audience.SERVING: None},
    "order.undone": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.claimed": {Audience.MECHANIC: None, Audience.SERVING: None},
    "order.assigned": {Audience.MECHANIC: None, Audience.OWNER: "notice.assigned", Audience.SERVING: None},
    "order.released": {Audience.MECHANIC: None, Audience.SERVING: None},
    "line.changed": {Audience.MECHANIC: "notice.partly_ready", Audience.SERVING: None},
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
    "order.undone": ("notice.ready", *_ASKING),
}
# What a move says with a sound, and in which states of the order it is true. What is not true any more is not sent.
TRUE_WHILE: dict[str, frozenset[OrderState]] = {
    "notice.ready": frozenset({OrderState.READY}),
    "notice.partly_ready": frozenset({OrderState.IN_WORK, OrderState.WAITING}),
    "notice.waiting": frozenset({OrderState.WAITING}),
    "notice.cancelled": frozenset({OrderState.CANCELLED}),
    "notice.reopened": frozenset({OrderState.IN_WORK, OrderState.WAITING, OrderState.READY}),
}
# Notices that not every event of their kind is worth.
SENT_IF: dict[str, Callable[[Event], bool]] = {
    "notice.partly_ready": lambda event: event.arguments.get("after") == LineState.HERE,
}
# Notices of which several in a row are one that leaves so long after the first: a delivery is ticked off line by line.
GATHER_FOR: dict[str, timedelta] = {"notice.partly_ready": timedelta(seconds=10)}
_MAY_BE_OUT = (OutboxState.LEASED, OutboxState.SENDING, OutboxState.SENT, OutboxState.HELD)


def notify_readers(session: Session, order: Order, event: Event, notices_due: datetime | None = None) -> None:
    """Queue each reader's card and, where the table says so, a notice.

    A chat is told once, as the first audience it belongs to; nobody is told with a sound of what they did themselves.
    """
    told: set[int] = set()
    for audience, notice in RECIPIENTS[event.kind].items():
        for reader in READERS[audience](session, order):
            if reader.telegram_id is None or reader.telegram_id in told:
                continue
            told.add(reader.telegram_id)
            update_card(session, order, reader, cause=f"event:{event.id}", event_id=event.id)
            if event.kind in AMENDED:
                _amend_notices(session, order, event, reader.telegram_id)
            if notice and _gets_notice(reader, notice, event):
                _queue_notice(session, order, event, reader, reader.telegram_id, notice, notices_due)


def _gets_notice(reader: Person, notice: str, event: Event) -> bool:
    is_worth_it = notice not in SENT_IF or SENT_IF[notice](event)
    return is_worth_it and event.actor_id != reader.id and preferences.wants(reader, notice)


def _queue_notice(
    session: Session,
    order: Order,
    event: Event,
    reader: Person,
    chat_id: int,
    notice: str,
    due_at: datetime | None,
) -> None:
    gathered = GATHER_FOR.get(notice)
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{chat_id}:{notice}",
        kind=notice,
        chat_id=chat_id,
        stream=outbox.order_stream(order.id, chat_id),
        arguments=event.arguments,
        collapse_key=f"{notice}:{order.id}:{chat_id}" if gathered else None,
        person_id=reader.id,
        order_id=order.id,
        event_id=event.id,
        due_at=clock.utcnow() + gathered if gathered else due_at,
    )


def _amend_notices(session: Session, order: Order, event: Event, chat_id: int) -> None:
    """Edit what was sent, or is on its way: in the same stream, so after it. What still waits says the truth anyway."""
    notices = select(OutboxRow).where(
        OutboxRow.order_id == order.id,
        OutboxRow.chat_id == chat_id,
        OutboxRow.kind.in_(AMENDED[event.kind]),
        OutboxRow.state.in_(_MAY_BE_OUT),
    )
    for notice in session.scalars(notices).all():
        _amend_notice(session, order, event, notice)


def _amend_notice(session: Session, order: Order, event: Event, notice: OutboxRow) -> None:
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{notice.id}:amended",
        kind="notice.amended",
        chat_id=notice.chat_id,
        stream=notice.stream,
        arguments={"row": notice.id},
        collapse_key=f"amended:{notice.id}",
        person_id=notice.person_id,
        order_id=order.id,
        event_id=event.id,
    )


def supersede_outdated(session: Session, order: Order, event: Event) -> None:
    """An order moved: what earlier moves wanted to say and is not true any more, or is said anew, is not sent."""
    said_anew = RECIPIENTS[event.kind].get(Audience.MECHANIC)
    untrue = [kind for kind, states in TRUE_WHILE.items() if order.state not in states or kind == said_anew]
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.order_id == order.id,
            OutboxRow.kind.in_(untrue),
            OutboxRow.event_id != event.id,
            OutboxRow.ambiguous == 0,
            text("state = 'pending'"),
        )
        .values(state=OutboxState.SUPERSEDED, reason=_superseded_reason(event.id))
        .execution_options(synchronize_session=False)
    )


def _superseded_reason(event_id: int) -> str:
    return f"overtaken by event {event_id}"


def retract_notices(session: Session, order: Order, undone_id: int, event: Event) -> None:
    """A move was undone: its notice is not sent or, where it may be out, corrected; what it had overtaken is sent.

    Args:
        undone_id: the event of the move.
        event: that it was undone.
    """
    of_move = (OutboxRow.order_id == order.id, OutboxRow.event_id == undone_id, OutboxRow.kind.in_(TRUE_WHILE))
    as_it_is = {"synchronize_session": False}
    session.execute(
        update(OutboxRow)
        .where(*of_move, text("state = 'pending'"))
        .values(state=OutboxState.SUPERSEDED, reason="undone"),
        execution_options=as_it_is,
    )
    may_be_out = or_(OutboxRow.state.in_(_MAY_BE_OUT), OutboxRow.ambiguous > 0)
    for notice in session.scalars(select(OutboxRow).where(*of_move, may_be_out)).all():
        _amend_notice(session, order, event, notice)
        _queue_correction(session, order, event, notice)
    overtaken = update(OutboxRow).where(
        OutboxRow.order_id == order.id,
        OutboxRow.state == OutboxState.SUPERSEDED,
        OutboxRow.reason == _superseded_reason(undone_id),
    )
    session.execute(overtaken.values(state=OutboxState.PENDING, reason=""), execution_options=as_it_is)
    wake_after_commit(session, Work.MESSAGES)


def _queue_correction(session: Session, order: Order, event: Event, notice: OutboxRow) -> None:
    """After the notice, in its stream: the renderer sees whether it did go out."""
    facts = event.arguments
    untrue = facts["before"] if facts["before"] != facts["after"] else ""  # the same state for another reason or day
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{notice.id}:undone",
        kind="notice.undone",
        chat_id=notice.chat_id,
        stream=notice.stream,
        arguments={"row": notice.id, "before": untrue},
        person_id=notice.person_id,
        order_id=order.id,
        event_id=event.id,
    )


def update_queue_cards(session: Session, left: Order, *, cause: str) -> None:
    """An order left the queue: the cards of those behind it say a new place, as far as cards say one."""
    for order in queue.orders_behind(session, left):
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
