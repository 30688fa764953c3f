"""Looking after the process itself: its heartbeat, its gauges, and the end when the database does not come back."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.orm import Session

from bot_daemon.process.health import Status
from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import is_transient, sqlite_is_safe, sqlite_module
from common.media import attachments
from common.messaging import inbox, leases, outbox, processes
from common.messaging.leases import Identity
from common.settings.timing import Timing

log = logging.getLogger(__name__)


class DatabaseStuck(Exception):
    """The database thread does not come back: only a new process helps."""


class Heartbeat:
    def __init__(self, thread: DatabaseThread, status: Status, me: Identity, timing: Timing) -> None:
        self._thread, self._status, self._timing = thread, status, timing
        self._name = f"daemon:{me.holder}"
        database = thread.database
        status.unwell_reason = lambda: "the database does not answer" if self._is_stuck() else ""
        status.arrangement = {
            "database": database.engine.dialect.name,
            "sqlite": sqlite_module().sqlite_version if database.is_sqlite else "",
            "machine": leases.machine(),
        }
        if database.is_sqlite and not sqlite_is_safe():
            log.warning(
                "SQLite %s can corrupt a database that two processes write: install pysqlite3 (3.51.3 or newer)",
                sqlite_module().sqlite_version,
            )

    def _is_stuck(self) -> bool:
        return self._thread.busy_for() > self._timing.stuck_database

    async def watch_database(self) -> None:
        """Raises: Stuck, when the database thread has been at one piece of work for too long."""
        while True:
            await asyncio.sleep(self._timing.stuck_database / 10)
            if self._is_stuck():
                raise DatabaseStuck(f"its thread has been busy for {self._thread.busy_for():.0f} s")

    async def beat(self) -> None:
        """Say again and again that this process lives, and what it does."""
        while True:
            try:
                await self._thread.run(self._beat_once, "heartbeat")
                await self.refresh_gauges()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("No heartbeat was recorded, the database is unavailable: %s", type(error).__name__)
            await asyncio.sleep(self._timing.heartbeat)

    def _beat_once(self, session: Session) -> None:
        processes.record_heartbeat(session, self._name, "daemon", self._status.started_at, self._status.details())

    async def forget(self) -> None:
        """A clean end takes its heartbeat away."""
        with contextlib.suppress(Exception):
            await self._thread.run(lambda session: processes.remove(session, self._name), "heartbeat")

    async def refresh_gauges(self) -> None:
        """Count what waits. An unavailable database leaves the gauges as they are."""
        try:
            await self._count()
        except Exception as error:
            if not is_transient(error):
                raise

    async def _count(self) -> None:
        count, age = await self._thread.read(inbox.depth)
        metrics.INBOX_DEPTH.set(count)
        metrics.INBOX_AGE.set(age)
        waiting, oldest = await self._thread.read(outbox.depth)
        metrics.OUTBOX_DEPTH.set(waiting)
        metrics.OUTBOX_AGE.set(oldest.total_seconds())
        files, _ = await self._thread.read(attachments.depth)
        metrics.MEDIA_WANTED.set(files)
