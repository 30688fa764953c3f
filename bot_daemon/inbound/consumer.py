"""The consumer runs the step of each inbox row: one lane per person, lanes side by side, each in order of arrival.

An update's own exception counts toward quarantine, and so does the end of the process while its step ran: three
attempts, and then its lane goes on. An error of the database itself counts for nothing: the lane waits and tries again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram.ext import Application

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.chat.incoming import Answer
from bot_daemon.inbound.press_answer import PressAnswer
from bot_daemon.inbound.quarantine import Quarantine, told
from bot_daemon.inbound.stepping import AlreadyDone, StepRun, attempt_update
from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from bot_daemon.runtime.poll_loop import PollLoop
from common.database.engine import is_transient
from common.database.models import InboxRow, InboxState
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt
from common.settings.timing import Timing

log = logging.getLogger(__name__)

BATCH = 100  # rows per query; at most four batches are held in memory, the rest waits in the table
LANES_AT_ONCE = 32


class Consumer:
    """The leader's consumer. `application` is python-telegram-bot's, started, with one group of handlers."""

    def __init__(
        self,
        thread: DatabaseThread,
        api: TelegramApi,
        application: Application[Any, Any, Any, Any, Any, Any],
        timing: Timing,
    ) -> None:
        self._thread, self._api, self._application, self._timing = thread, api, application, timing
        self._quarantine = Quarantine(thread)
        self._poll_loop = PollLoop("consumer", timing.poll)
        self._known: set[int] = set()
        self._lanes: dict[str, deque[InboxRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._lane_error: BaseException | None = None  # the error that ended a lane
        self._room = asyncio.Semaphore(LANES_AT_ONCE)
        self._highest = 0
        self._next_sweep = 0.0

    def wake(self) -> None:
        """Look again: there may be a new row."""
        self._poll_loop.wake()

    async def run(self) -> None:
        """Run until `stop`. Raises the error that ended a lane."""
        await self._poll_loop.run(self._round)

    async def stop(self, grace: float) -> None:
        """Start no more steps. Let the running steps finish and their answers leave."""
        self._poll_loop.stop()
        deadline = time.monotonic() + grace
        for running in (self._tasks, self._answers):  # in this order: a step that finishes leaves an answer
            if running:
                await asyncio.wait(running, timeout=max(deadline - time.monotonic(), 0.0))

    async def _round(self) -> float:
        if self._lane_error is not None:
            raise self._lane_error
        return 0.0 if await self._load() else self._timing.poll

    async def _load(self) -> bool:
        """Take new rows into their lanes. True: there may be more.

        Most calls read only rows after the highest seen. Each poll reads all rows, because another process may commit a
        lower number later.
        """
        now = time.monotonic()
        sweep = now >= self._next_sweep
        if sweep:
            self._next_sweep = now + self._timing.poll
        after_seq = 0 if sweep else self._highest
        if len(self._known) >= BATCH * 4:
            return False
        rows = await self._thread.read(lambda session: self._new_rows(session, after_seq))
        for row in rows:
            self._highest = max(self._highest, row.seq)
            self._known.add(row.seq)
            self._add_to_lane(row)
        metrics.LANES.set(len(self._lanes))
        return len(rows) >= BATCH

    def _new_rows(self, session: Session, after_seq: int) -> list[InboxRow]:
        numbers = session.scalars(
            select(InboxRow.seq)
            .where(InboxRow.state == InboxState.RECEIVED, InboxRow.seq > after_seq)
            .order_by(InboxRow.seq)
            .limit(BATCH + len(self._known))
        )
        wanted = [seq for seq in numbers if seq not in self._known][:BATCH]
        if not wanted:
            return []
        statement = select(InboxRow).where(InboxRow.seq.in_(wanted), InboxRow.state == InboxState.RECEIVED)
        return list(session.scalars(statement.order_by(InboxRow.seq)))

    def _add_to_lane(self, row: InboxRow) -> None:
        lane = self._lanes.get(row.lane)
        if lane is not None:
            lane.append(row)
            return
        self._lanes[row.lane] = deque([row])
        task = asyncio.create_task(self._work(row.lane), name=f"lane {row.lane}")
        self._tasks.add(task)
        task.add_done_callback(self._on_lane_end)

    def _on_lane_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._lane_error = task.exception()
            self._poll_loop.wake()

    async def _work(self, name: str) -> None:
        """Work through one lane, row by row."""
        lane = self._lanes[name]
        try:
            while lane and not self._poll_loop.stopping.is_set():
                async with self._room:
                    row = lane[0]
                    await self._finish(row)
                    lane.popleft()
                    self._known.discard(row.seq)
        finally:
            self._known.difference_update(row.seq for row in lane)
            del self._lanes[name]

    async def _finish(self, row: InboxRow) -> None:
        """Try one row until it is done, ignored or in quarantine; or until the consumer stops."""
        press = PressAnswer(self._answer_press, self._timing.callback_answer)
        try:
            await self._try(row, press)
        finally:
            press.close()

    async def _try(self, row: InboxRow, press: PressAnswer) -> None:
        attempt = attempts.next_of(row)
        while not self._poll_loop.stopping.is_set():
            try:
                following = await self._attempt_once(row, attempt, press)
                if following is None:
                    return
                attempt = following
            except Exception as failure:
                if not is_transient(failure):
                    raise
                log.warning(
                    "The database failed during update %s; the update is tried again: %s",
                    row.update_id,
                    type(failure).__name__,
                )
                await self._take_back(attempt)
                await self._pause(self._timing.poll / 4)

    async def _attempt_once(self, row: InboxRow, attempt: Attempt, press: PressAnswer) -> Attempt | None:
        """Make one attempt and record its outcome. Returns the next attempt; None when the row is finished."""
        if attempt.number > attempts.MOST:
            await self._quarantine.died(row)
            return None
        began = time.monotonic()
        error = await self._run_step(row, attempt, press)
        trace = told(error) if error is not None else ""
        if error is None or await self._quarantine.raised(row, attempt, trace):
            metrics.STEP_SECONDS.observe(time.monotonic() - began)
            press.give(Answer())
            return None
        if attempt.number == attempts.MOST:  # another process has finished it
            return None
        await self._pause(self._timing.retry_step[min(attempt.number, len(self._timing.retry_step)) - 1])
        return attempt.after_raising(trace)

    async def _take_back(self, attempt: Attempt) -> None:
        """A failure, while the database is away, does no harm: the next try begins the attempt of the same number."""
        try:
            await self._thread.run(lambda session: attempts.take_back(session, attempt), "attempt")
        except Exception as failure:
            if not is_transient(failure):
                raise

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poll_loop.stopping.wait(), seconds)

    async def _run_step(self, row: InboxRow, attempt: Attempt, press: PressAnswer) -> Exception | None:
        """Returns the update's own exception. Raises an error of the database."""
        run = StepRun(attempt)
        if (press_id := inbox.press_id(row.body)) is not None:
            press.expect(press_id)
        try:
            await self._thread.call(
                lambda: attempt_update(self._thread.database, self._application, run),
                "step",
                subject=f"update {row.update_id}",
            )
        except Exception as error:  # a body the library cannot take is the update's own fault too
            run.error = error
        if run.error is not None and is_transient(run.error):
            raise run.error
        if isinstance(run.error, Exception) and not isinstance(run.error, AlreadyDone):
            return run.error
        self._record_outcome(row, run)
        press.give(run.answer or Answer())
        return None

    def _record_outcome(self, row: InboxRow, run: StepRun) -> None:
        if isinstance(run.error, AlreadyDone):
            log.info("Inbox row %d was finished by another daemon", run.seq)
            return
        outcome = "ignored" if run.answer is None else "handled"
        metrics.UPDATES.labels(outcome).inc()
        log.info("Update %s was %s", row.update_id, outcome)

    def _answer_press(self, callback_id: str, given: Answer) -> None:
        """Answer directly, not by the outbox: a late answer is worthless. A refusal (too old) is harmless."""
        parameters: dict[str, Any] = {"callback_query_id": callback_id}
        if given.toast:
            parameters |= {"text": given.toast[:200], "show_alert": given.alert}
        task = asyncio.create_task(self._call_answer(parameters), name="answer a press")
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _call_answer(self, parameters: dict[str, Any]) -> None:
        await self._api.call("answerCallbackQuery", parameters)
