"""The watchdog: a database thread that is stuck ends the process, and so does an event loop that is frozen."""

from __future__ import annotations

import asyncio
import faulthandler

from bot_daemon.process.health import Status
from bot_daemon.runtime.database_thread import DatabaseThread, RunningWork
from common.settings.timing import Timing


class DatabaseStuck(Exception):
    """The database does not answer the database thread: only a new process helps."""


class ComputesWithoutEnd(Exception):
    """Our own code keeps the database thread busy: only a new process helps."""


class Watchdog:
    """Watches one database thread and reports to `status`."""

    def __init__(self, thread: DatabaseThread, status: Status, timing: Timing) -> None:
        self._thread, self._timing = thread, timing
        status.unwell_reason = lambda: _described(stuck) if (stuck := self._stuck_work()) else ""

    def _stuck_work(self) -> RunningWork | None:
        running = self._thread.running()
        return running if running is not None and running.seconds > self._timing.stuck_database else None

    async def watch(self) -> None:
        """Watch the thread. Raises: DatabaseStuck, ComputesWithoutEnd, when one piece of work runs for too long."""
        while True:
            await asyncio.sleep(self._timing.stuck_database / 10)
            if (stuck := self._stuck_work()) is not None:
                raise (DatabaseStuck if stuck.waits_for_database else ComputesWithoutEnd)(_described(stuck))


def _described(stuck: RunningWork) -> str:
    if stuck.waits_for_database:
        return f"the database does not answer: {stuck.name} has waited for {stuck.in_database:.0f} s"
    return f"our own code has been computing for {stuck.seconds:.0f} s: {stuck.name}"


async def exit_when_frozen(seconds: float) -> None:
    """End the process, with the traceback of every thread, when the event loop stands still for so long.

    Code in C that holds the interpreter lets no thread of ours run, the watchdog neither. The timer of `faulthandler`
    is a thread that needs no interpreter.
    """
    try:
        while True:
            faulthandler.dump_traceback_later(seconds, exit=True)
            await asyncio.sleep(seconds / 10)
    finally:
        faulthandler.cancel_dump_traceback_later()
