"""Board, lists, searches and order pages with 100,000 orders and with 1,000, on SQLite and on PostgreSQL.

The real desk without its HTTP server: queries and pages are measured. The two stations alternate, request by request,
so that other load of the machine affects both. With SQLite all work is in the desk's own thread, so its processor time
is measured, which other processes do not change; with PostgreSQL the time until the answer is measured.
"""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from benchmarks.setting.crowded_station import fill
from benchmarks.setting.generator import percentile
from common import clock
from common.database import schema
from common.database.engine import Database
from common.database.models import Order, Person, Vehicle
from common.settings.config import WebSettings
from tests.stations import postgresql
from tests.webapp.desks import environment, signed_in
from tests.webapp.visitor import Visitor
from webapp.app import create_app

SMALL, LARGE = 1_000, 100_000
ROUNDS = 25
WARM = 3  # warm-up rounds, not counted
AIM = 1.5


@dataclass(frozen=True)
class Crowd:
    """A station with so many orders, and a reader of its desk."""

    orders: int
    database: Database
    visitor: Visitor

    def some(self, chance: random.Random, share: float = 1.0) -> int:
        """The id of an order among the newest `share`."""
        return self.orders - int(chance.random() * self.orders * share)


Page = Callable[[Crowd, random.Random], str]


def _plate(crowd: Crowd, chance: random.Random) -> str:
    with crowd.database.read() as session:
        order = session.get_one(Order, crowd.some(chance))
        return session.get_one(Vehicle, order.vehicle_id).display


def _vin(crowd: Crowd, chance: random.Random) -> str:
    with crowd.database.read() as session:
        vins = session.scalars(select(Vehicle.vin).where(Vehicle.vin.is_not(None)).limit(200)).all()
        return str(chance.choice(vins))


def _day(crowd: Crowd, ago: float) -> str:
    """A day in the station's history; `ago`: the share of the history that is newer."""
    return (clock.utcnow() - timedelta(minutes=12 * crowd.orders * ago)).date().isoformat()


def _one_of(*texts: str) -> Page:
    return lambda crowd, chance: "/orders?q=" + chance.choice(texts)


PAGES: dict[str, Page] = {
    "board": lambda crowd, chance: "/",
    "list": lambda crowd, chance: "/orders",
    "list, a page in the middle": lambda crowd, chance: f"/orders?before={crowd.some(chance)}",
    "order": lambda crowd, chance: f"/orders/{crowd.some(chance)}",
    "search: plate": lambda crowd, chance: "/orders?q=" + _plate(crowd, chance),
    "search: end of a plate": lambda crowd, chance: "/orders?q=" + _plate(crowd, chance).replace("-", "")[-5:],
    "search: end of a VIN": lambda crowd, chance: "/orders?q=" + _vin(crowd, chance)[-6:],
    "search: a part's word": _one_of("масляный", "колодки", "фильтр", "filter", "brake", "מסנן", "רפידות", "датчик"),
    "search: two words": _one_of("масляный фильтр", "тормозные колодки", "oil filter", "brake pads", "מסנן שמן"),
    "search: a beginning": _one_of("ма", "фи", "br", "מס", "то"),
    "search: person": _one_of("дима", "noam", "maya", "сергей"),
    "search: person and part": _one_of("дима фильтр", "maya колодки", "noam brake", "олег масло"),
    "search: comment": _one_of("подъёмнике", "мазда 3", "דחוף", "left side"),
    "search: nothing fits": _one_of("абракадабра", "zzzz 123"),
    "filter: state, closed": lambda crowd, chance: "/orders?state=issued",
    "filter: states": lambda crowd, chance: "/orders?state=waiting&state=ready&state=cancelled",
    "filter: person": lambda crowd, chance: f"/orders?person={chance.randint(1, 30)}",
    "filter: category": lambda crowd, chance: f"/orders?category={chance.randint(1, 6)}",
    "filter: mine": lambda crowd, chance: "/orders?owner=mine",
    "filter: nobody's": lambda crowd, chance: "/orders?owner=nobody",
    "filter: days long ago": lambda crowd, chance: f"/orders?from={_day(crowd, 0.8)}&to={_day(crowd, 0.7)}",
    "filter: overdue": lambda crowd, chance: "/orders?overdue=1",
    "filter: undelivered": lambda crowd, chance: "/orders?undelivered=1",
    "filter: all together": lambda crowd, chance: (
        f"/orders?q=filter&state=issued&person={chance.randint(1, 6)}&owner=mine&to={_day(crowd, 0.3)}"
    ),
}


def measure() -> list[str]:
    rows: list[str] = []
    with tempfile.TemporaryDirectory(prefix="felix-scale-") as name:
        urls = (f"sqlite:///{name}/small.sqlite3", f"sqlite:///{name}/large.sqlite3")
        rows += _compared("SQLite", urls)
    with postgresql.server() as server, ExitStack() as stack:
        urls = tuple(stack.enter_context(server.database(name)) for name in ("small", "large"))  # type: ignore[assignment]
        rows += _compared("PostgreSQL", urls)
    return rows


def _compared(engine: str, urls: tuple[str, str]) -> list[str]:
    with _crowd(urls[0], SMALL) as small, _crowd(urls[1], LARGE) as large:
        now = time.thread_time if small.database.is_sqlite else time.perf_counter
        rows = [f"{engine}: with {SMALL:,} orders → with {LARGE:,} (ratio of p95)"]
        return rows + [_row(name, _seen(page, (small, large), now)) for name, page in PAGES.items()]


@dataclass
class Seen:
    """The times of a page on one station, in seconds, and the average number of orders it showed."""

    times: list[float] = field(default_factory=list)
    shown: int = 0


def _row(name: str, seen: tuple[Seen, Seen]) -> str:
    p50, p95 = ([percentile(one.times, share) * 1000 for one in seen] for share in (0.5, 0.95))
    ratio = p95[1] / p95[0]
    said = f"{name}: p50 {p50[0]:.1f} → {p50[1]:.1f} ms, p95 {p95[0]:.1f} → {p95[1]:.1f} ms ({ratio:.2f})"
    few, many = (one.shown / len(one.times) for one in seen)
    if many - few > 1:
        said += f", of {few:.0f} → {many:.0f} orders on the page"
    return said if ratio <= AIM else f"{said} ABOVE THE AIM"


def _seen(page: Page, crowds: tuple[Crowd, Crowd], now: Callable[[], float]) -> tuple[Seen, Seen]:
    seen = (Seen(), Seen())
    for number in range(ROUNDS + WARM):
        for crowd, one in zip(crowds, seen, strict=True):
            path = page(crowd, random.Random(number))
            gc.collect()  # the garbage of other pages must not count for this one
            began = now()
            answer = crowd.visitor.get(path)
            took = now() - began
            assert answer.status_code in (200, 303), f"{path}: {answer.status}"
            if number >= WARM:
                one.times.append(took)
                one.shown += answer.text.count('class="num" href="/orders/')
    return seen


@contextmanager
def _crowd(url: str, orders: int) -> Iterator[Crowd]:
    database = Database(url, statement_timeout=0)
    try:
        schema.migrate(database)
        fill(database, orders)
        yield Crowd(orders, database, _visitor(url, database))
    finally:
        database.dispose()


def _visitor(url: str, database: Database) -> Visitor:
    app: Flask = create_app(WebSettings.from_env(environment(url)), database)
    with database.read() as session:
        rina = session.scalars(select(Person).where(Person.name == "Rina Katz")).one()
    return signed_in(app, database, rina)
