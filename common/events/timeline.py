"""The timeline: facts that happened to an order. Append-only; recording an event also queues its notifications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock, order_index
from common.database.engine import bump_revision
from common.database.models import Event, Order
from common.events import notices
from common.events.kinds import EventKind
from common.facts.base import Arguments, stored_for
from common.permissions import Actor


def record_event(
    session: Session,
    actor: Actor,
    order: Order,
    kind: EventKind,
    arguments: Arguments,
    *,
    notices_due: datetime | None = None,
) -> Event:
    """Add a fact to the timeline of an order that is locked, and tell whom its row names.

    Args:
        notices_due: when what makes a sound may leave; cards are changed at once.
    """
    event = Event(
        order_id=order.id,
        kind=kind.value,
        at=clock.utcnow(),
        actor_id=actor.person_id,
        via=actor.via,
        version=order.version,
        arguments=stored_for(kind, kind.spec.arguments, arguments),
    )
    session.add(event)
    session.flush()
    if kind.spec.changes_words:
        order_index.index_order(session, order)
    notices.notify_readers(session, order, event, arguments, notices_due)
    bump_revision(session)
    return event


def latest_event(session: Session, order_id: int, *kinds: EventKind) -> Event | None:
    """The newest fact of these kinds."""
    of_it = select(Event).where(Event.order_id == order_id, Event.kind.in_(kinds))
    return session.scalar(of_it.order_by(Event.id.desc()).limit(1))
