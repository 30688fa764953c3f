"""One attempt at an update, from its first byte to its commit: one piece of the database thread's work.

First the attempt is committed, in a transaction of its own. Only then does anything touch what the update holds: the
library parses it and chooses its handler, the step runs, and "inbox row done" commits with it. So when the process
dies, whatever killed it, at most one update has an attempt that began and did not end: the one in work. No other lane
is suspected.

python-telegram-bot's `process_update` neither returns nor raises what a handler did, so the outcome travels in the
`StepRun` that a ContextVar holds: the wrapped step sets the answer, the error handler the error; neither means that no
handler matched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import Application

from bot_daemon.chat.incoming import Answer, Callback, Step, read_incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.errors import FelixError
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt

Library = Application[Any, Any, Any, Any, Any, Any]


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


def attempt_update(database: Database, application: Library, run: StepRun) -> None:
    """Make one attempt; the outcome is in `run`. Runs in the database thread.

    Raises: AlreadyDone; an error of the database; what the library raises for a body that it cannot take.
    """
    current_run.set(run)
    with database.write("attempt", durable=False) as session:
        body = attempts.begin(session, run.attempt)
    if body is None:
        raise AlreadyDone(f"inbox row {run.seq}")
    _complete(application.process_update(Update.de_json(json.loads(body), application.bot)))
    if run.answer is None and run.error is None:
        with database.write("ignore") as session:
            _unless_done(run, inbox.mark_done(session, run.seq, "ignored"))


def _complete(work: Coroutine[None, None, None]) -> None:
    """Run a coroutine that waits for nothing. The library's is one: our steps are plain functions, and block.

    Raises: RuntimeError if it does wait.
    """
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("A handler waits for something: a step is a plain function")


def step_handler_for(thread: DatabaseThread) -> Callable[[Step], Callback]:
    """The function that turns a plain step into python-telegram-bot's callback."""

    def step_handler(step: Step) -> Callback:
        async def callback(update: Update, _context: Any) -> None:
            run = current_run.get()
            incoming = read_incoming(update, run.seq)
            if incoming is None:
                return
            with thread.database.write("step") as session:
                answer = step(session, incoming)
                _unless_done(run, inbox.mark_done(session, run.seq, "handled"))
            run.answer = answer

        return callback

    return step_handler


def _unless_done(run: StepRun, still_ours: bool) -> None:
    if not still_ours:
        raise AlreadyDone(f"inbox row {run.seq}")


async def error_handler(_update: object, context: Any) -> None:
    """Keeps a step's exception for the consumer, which decides."""
    current_run.get().error = context.error
