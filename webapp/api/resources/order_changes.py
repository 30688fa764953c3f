"""What happened to an order: its timeline, and what a stale client has missed of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from common import audit
from common.database.models import Event
from common.errors import StaleRow, StaleVersion
from webapp.api.shapes.talk_shapes import Fact
from webapp.web.context import desk
from webapp.wording.problems import Problem

MAX_MISSED_EVENTS = 50


def events_after(session: Session, order_id: int, after: int, limit: int) -> list[Event]:
    """One more than a page of facts, oldest first."""
    later = select(Event).where(Event.order_id == order_id, Event.id > after).order_by(Event.id).limit(limit + 1)
    return list(session.scalars(later.options(joinedload(Event.actor))))


def stale_order_problem(error: StaleVersion) -> Problem:
    """A refusal that says what changed meanwhile."""
    missed = select(Event).where(Event.order_id == error.order_id, Event.version > error.since)
    with desk().database.read() as session:
        events = session.scalars(
            missed.order_by(Event.id.desc()).limit(MAX_MISSED_EVENTS).options(joinedload(Event.actor))
        ).all()
        happened = [Fact.of(event).model_dump(mode="json") for event in reversed(events)]
    return Problem("stale-version", members={"version": error.version, "happened": happened})


def stale_row_problem(error: StaleRow) -> Problem:
    """The same for what has no timeline of its own: the audit tells."""
    with desk().database.read() as session:
        missed = audit.since(session, error.what, int(str(error.key)), error.since)
        happened = [Fact.of(entry).model_dump(mode="json") for entry in missed]
    return Problem("stale-version", members={"version": error.version, "happened": happened})
