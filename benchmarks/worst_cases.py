"""The worst messages on a catalogue of 5,000 parts: what each costs, and what it costs everybody else meanwhile.

Work is counted in units of the search (comparisons of words), the same on every machine; the aim is half a second of
the database thread for one message on a slow core. The desk's half of this benchmark is `orders_at_scale`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from benchmarks.setting import large_catalogue
from benchmarks.setting.arrivals import arrived
from benchmarks.setting.generator import Target, message_update, paced, percentile
from benchmarks.setting.subjects import FIRST, emulator, station_for_load
from bot_daemon.chat import lookup
from bot_daemon.chat.conversation.drafts import Draft
from common.database.engine import Database
from common.text.work_budget import WorkBudget
from common.understanding.catalogue_names import NAMES
from sandbox.client import Sandbox
from tests.stations.station import WEBHOOK_SECRET, Station

PARTS = 5000
PROBES, SECONDS = 4, 3


def measure() -> list[str]:
    worst = large_catalogue.worst_messages()
    persons = (PROBES * SECONDS + 1) * (len(worst) + 1)
    with emulator() as box, station_for_load(persons, box) as here:
        with here.database.write() as session:
            large_catalogue.store(session, PARTS)
        rows = [_costs(here.database, worst)]
        here.start_daemon()
        probing = Probing(here, box)
        quiet = probing.delays(0, None)
        rows.append(f"quiet: other people's replies p95 {percentile(quiet, 0.95) * 1000:.0f} ms")
        for number, (name, lines) in enumerate(worst.items(), 1):
            others = probing.delays(number, "\n".join(lines)[:4096])
            ratio = percentile(others, 0.95) / percentile(quiet, 0.95)
            rows.append(
                f"{name}: other people's replies p95 {percentile(others, 0.95) * 1000:.0f} ms, {ratio:.1f} × quiet"
            )
        return rows


def _costs(database: Database, worst: dict[str, list[str]]) -> str:
    """The dearest message of all, in this process."""
    with database.read() as session:
        NAMES.build(NAMES.read(session))
        costs = []
        for name, lines in worst.items():
            budget, began = WorkBudget(lookup.MOST_WORK), time.thread_time()
            lookup.read_text(session, "\n".join(lines), Draft(), budget)
            costs.append((time.thread_time() - began, budget.spent, name))
    seconds, _, slowest = max(costs)
    units = max(spent for _, spent, _ in costs)
    return (
        f"looking up: at most {units:,} units of {lookup.MOST_WORK:,}; "
        f"at most {seconds * 1000:.0f} ms of one core ({slowest})"
    )


@dataclass(frozen=True)
class Probing:
    """Other people write four times a second while one message is worked off, again and again."""

    here: Station
    box: Sandbox

    def delays(self, number: int, text: str | None) -> list[float]:
        first = FIRST + number * (PROBES * SECONDS + 1)
        target = Target(f"http://127.0.0.1:{self.here.daemon_port}/telegram/webhook", WEBHOOK_SECRET)
        load = threading.Thread(target=self._again, args=(target, first, text or ""))
        if text is not None:
            load.start()
        asked = paced(
            target, lambda n: message_update(first + 1 + n, "brake hose"), [n / PROBES for n in range(PROBES * SECONDS)]
        )
        if text is not None:
            load.join()
        return arrived(self.box, {first + 1 + n: at for n, at in asked.sent_at.items()})

    def _again(self, target: Target, person: int, text: str) -> None:
        paced(target, lambda _n: message_update(person, text), [n / 2 for n in range(SECONDS * 2)])
