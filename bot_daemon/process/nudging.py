"""Once a day, in the station's morning, the desk is told which orders are overdue."""

from __future__ import annotations

from datetime import date, tzinfo

from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.orders import overdue

LOOK_EVERY = 300.0
FROM_HOUR = 8  # o'clock: the station is empty before


class Nudger:
    """Remembers only the last day it told. The messages' keys prevent a second telling after a change of leader."""

    def __init__(self, thread: DatabaseThread, zone: tzinfo) -> None:
        self._thread, self._zone = thread, zone
        self._done: date | None = None

    async def look(self) -> float:
        """Tell the desk if it is time and today's telling is not done. Returns the seconds until the next look."""
        there = clock.utcnow().astimezone(self._zone)
        today = there.date()
        if there.hour >= FROM_HOUR and today != self._done:
            for order_id in await self._thread.read(lambda session: overdue.overdue_order_ids(session, today)):
                await self._nudge(order_id, today)
            self._done = today
        return LOOK_EVERY

    async def _nudge(self, order_id: int, today: date) -> None:
        await self._thread.run(lambda session: overdue.nudge(session, order_id, today), "nudge")
