"""The consumer runs the step of each inbox row: one lane per person, lanes side by side, each in order of arrival.

An update's own exception counts toward quarantine, and so does the end of the process while its step ran: three
attempts, and then its lane goes on. An error of the database itself counts for nothing: the lane waits and tries again.
Strangers have few places of their own, and their work lets members' go before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.chat.incoming import Answer
from bot_daemon.inbound.lanes import Lane, Lanes
from bot_daemon.inbound.press_answer import PressAnswer
from bot_daemon.inbound.quarantine import Quarantine, told
from bot_daemon.inbound.stepping import AlreadyDone, Library, StepRun, attempt_update
from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from bot_daemon.runtime.poll_loop import PollLoop
from common.database.engine import is_transient
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt
from common.messaging.waiting import WaitingUpdate
from common.settings.timing import Timing

log = logging.getLogger(__name__)

LANES_AT_ONCE, STRANGERS_AT_ONCE = 32, 4


class Consumer:
    """The leader's consumer. `application` is python-telegram-bot's, started, with one group of handlers."""

    def __init__(
        self,
        thread: DatabaseThread,
        api: TelegramApi,
        application: Library,
        timing: Timing,
    ) -> None:
        self._thread, self._api, self._application, self._timing = thread, api, application, timing
        self._quarantine = Quarantine(thread)
        self._poll_loop = PollLoop("consumer", timing.poll)
        self._lanes = Lanes(thread, timing.poll, self._start)
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._lane_error: BaseException | None = None  # the error that ended a lane
        self._rooms = {True: asyncio.Semaphore(LANES_AT_ONCE), False: asyncio.Semaphore(STRANGERS_AT_ONCE)}

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
        look_again = await self._lanes.load()
        metrics.LANES.set(len(self._lanes))
        return 0.0 if look_again else self._timing.poll

    def _start(self, lane: Lane) -> None:
        task = asyncio.create_task(self._work(lane), name=f"lane {lane.name}")
        self._tasks.add(task)
        task.add_done_callback(self._on_lane_end)

    def _on_lane_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._lane_error = task.exception()
            self._poll_loop.wake()

    async def _work(self, lane: Lane) -> None:
        """Work through one lane, row by row."""
        try:
            while lane.rows and not self._poll_loop.stopping.is_set():
                async with self._rooms[lane.is_member]:
                    await self._finish(lane.rows[0], patient=not lane.is_member)
                    lane.rows.popleft()
        finally:
            if self._lanes.end(lane):
                self._poll_loop.wake()

    async def _finish(self, row: WaitingUpdate, *, patient: bool) -> None:
        """Try one row until it is done, ignored or in quarantine; or until the consumer stops."""
        press = PressAnswer(self._answer_press, self._timing.callback_answer)
        try:
            await self._try(row, press, patient=patient)
        finally:
            press.close()

    async def _try(self, row: WaitingUpdate, press: PressAnswer, *, patient: bool) -> None:
        attempt = attempts.next_of(row)
        while not self._poll_loop.stopping.is_set():
            try:
                following = await self._attempt_once(row, attempt, press, patient=patient)
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

    async def _attempt_once(
        self, row: WaitingUpdate, attempt: Attempt, press: PressAnswer, *, patient: bool
    ) -> Attempt | None:
        """Make one attempt and record its outcome. Returns the next attempt; None when the row is finished."""
        if attempt.number > attempts.MOST:
            await self._quarantine.died(row)
            return None
        began = time.monotonic()
        error = await self._run_step(row, attempt, press, patient=patient)
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

    async def _run_step(
        self, row: WaitingUpdate, attempt: Attempt, press: PressAnswer, *, patient: bool
    ) -> Exception | None:
        """Returns the update's own exception. Raises an error of the database."""
        run = StepRun(attempt)
        if (press_id := inbox.press_id(row.press)) is not None:
            press.expect(press_id)
        try:
            await self._thread.call(
                lambda: attempt_update(self._thread.database, self._application, run),
                "step",
                subject=f"update {row.update_id}",
                patient=patient,
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

    def _record_outcome(self, row: WaitingUpdate, run: StepRun) -> None:
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
