"""Leadership: taking the lease, renewing it, and knowing for how long it can be trusted.

The trust window starts just before the renewal is requested, on the monotonic clock, and is shorter than the lease.
After it nothing is sent, even if the database is silent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from bot_daemon.runtime import metrics
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import is_transient
from common.messaging import leases
from common.messaging.leases import Identity
from common.settings.timing import Timing

log = logging.getLogger(__name__)


class Leadership:
    """One process's claim to lead. `on_change` is called when leadership is gained or lost."""

    def __init__(
        self, thread: DatabaseThread, me: Identity, timing: Timing, doorbell_url: str, on_change: Callable[[], None]
    ) -> None:
        self._thread, self._me, self._timing = thread, me, timing
        self._doorbell_url, self._on_change = doorbell_url, on_change
        self._trusted_until = 0.0
        self._stop = asyncio.Event()
        self.epoch: int | None = None
        self.first_attempt_over = asyncio.Event()  # set after the first attempt, when it is known whether we lead

    def is_trusted(self) -> bool:
        """Whether this process may act as the leader right now."""
        return self.epoch is not None and time.monotonic() < self._trusted_until

    async def run(self) -> None:
        """Until `stop`: take the lease, renew it, and try again after losing it."""
        while not self._stop.is_set():
            await self._renew()
            self.first_attempt_over.set()
            pause = self._timing.renew if self.epoch is not None else self._timing.poll
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)

    async def _renew(self) -> None:
        asked = time.monotonic()
        try:
            epoch = await self._thread.run(
                lambda session: leases.acquire(session, self._me, self._timing.lease, self._doorbell_url), "lease"
            )
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("The lease could not be renewed: %s", type(error).__name__)
            if time.monotonic() >= self._trusted_until:
                self._set_epoch(None)
            return
        if epoch is not None:
            self._trusted_until = asked + self._timing.trust
        self._set_epoch(epoch)

    def _set_epoch(self, epoch: int | None) -> None:
        if epoch == self.epoch:
            return
        self.epoch = epoch
        metrics.LEADER.set(epoch is not None)
        metrics.EPOCH.set(epoch or 0)
        log.info(
            "This daemon leads, epoch %d" if epoch is not None else "This daemon stands by", *filter(None, [epoch])
        )
        self._on_change()

    def stop(self) -> None:
        self._stop.set()

    async def give_back(self) -> None:
        """Give the lease back at a clean end: the next leader need not wait for it to run out."""
        if self.epoch is None:
            return
        try:
            await self._thread.run(lambda session: leases.release(session, self._me), "release")
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("The lease could not be released; it expires by itself: %s", type(error).__name__)
        self.epoch = None
