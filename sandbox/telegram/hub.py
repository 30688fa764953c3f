"""Live news for the chat page and for waiting tests: a revision that rises, and events for listeners."""

import asyncio
from typing import Any

from sandbox.values import Json

QUEUE_LIMIT = 1_000


class Hub:
    def __init__(self) -> None:
        self.revision = 0
        self._changed = asyncio.Event()
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    @property
    def has_listeners(self) -> bool:
        return bool(self._listeners)

    def tell(self, kind: str, **event: Any) -> None:
        """Raise the revision, wake waiting tests, tell every listener. A listener that does not keep up must reload."""
        self.revision += 1
        self._changed.set()
        for listener in self._listeners:
            if listener.qsize() >= QUEUE_LIMIT:
                continue
            full = listener.qsize() == QUEUE_LIMIT - 1
            listener.put_nowait({"type": "reload"} if full else {"type": kind, "revision": self.revision, **event})

    async def changed(self, after: int, seconds: float) -> int:
        """Wait until the revision is above `after` or the time is over. Returns the revision."""
        try:
            async with asyncio.timeout(seconds):
                while self.revision <= after:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self.revision

    def listen(self) -> asyncio.Queue[Json | None]:
        listener: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: asyncio.Queue[Json | None]) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        """Ask every listener to end."""
        for listener in self._listeners:
            listener.put_nowait(None)
        self._changed.set()
