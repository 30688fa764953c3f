"""The consumer takes inbox rows to their steps: one lane per person, lanes side by side, each in order of arrival.

An update's own exception counts toward quarantine, three attempts, and then its lane goes on. An error of the database
itself counts for nothing: the lane waits and tries again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import traceback
from collections import deque
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Update
from telegram.ext import Application

from bot_daemon import metrics, steps
from bot_daemon.incoming import Answer, read
from bot_daemon.presses import PressAnswer
from bot_daemon.rounds import Rounds
from bot_daemon.stepping import AlreadyDone, Run, current
from bot_daemon.telegram_request import TelegramApi
from bot_daemon.thread import DatabaseThread
from common import inbox
from common.database import is_passing, storable
from common.logs import masked
from common.models import InboxRow, InboxState
from common.timing import Timing

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
BATCH = 100  # rows in one look; at most four of them are held in memory, the rest waits in the table
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
        self._rounds = Rounds("consumer", timing.poll)
        self._known: set[int] = set()
        self._lanes: dict[str, deque[InboxRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._died: BaseException | None = None  # what a lane died of
        self._room = asyncio.Semaphore(LANES_AT_ONCE)
        self._highest = 0
        self._next_sweep = 0.0

    def wake(self) -> None:
        """There may be a new row."""
        self._rounds.wake()

    async def run(self) -> None:
        """Until `stop`. Raises what a lane died of."""
        await self._rounds.run(self._round)

    async def stop(self, grace: float) -> None:
        """Start no more steps; let those that run finish, and their answers leave."""
        self._rounds.stop()
        deadline = time.monotonic() + grace
        for running in (self._tasks, self._answers):  # in this order: a step that finishes leaves an answer
            if running:
                await asyncio.wait(running, timeout=max(deadline - time.monotonic(), 0.0))

    async def _round(self) -> float:
        if self._died is not None:
            raise self._died
        return 0.0 if await self._load() else self._timing.poll

    async def _load(self) -> bool:
        """Take new rows into their lanes. True: there may be more.

        Mostly only rows after the highest seen; each poll looks at all, because another process may commit a lower
        number later.
        """
        now = time.monotonic()
        sweep = now >= self._next_sweep
        if sweep:
            self._next_sweep = now + self._timing.poll
        after_seq = 0 if sweep else self._highest
        if len(self._known) >= BATCH * 4:
            return False
        rows = await self._thread.read(lambda session: self._unknown(session, after_seq))
        for row in rows:
            self._highest = max(self._highest, row.seq)
            self._known.add(row.seq)
            self._into_lane(row)
        metrics.LANES.set(len(self._lanes))
        return len(rows) >= BATCH

    def _unknown(self, session: Session, after_seq: int) -> list[InboxRow]:
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

    def _into_lane(self, row: InboxRow) -> None:
        lane = self._lanes.get(row.lane)
        if lane is not None:
            lane.append(row)
            return
        self._lanes[row.lane] = deque([row])
        task = asyncio.create_task(self._work(row.lane), name=f"lane {row.lane}")
        self._tasks.add(task)
        task.add_done_callback(self._lane_ended)

    def _lane_ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._died = task.exception()
            self._rounds.wake()

    async def _work(self, name: str) -> None:
        """One lane: its rows one after another."""
        lane = self._lanes[name]
        try:
            while lane and not self._rounds.stopping.is_set():
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
        attempt = 0
        while attempt < MOST_ATTEMPTS and not self._rounds.stopping.is_set():
            began = time.monotonic()
            try:
                error = await self._attempt(row, press)
                if error is None or await self._failed(row, error):
                    metrics.STEP_SECONDS.observe(time.monotonic() - began)
                    press.give(Answer())
                    return
            except Exception as failure:
                if not is_passing(failure):
                    raise
                log.warning(
                    "The database failed on update %s, it is tried again: %s", row.update_id, type(failure).__name__
                )
                await self._pause(self._timing.poll / 4)
                continue
            await self._pause(self._timing.retry_step[min(attempt, len(self._timing.retry_step) - 1)])
            attempt += 1

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rounds.stopping.wait(), seconds)

    async def _attempt(self, row: InboxRow, press: PressAnswer) -> Exception | None:
        """Run the step once. Returns the update's own exception; raises what the database failed with."""
        run = Run(row.seq)
        token = current.set(run)
        try:
            update = Update.de_json(json.loads(row.body or b"null"), self._application.bot)
            if update is not None and update.callback_query:
                press.expect(update.callback_query.id)
            await self._application.process_update(update)
            self._raise_database_error(run)
            if run.error is None:
                await self._settle(row, run)
                press.give(run.answer or Answer())
            return run.error if isinstance(run.error, Exception) else None
        except Exception as error:  # a body the library cannot take is the update's own fault too
            if is_passing(error):
                raise
            return error
        finally:
            current.reset(token)

    @staticmethod
    def _raise_database_error(run: Run) -> None:
        if isinstance(run.error, AlreadyDone):
            log.info("Inbox row %d was finished by somebody else", run.seq)
            run.error = None
            run.answer = Answer()
        elif run.error is not None and is_passing(run.error):
            raise run.error

    async def _settle(self, row: InboxRow, run: Run) -> None:
        if run.answer is None:
            await self._thread.run(lambda session: inbox.mark_done(session, row.seq, "ignored"), "ignore")
        outcome = "ignored" if run.answer is None else "handled"
        metrics.UPDATES.labels(outcome).inc()
        log.info("Update %s was %s", row.update_id, outcome)

    async def _failed(self, row: InboxRow, error: Exception) -> bool:
        """Count the attempt; the last one puts the update in quarantine, with one apology. True: it was the last."""
        trace = storable(masked("".join(traceback.format_exception(error))))
        log.error("Update %s (inbox row %d) raised:\n%s", row.update_id, row.seq, trace)

        try:
            quarantined = await self._count(row, trace, apologise=True)
        except Exception as failure:  # saying sorry must not keep the update out of quarantine
            if is_passing(failure):
                raise
            log.exception("There is no way to apologise for update %s", row.update_id)
            quarantined = await self._count(row, trace, apologise=False)
        if quarantined:
            metrics.UPDATES.labels("quarantined").inc()
            log.error("Update %s is in quarantine as inbox row %d", row.update_id, row.seq)
        return quarantined

    async def _count(self, row: InboxRow, trace: str, *, apologise: bool) -> bool:
        def count(session: Session) -> bool:
            if not inbox.count_attempt(session, row.seq, trace, MOST_ATTEMPTS):
                return False
            if apologise:
                self._apologise(session, row)
            return True

        return await self._thread.run(count, "quarantine")

    def _apologise(self, session: Session, row: InboxRow) -> None:
        try:
            update = Update.de_json(json.loads(row.body or b"null"), self._application.bot)
            incoming = read(update, row.seq)
        except Exception:  # an update that cannot be read has nobody to apologise to
            return
        if incoming is not None and incoming.chat_kind == "private":
            steps.apology(session, incoming.chat_id, row.seq, incoming.language_code)

    def _answer_press(self, callback_id: str, given: Answer) -> None:
        """Directly, not by the outbox: it is worth nothing later. A refusal (too old) is harmless."""
        parameters: dict[str, Any] = {"callback_query_id": callback_id}
        if given.toast:
            parameters |= {"text": given.toast[:200], "show_alert": given.alert}
        task = asyncio.create_task(self._call_answer(parameters), name="answer a press")
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _call_answer(self, parameters: dict[str, Any]) -> None:
        await self._api.call("answerCallbackQuery", parameters)
