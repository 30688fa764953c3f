"""300 slow clients of each kind before a bare desk: its pages are there as if nobody else were.

`python -m benchmarks slow_clients` measures the same with 1,000.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.setting.slow_crowd import kinds, many_addresses, one_address, slow_clients
from common.database.engine import Database
from common.database.models import Person
from tests.webapp.desks import cookie_of, environment
from tests.webapp.live_server import Served, serving

COUNT, PAGES = 300, 8
SOON = 5.0  # seconds for one page on a busy machine; with a thread for each slow client there is no answer at all


@pytest.fixture
def desk(database: Database, database_url: str, rina: Person, tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A running desk, and her cookie."""
    with serving(environment(database_url), tmp_path / "web.log") as served:
        yield served, cookie_of(database, rina)


@pytest.mark.parametrize("source", [one_address, many_addresses])
def test_slow_clients_hold_up_nobody(desk: tuple[Served, str], source: Callable[[int], str]) -> None:
    served, cookie = desk
    for name, kind in kinds(cookie, "/static/desk.css").items():
        with slow_clients(served.port, kind, COUNT, source) as crowd:
            assert crowd.open == COUNT, name
            for _ in range(PAGES):
                began = time.monotonic()
                assert page(served.port, cookie) == 200, name
                assert time.monotonic() - began < SOON, name


def page(port: int, cookie: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SOON)
    try:
        connection.request("GET", "/orders", headers={"Cookie": f"desk={cookie}"})
        return connection.getresponse().status
    finally:
        connection.close()
