"""The changes of an order or another row that a stale client has missed."""

from __future__ import annotations

from common import audit
from common.errors import StaleVersion
from common.orders import reading
from webapp.api.shapes.talk_shapes import Fact
from webapp.web.context import desk
from webapp.wording.problems import Problem

MAX_MISSED_EVENTS = 50


def stale_problem(error: StaleVersion) -> Problem:
    """A refusal that lists the changes made meanwhile: an order's from its timeline, all others from the audit."""
    with desk().database.read() as session:
        if error.what == "order":
            newest = reading.last_events(session, error.key, MAX_MISSED_EVENTS, since=error.since)
            missed = [Fact.of(event) for event in reversed(newest)]
        else:
            missed = [Fact.of(entry) for entry in audit.since(session, error.what, error.key, error.since)]
    happened = [fact.model_dump(mode="json") for fact in missed]
    return Problem("stale-version", members={"version": error.version, "happened": happened})
