"""Telling of an event: each reader's card follows it, and who is to hear of it gets a notice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from common import clock
from common.database.models import Event, Order, Person
from common.events import cards, corrections
from common.events.audience import READERS
from common.events.kinds import EventKind
from common.facts.base import Arguments
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.people import preferences


def notify_readers(
    session: Session, order: Order, event: Event, arguments: Arguments, notices_due: datetime | None = None
) -> None:
    """Queue each reader's card and, where the table says so, a notice.

    A chat is told once, as the first audience it belongs to; nobody is told with a sound of what they did themselves.
    """
    spec = EventKind(event.kind).spec
    told: set[int] = set()
    is_worth_it = spec.is_worth_notice(arguments)
    for audience, notice in spec.told.items():
        for reader in READERS[audience](session, order):
            if reader.telegram_id is None or reader.telegram_id in told:
                continue
            told.add(reader.telegram_id)
            cards.update_card(session, order, reader, cause=f"event:{event.id}", event_id=event.id)
            corrections.amend_notices(session, order, event, reader.telegram_id, spec.amends)
            if notice is not None and is_worth_it and _gets_notice(reader, notice, event):
                _queue_notice(session, order, event, arguments, reader, reader.telegram_id, notice, notices_due)


def _gets_notice(reader: Person, notice: MessageKind, event: Event) -> bool:
    return event.actor_id != reader.id and preferences.wants(reader, notice)


def _queue_notice(
    session: Session,
    order: Order,
    event: Event,
    arguments: Arguments,
    reader: Person,
    chat_id: int,
    notice: MessageKind,
    due_at: datetime | None,
) -> None:
    gathered = notice.spec.gather_for
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{chat_id}:{notice}",
        kind=notice,
        chat_id=chat_id,
        stream=outbox.order_stream(order.id, chat_id),
        arguments=arguments,
        collapse_key=f"{notice}:{order.id}:{chat_id}" if gathered else None,
        person_id=reader.id,
        order_id=order.id,
        event_id=event.id,
        due_at=clock.utcnow() + gathered if gathered else due_at,
    )
