"""The loop that the leader's workers share: a look, a pause that can be cut short, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from common.database.engine import is_transient

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.001  # seconds; a worker that has more to do lets the others of the loop go on all the same


class PollLoop:
    """Runs one worker's rounds. `name` is what the log calls it; `poll` is its pause while the database is away."""

    def __init__(self, name: str, poll: float) -> None:
        self._name, self._poll = name, poll
        self._wake = asyncio.Event()
        self.stopping = asyncio.Event()

    def wake(self) -> None:
        """There may be something to do: the next round begins at once."""
        self._wake.set()

    def stop(self) -> None:
        """The present round is the last one."""
        self.stopping.set()
        self._wake.set()

    async def run(self, look: Callable[[], Awaitable[float]]) -> None:
        """Look again and again; `look` returns the seconds until the next round is worth while.

        A failure of the database itself is waited out. Raises: whatever else `look` raises.
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
