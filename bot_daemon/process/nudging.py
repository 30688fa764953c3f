"""Once a day, in the morning of the station, the desk is told what is overdue."""

from __future__ import annotations

from datetime import date, tzinfo

from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.orders import overdue

LOOK_EVERY = 300.0
FROM_HOUR = 8  # o'clock: nobody is at the station before


class Nudger:
    """Remembers only the day that is done; the keys of the messages know it, too, whoever leads."""

    def __init__(self, thread: DatabaseThread, zone: tzinfo) -> None:
        self._thread, self._zone = thread, zone
        self._done: date | None = None

    async def look(self) -> float:
        """Tell it if it is time and nobody was told today. Returns the seconds until the next look."""
        there = clock.utcnow().astimezone(self._zone)
        today = there.date()
        if there.hour >= FROM_HOUR and today != self._done:
            for order_id in await self._thread.read(lambda session: overdue.overdue_order_ids(session, today)):
                await self._nudge(order_id, today)
            self._done = today
        return LOOK_EVERY

    async def _nudge(self, order_id: int, today: date) -> None:
        await self._thread.run(lambda session: overdue.nudge(session, order_id, today), "nudge")
