"""What happened to an order: its timeline, and what a stale client has missed of it."""

from __future__ import annotations

from common import audit
from common.errors import StaleRow, StaleVersion
from common.orders import reading
from webapp.api.shapes.talk_shapes import Fact
from webapp.web.context import desk
from webapp.wording.problems import Problem

MAX_MISSED_EVENTS = 50


def stale_order_problem(error: StaleVersion) -> Problem:
    """A refusal that says what changed meanwhile."""
    with desk().database.read() as session:
        events = reading.last_events(session, error.order_id, MAX_MISSED_EVENTS, since=error.since)
        happened = [Fact.of(event).model_dump(mode="json") for event in reversed(events)]
    return Problem("stale-version", members={"version": error.version, "happened": happened})


def stale_row_problem(error: StaleRow) -> Problem:
    """The same for what has no timeline of its own: the audit tells."""
    with desk().database.read() as session:
        missed = audit.since(session, error.what, int(str(error.key)), error.since)
        happened = [Fact.of(entry).model_dump(mode="json") for entry in missed]
    return Problem("stale-version", members={"version": error.version, "happened": happened})
