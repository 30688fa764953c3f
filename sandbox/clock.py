"""Two times: the wall's (dates in messages, limits) and the engine's (delays), which a test may run faster."""

import asyncio
import time


class Clock:
    """`scale` is the length of one engine second in real seconds: 0.1 runs every delay ten times faster.

    `advance` jumps both times forward; sleepers whose moment has passed wake at once.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._born = time.monotonic()
        self._jumped = 0.0
        self._jump = asyncio.Event()

    def wall(self) -> float:
        """Unix time, moved by every `advance`."""
        return time.time() + self._jumped

    def now(self) -> float:
        """Engine seconds since the start: scaled real time plus every jump."""
        return (time.monotonic() - self._born) / self.scale + self._jumped

    def advance(self, seconds: float) -> None:
        self._jumped += seconds
        self._jump.set()
        self._jump = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + seconds)

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` has reached `moment`."""
        while (left := moment - self.now()) > 0:
            await self._pause(left * self.scale)

    async def _pause(self, real_seconds: float) -> None:
        try:
            async with asyncio.timeout(real_seconds):
                await self._jump.wait()
        except TimeoutError:
            return
