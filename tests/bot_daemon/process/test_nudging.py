"""The daily nudge: in the morning of the station, once, and not again by whoever leads next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot_daemon.process.nudging import Nudger
from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.database.models import OutboxRow, Person
from common.orders import overdue
from common.orders.moves import Move
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station

ZONE = ZoneInfo("Asia/Jerusalem")


def at(hour: int) -> timedelta:
    """From now to this hour of tomorrow, there."""
    there = datetime.now(UTC).astimezone(ZONE) + timedelta(days=1)
    return there.replace(hour=hour, minute=30) - datetime.now(UTC)


@pytest.mark.parametrize(("hour", "told"), [(7, 0), (8, 1), (23, 1)])
async def test_nobody_is_nudged_before_the_station_opens(thread: DatabaseThread, hour: int, told: int) -> None:
    station = Station(thread.database, hire(thread.database, DIMA), hire(thread.database, RINA))
    with thread.database.write() as session:
        session.get_one(Person, station.rina.id).telegram_id = 2001
    station.move(station.place(), Move.WAIT, expected_on=clock.utcnow().date() - timedelta(days=2))
    with clock.travel(at(hour)):
        for leader in (Nudger(thread, ZONE), Nudger(thread, ZONE)):
            await leader.look()
            await leader.look()
    with thread.database.read() as session:
        assert len(session.scalars(select(OutboxRow).where(OutboxRow.kind == overdue.KIND)).all()) == told
