"""The daemon's one database thread, and group commit on top of it.

Database work runs one piece at a time and is bounded: no I/O and no waiting inside. Never cancel or time out around a
call: the thread would still commit; the row in the database is the outcome.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
import itertools
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from bot_daemon.runtime.statement_clock import StatementClock
from common.database.engine import Database, is_transient

log = logging.getLogger(__name__)
T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")


PATIENCE = 1.0  # seconds for which patient work lets other work go before


@dataclass(frozen=True)
class RunningWork:
    """The present piece of work: how long it has run, and how much of that it has waited for the database."""

    name: str
    seconds: float
    in_database: float

    @property
    def waits_for_database(self) -> bool:
        return self.in_database * 2 >= self.seconds


class DatabaseThread:
    """Runs functions of a session, one after another, each in its own transaction; the urgent ones first.

    Recording an update is urgent: Telegram waits for it. Urgent work cannot starve the rest, because the next group
    commit is requested only after the last one has returned to the loop. Patient work (of strangers) lets what is
    asked for within a second after it go before; so nothing waits for ever.
    """

    def __init__(self, database: Database, budget: float = 1.0) -> None:
        self.database = database
        self._budget = budget
        self._statements = StatementClock(database.engine)
        self._present: tuple[str, float] | None = None  # the name of the present work, and when it began
        self._number = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[float, int, Callable[[], None] | None]] = queue.PriorityQueue()
        self._thread = threading.Thread(target=self._work, name="database", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Session], T], name: str = "write", *, urgent: bool = False) -> T:
        """Run `work` in one transaction: it commits when `work` returns, and leaves nothing when `work` raises."""

        def transaction() -> T:
            with self.database.write(name) as session:
                return work(session)

        return await self.call(transaction, name, urgent=urgent)

    async def read(self, work: Callable[[Session], T]) -> T:
        def look() -> T:
            with self.database.read() as session:
                return work(session)

        return await self.call(look, "read")

    async def call(
        self, work: Callable[[], T], name: str, *, subject: str = "", urgent: bool = False, patient: bool = False
    ) -> T:
        """Run any bounded piece of database work, with the caller's context (a bare thread would drop it).

        `subject` is what it works on, such as `update 7`: the log and the health page name it.
        """
        context, done = contextvars.copy_context(), concurrent.futures.Future[T]()

        def job() -> None:
            if not done.set_running_or_notify_cancel():
                return  # its caller no longer waits, and it has not begun
            try:
                done.set_result(context.run(self._run_timed, work, name, subject))
            except BaseException as error:
                done.set_exception(error)

        turn = 0.0 if urgent else time.monotonic() + (PATIENCE if patient else 0.0)
        self._jobs.put((turn, next(self._number), job))
        return await asyncio.wrap_future(done)

    def _work(self) -> None:
        while (job := self._jobs.get()[2]) is not None:
            job()

    def _run_timed(self, work: Callable[[], T], name: str, subject: str) -> T:
        self._statements.restart()
        self._present = (f"{name} of {subject}" if subject else name, time.monotonic())
        try:
            return work()
        finally:
            done = self.running()
            self._present = None
            if done is not None and done.seconds > self._budget:
                log.warning(
                    "Database work %s took %.1f s (%s%.1f s in the database), its budget is %.1f s",
                    name,
                    done.seconds,
                    f"{subject}, " if subject else "",
                    done.in_database,
                    self._budget,
                )

    def running(self) -> RunningWork | None:
        """The present piece of work; None while the thread is idle."""
        present = self._present
        if present is None:
            return None
        return RunningWork(present[0], time.monotonic() - present[1], self._statements.seconds)

    def busy_for(self) -> float:
        """Seconds for which the present piece of work has been running."""
        running = self.running()
        return running.seconds if running is not None else 0.0

    def close(self) -> None:
        """Finish the requested work, then end. A stuck thread is left behind: the process ends without it."""
        if self.busy_for() < self._budget * 10:
            self._jobs.put((math.inf, next(self._number), None))
            self._thread.join(self._budget * 10)
        self.database.dispose()


class GroupCommit(Generic[Item, Result]):
    """All waiting items go into one transaction; each caller gets its result after the commit.

    There is no linger timer, so an idle system pays nothing. When a batch fails on its contents (not on the database
    itself), its items are tried one by one, so that a bad item cannot fail its neighbours.
    """

    def __init__(
        self,
        thread: DatabaseThread,
        name: str,
        work: Callable[[Session, Sequence[Item]], Sequence[Result]],
        most: int = 500,
        urgent: bool = False,
    ) -> None:
        self._thread = thread
        self._name = name
        self._work = work
        self._most, self._urgent = most, urgent
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Add an item and wait for its result. Raises the transaction's error."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain(), name=f"group commit {self._name}")
        return await future

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        items = [item for item, _ in batch]
        try:
            results = await self._thread.run(
                lambda session: self._work(session, items), self._name, urgent=self._urgent
            )
        except Exception as error:  # handed to the waiting callers, who know what to do
            if len(batch) > 1 and not is_transient(error):
                for one in batch:
                    await self._commit([one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)

    async def wait_until_idle(self) -> None:
        """Return when no item is waiting."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})
