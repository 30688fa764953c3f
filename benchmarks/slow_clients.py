"""300 and 1,000 slow clients of each kind before a bare desk: how long the pages of everybody else take.

Without a proxy. Quiet and crowded rounds take turns, so that a busy machine slows down both alike.
"""

from __future__ import annotations

import http.client
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.setting.crowded_station import fill
from benchmarks.setting.generator import percentile
from benchmarks.setting.slow_crowd import Kind, kinds, many_addresses, one_address, slow_clients
from common.database import schema
from common.database.engine import Database
from common.database.models import Person, Role
from common.people import people
from tests.webapp.desks import cookie_of, environment
from tests.webapp.live_server import Served, serving

HISTORY = 1_000
PAGES = ("/", "/orders", f"/orders/{HISTORY // 2}", "/login")
LARGE = "/board/columns"  # 173 kB
COUNTS = (300, 1_000)
ROUNDS, REQUESTS = 2, 40
SETTLING = 2.0  # seconds; what slow readers ask for at once takes longer to be made
PATIENCE = 5.0  # seconds; a page that takes longer counts as this long


def measure() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="felix-slow-") as name:
        url = f"sqlite:///{name}/felix.sqlite3"
        database = Database(url)
        schema.migrate(database)
        fill(database, HISTORY)
        cookie = cookie_of(database, _reader(database))
        with serving(environment(url, LOG_LEVEL="error"), Path(name) / "web.log") as served:
            _ask(served.port, cookie)
            rows = [_compared(served, cookie, *case) for case in _cases(cookie)]
        database.dispose()
    return rows


def _reader(database: Database) -> Person:
    with database.write() as session:
        return people.add_person(session, name="Reader", role=Role.MANAGER, language="en", chosen=True)


def _cases(cookie: str) -> list[tuple[str, Kind, int, bool]]:
    return [
        (name, kind, count, many)
        for name, kind in kinds(cookie, LARGE).items()
        for count, many in ((COUNTS[0], False), (COUNTS[1], False), (COUNTS[1], True))
    ]


def _compared(served: Served, cookie: str, name: str, kind: Kind, count: int, many: bool) -> str:
    process = psutil.Process(served.popen.pid).children()[0]
    quiet: list[float] = []
    crowded: list[float] = []
    memory = process.memory_info().rss
    thrown = 0
    for _ in range(ROUNDS):
        quiet += _ask(served.port, cookie)
        with slow_clients(served.port, kind, count, many_addresses if many else one_address) as crowd:
            time.sleep(SETTLING * (5 if kind.takes_slowly else 1))
            crowded += _ask(served.port, cookie)
            memory = max(memory, process.memory_info().rss)
            thrown += crowd.thrown_out
        time.sleep(1)
    before, after = percentile(quiet, 0.95) * 1000, percentile(crowded, 0.95) * 1000
    failed = sum(took >= PATIENCE for took in crowded)
    return (
        f"{count:5} {name:8} {'many addresses' if many else 'one address':14} other pages p95 {before:.0f} -> "
        f"{after:.0f} ms ({after / before:.2f}x), failed {failed} of {len(crowded)}, {memory / 1e6:.0f} MB, "
        f"{process.num_threads()} threads, thrown out {thrown}"
    )


def _ask(port: int, cookie: str) -> list[float]:
    return [_took(port, PAGES[number % len(PAGES)], cookie) for number in range(REQUESTS)]


def _took(port: int, path: str, cookie: str) -> float:
    """Seconds for a page on a new connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    began = time.perf_counter()
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path, headers={"Cookie": f"desk={cookie}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return time.perf_counter() - began if answer.status in (200, 303) else PATIENCE
    connection.close()
    return PATIENCE
