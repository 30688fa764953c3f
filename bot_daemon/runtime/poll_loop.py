"""The loop that the leader's workers share: a round, then a pause that can be cut short, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from common.database.engine import is_transient

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.001  # seconds; even a worker with more to do lets the loop's other tasks run


class PollLoop:
    """Runs one worker's rounds. `name` is its name in the log; `poll` is its pause while the database is away."""

    def __init__(self, name: str, poll: float) -> None:
        self._name, self._poll = name, poll
        self._wake = asyncio.Event()
        self.stopping = asyncio.Event()

    def wake(self) -> None:
        """Begin the next round at once: there may be work."""
        self._wake.set()

    def stop(self) -> None:
        """Make the present round the last one."""
        self.stopping.set()
        self._wake.set()

    async def run(self, look: Callable[[], Awaitable[float]]) -> None:
        """Look again and again; `look` returns the seconds until the next round is worth while.

        A failure of the database itself is waited out. Raises: any other error of `look`.
        """
        while not self.stopping.is_set():
            self._wake.clear()
            try:
                pause = await look()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("The database is unavailable; the %s waits: %s", self._name, type(error).__name__)
                pause = self._poll
            if not self.stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), max(pause, SHORTEST_PAUSE))
