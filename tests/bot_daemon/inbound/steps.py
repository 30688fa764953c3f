"""Steps for the tests of the consumer: one that answers, one that raises, one that meets a lock."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming, Step
from bot_daemon.inbound.consumer import Consumer
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import OutboxRow
from common.settings.timing import Timing
from tests.bot_daemon import rows


def echo(session: Session, incoming: Incoming) -> Answer:
    """The simplest step: a reply keyed by the update, and a toast that repeats what came."""
    rows.queue(session, f"u{incoming.update_id}", chat_id=incoming.chat_id)
    return Answer(f"took {incoming.text}")


def fails(times: int, then: Step = echo, error: Exception | None = None) -> Step:
    """A step that changes something and then raises, so many times."""
    left = [times]

    def step(session: Session, incoming: Incoming) -> Answer:
        answer = then(session, incoming)
        if left[0] > 0:
            left[0] -= 1
            raise error or LookupError("no such part")
        return answer

    return step


def by_text(**steps: Step) -> Step:
    """Choose by the first word; `echo` for all others."""
    return lambda session, incoming: steps.get(incoming.text.split(" ")[0], echo)(session, incoming)


class Consuming(Protocol):
    def __call__(
        self, thread: DatabaseThread, step: Step = echo, own_timing: Timing | None = None
    ) -> AbstractAsyncContextManager[Consumer]: ...


def replies(of: Database) -> list[str]:
    """The keys of the replies, in the order in which their steps ran."""
    with of.read() as session:
        return list(session.scalars(select(OutboxRow.key).order_by(OutboxRow.id)))


def meet_a_lock(session: Session, url: str) -> None:
    """Raises what the database says when somebody else holds a lock for too long."""
    other = Database(url, lock_timeout=0.05)
    try:
        if other.is_sqlite:  # our own transaction holds the one lock there is
            with other.write() as writer:
                writer.execute(text("SELECT 1"))
        with other.engine.begin() as connection:
            connection.execute(text("LOCK TABLE orders"))
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.execute(text("SELECT count(*) FROM orders"))
    finally:
        other.dispose()
