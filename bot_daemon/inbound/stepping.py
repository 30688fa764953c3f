"""A step in its transaction: the step, "inbox row done", COMMIT; and how its outcome reaches the consumer.

The attempt is recorded just before, in a separate transaction but in the same piece of the database thread's work.
So when the process dies, at most one attempt has begun and not ended: the one that was running. No other lane is
suspected.

python-telegram-bot's `process_update` neither returns nor raises what a handler did, so the outcome travels in the
`StepRun` that a ContextVar holds: the wrapped step sets the answer, the error handler the error; neither means that no
handler matched.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram import Update

from bot_daemon.chat.incoming import Answer, Callback, Step, read_incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.errors import FelixError
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt


class AlreadyDone(FelixError):
    """Another process has finished the row: this transaction must leave nothing."""


@dataclass
class StepRun:
    """One row on its way through the library."""

    attempt: Attempt
    answer: Answer | None = None
    error: BaseException | None = None

    @property
    def seq(self) -> int:
        return self.attempt.seq


current_run: ContextVar[StepRun] = ContextVar("current_run")


def step_handler_for(thread: DatabaseThread) -> Callable[[Step], Callback]:
    """The function that turns a plain step into python-telegram-bot's async callback."""

    def step_handler(step: Step) -> Callback:
        async def callback(update: Update, _context: Any) -> None:
            run = current_run.get()
            incoming = read_incoming(update, run.seq)
            if incoming is None:
                return

            def attempt() -> Answer:
                with thread.database.write("attempt", durable=False) as session:
                    _unless_done(run, attempts.begin(session, run.attempt))
                with thread.database.write("step") as session:
                    answer = step(session, incoming)
                    _unless_done(run, inbox.mark_done(session, run.seq, "handled"))
                return answer

            run.answer = await thread.call(attempt, "step")

        return callback

    return step_handler


def _unless_done(run: StepRun, still_ours: bool) -> None:
    if not still_ours:
        raise AlreadyDone(f"inbox row {run.seq}")


async def error_handler(_update: object, context: Any) -> None:
    """Keeps a step's exception for the consumer, which decides."""
    current_run.get().error = context.error
