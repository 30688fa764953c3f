"""The database locked by somebody else, and its connections cut, under load: the daemon waits and goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.faults import checks
from tests.faults.load import Traffic
from tests.stations.station import APPLICATION, Station
from tests.support.waiting import eventually

LOCKED = 4.0  # seconds: longer than any of our statements waits


def test_a_database_that_is_locked_or_cut_off_loses_and_doubles_nothing(here: Station) -> None:
    here.start_web()
    daemon = here.start_daemon()
    traffic = Traffic(here)
    try:
        traffic.begin(5)
        eventually(lambda: len(here.unsettled()) > 0, 20, "the load has begun")
        with _fault(here):
            until = time.monotonic() + LOCKED
            eventually(lambda: time.monotonic() > until, LOCKED * 2)
        assert daemon.running, daemon.said()[-3000:]
        traffic.finish()
    finally:
        traffic.close()
    checks.nothing_was_lost(here, traffic)
    checks.streams_kept_their_order(here)
    checks.possible_duplicates_are_marked(here)


@contextmanager
def _fault(here: Station) -> Iterator[None]:
    if here.database.is_sqlite:
        with here.database.write() as session:
            session.execute(text("UPDATE revision SET value = value"))
            yield
        return
    _cut_connections(here)
    yield
    _cut_connections(here)


def _cut_connections(here: Station) -> None:
    """Every session of the station's processes ends at once, as when the server restarts."""
    with here.database.engine.connect() as connection:
        try:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name = :name"
                ),
                {"name": APPLICATION},
            )
        except DBAPIError:
            return
