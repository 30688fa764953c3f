"""Changes at the desk while Telegram is well, slow, hung, refused, failing or at its limit: times must not differ.

One gunicorn, one daemon, one emulator; each state gets the same number of moves of fresh orders, over HTTP.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from uuid import uuid4

from benchmarks.setting.generator import percentile
from benchmarks.setting.subjects import FIRST, emulator, station_for_load
from common.database.models import Via
from common.orders import placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.people import people
from common.permissions import Actor
from sandbox.client import Sandbox
from tests.faults.load import Storekeeper
from tests.stations.station import Station
from tests.support.cast import PASSWORD, RINA, hire

MOVES = 60


def _faults(action: str, seconds: float | None = None, retry_after: int | None = None) -> Callable[[Sandbox], object]:
    return lambda box: box.faults.add("*", action=action, times=None, seconds=seconds, retry_after=retry_after)


STATES: dict[str, Callable[[Sandbox], object]] = {
    "well": lambda box: None,
    "5 s for each answer": _faults("slow", seconds=5.0),
    "accepts and never answers": _faults("hang"),
    "refused": lambda box: box.network(False),
    "502": _faults("502html"),
    "429": _faults("429", retry_after=5),
}


def measure() -> list[str]:
    rows: list[str] = []
    with emulator() as box, station_for_load(MOVES, box) as opened:
        hire(opened.database, RINA, password=PASSWORD)
        opened.start_daemon()
        opened.start_web()
        storekeeper = Storekeeper(opened)
        _moves(opened, storekeeper)  # warm-up
        well = 0.0
        for state, set_in in STATES.items():
            set_in(box)
            times = _moves(opened, storekeeper)
            box.faults.clear()
            box.network(True)
            median = statistics.median(times)
            well = well or median
            rows.append(
                f"Telegram {state}: median {median * 1000:.1f} ms, p95 {percentile(times, 0.95) * 1000:.1f} ms "
                f"({median / well:.2f} × well)"
            )
    return rows


def _moves(opened: Station, storekeeper: Storekeeper) -> list[float]:
    times = []
    for order_id in _orders(opened):
        began = time.perf_counter()
        status = storekeeper.move(order_id, Move.TAKE, 1)
        times.append(time.perf_counter() - began)
        assert status in (200, 303), f"the move was answered {status}"
    return times


def _orders(opened: Station) -> list[int]:
    placed = []
    with opened.database.write() as session:
        for number in range(FIRST, FIRST + MOVES):
            person = people.by_telegram(session, number)
            assert person is not None
            order, _ = placing.place_order(
                session,
                key=uuid4().hex[:24],
                person=person,
                lines=[WantedLine({"": "brake hose"})],
                actor=Actor.of(person, Via.BOT),
            )
            placed.append(order.id)
    return placed
