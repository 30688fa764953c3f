"""The heartbeat: this process repeatedly reports that it lives and what it does, and counts the waiting work."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.orm import Session

from bot_daemon.process.health import Status
from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database import schema
from common.database.engine import is_transient
from common.media import attachments
from common.messaging import inbox, outbox, processes
from common.messaging.leases import Identity
from common.settings.timing import Timing

log = logging.getLogger(__name__)


class Heartbeat:
    """The heartbeat of one process."""

    def __init__(self, thread: DatabaseThread, status: Status, me: Identity, timing: Timing) -> None:
        self._thread, self._status, self._timing = thread, status, timing
        self._name = f"daemon:{me.holder}"

    async def beat(self) -> None:
        """Report repeatedly that this process lives, and what it does.

        Raises: SchemaError when the schema no longer fits this program.
        """
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
        schema.check_floor(session)
        processes.record_heartbeat(session, self._name, "daemon", self._status.started_at, self._status.details())

    async def forget(self) -> None:
        """Remove the heartbeat at a clean end."""
        with contextlib.suppress(Exception):
            await self._thread.run(lambda session: processes.remove(session, self._name), "heartbeat")

    async def refresh_gauges(self) -> None:
        """Count the waiting work. While the database is unavailable the gauges keep their values."""
        try:
            await self._count_waiting()
        except Exception as error:
            if not is_transient(error):
                raise

    async def _count_waiting(self) -> None:
        count, age = await self._thread.read(inbox.depth)
        metrics.INBOX_DEPTH.set(count)
        metrics.INBOX_AGE.set(age)
        waiting, oldest = await self._thread.read(outbox.depth)
        metrics.OUTBOX_DEPTH.set(waiting)
        metrics.OUTBOX_AGE.set(oldest.total_seconds())
        files, _ = await self._thread.read(attachments.depth)
        metrics.MEDIA_WANTED.set(files)
