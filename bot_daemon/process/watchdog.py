"""The watchdog: a database thread that is stuck ends the process."""

from __future__ import annotations

import asyncio

from bot_daemon.process.health import Status
from bot_daemon.runtime.database_thread import DatabaseThread
from common.settings.timing import Timing


class DatabaseStuck(Exception):
    """The database thread is stuck: only a new process helps."""


class Watchdog:
    """Watches one database thread and reports to `status`."""

    def __init__(self, thread: DatabaseThread, status: Status, timing: Timing) -> None:
        self._thread, self._timing = thread, timing
        status.unwell_reason = lambda: "the database does not answer" if self._is_stuck() else ""

    def _is_stuck(self) -> bool:
        return self._thread.busy_for() > self._timing.stuck_database

    async def watch(self) -> None:
        """Watch the thread. Raises: DatabaseStuck when one piece of work runs for too long."""
        while True:
            await asyncio.sleep(self._timing.stuck_database / 10)
            if self._is_stuck():
                raise DatabaseStuck(f"its thread has been busy for {self._thread.busy_for():.0f} s")
