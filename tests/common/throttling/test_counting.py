"""Counting attempts: pauses grow, counts fall by themselves, and what comes at once counts as what comes in turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import ThrottleCount
from common.throttling import counting
from common.throttling.limits import FORGET_AFTER, FORGIVES_EVERY, LIMITS, CountKey, Kind, Limit

NAME = CountKey(Kind.PASSWORD, "rina 192.0.2.1")
NETWORK = CountKey(Kind.PASSWORD_NETWORK, "192.0.2.1")
LIMIT = LIMITS[Kind.PASSWORD]


def attempt(database: Database, *buckets: CountKey) -> timedelta:
    with database.write() as session:
        return counting.reserve(session, buckets or (NAME,))


def fail(database: Database, times: int, *buckets: CountKey) -> None:
    for _ in range(times):
        assert not attempt(database, *buckets)


def pause(database: Database, *buckets: CountKey) -> timedelta:
    with database.read() as session:
        return counting.pause_of(session, buckets or (NAME,))


def test_each_pause_is_twice_as_long_up_to_the_longest() -> None:
    limit = Limit(free=3, first=timedelta(seconds=10), longest=timedelta(minutes=1))
    pauses = [limit.pause(count).total_seconds() for count in (0, 1.5, 2, 2.1, 4, 5, 6, 7, 1e9)]
    assert pauses == [0, 0, 0, 10, 20, 40, 60, 60, 60]


def test_some_attempts_are_free_and_then_one_waits(any_database: Database) -> None:
    assert [attempt(any_database) for _ in range(LIMIT.free)] == [timedelta(0)] * LIMIT.free
    left = attempt(any_database)
    assert LIMIT.first - timedelta(seconds=5) < left <= LIMIT.first
    assert timedelta(0) < pause(any_database) <= left
    with clock.travel(LIMIT.first):
        assert not attempt(any_database)
        assert LIMIT.first < attempt(any_database) <= LIMIT.first * 2


def test_a_guesser_who_never_sleeps_has_a_hundred_attempts_a_day(database: Database) -> None:
    made, at = 0, timedelta(0)
    while at < timedelta(days=1):
        with clock.travel(at):
            wait = attempt(database)
        made += not wait
        at += wait + timedelta(microseconds=1)
    assert made < 110


def test_an_attempt_that_has_to_wait_does_not_count(any_database: Database) -> None:
    fail(any_database, LIMIT.free)
    for _ in range(20):
        assert attempt(any_database) <= LIMIT.first


def test_whoever_waits_for_one_reason_is_counted_for_none(any_database: Database) -> None:
    fail(any_database, LIMIT.free, NAME)
    assert attempt(any_database, NAME, NETWORK)
    with any_database.read() as session:
        counts = {row.key: (row.empty_at - row.at) / FORGIVES_EVERY for row in session.scalars(select(ThrottleCount))}
    assert counts == {NAME.key: pytest.approx(LIMIT.free, abs=0.1), NETWORK.key: 0}


def test_a_count_falls_by_itself(any_database: Database) -> None:
    fail(any_database, LIMIT.free)
    with clock.travel(FORGIVES_EVERY * 2):
        assert [bool(attempt(any_database)) for _ in range(3)] == [False, False, True]


def test_a_count_is_forgotten_after_a_day_without_attempts(any_database: Database) -> None:
    many = CountKey(Kind.PASSWORD_NAME, "rina")
    fail(any_database, LIMITS[Kind.PASSWORD_NAME].free, many)
    assert pause(any_database, many)
    with clock.travel(FORGET_AFTER):
        assert not pause(any_database, many)
        fail(any_database, LIMITS[Kind.PASSWORD_NAME].free, many)


def test_what_succeeds_is_taken_back(any_database: Database) -> None:
    for _ in range(LIMIT.free * 3):
        assert not attempt(any_database)
        with any_database.write() as session:
            counting.take_back(session, [NAME])
    fail(any_database, LIMIT.free)
    with any_database.write() as session:
        counting.clear(session, NAME)
    assert not pause(any_database)


def test_taking_back_what_was_never_counted_gives_nothing_away(any_database: Database) -> None:
    with any_database.write() as session:
        counting.take_back(session, [NAME, NAME])
    fail(any_database, LIMIT.free)
    assert attempt(any_database)


@pytest.mark.parametrize("buckets", [(NAME,), (NAME, NETWORK), (NETWORK, NAME)], ids=len)
def test_a_hundred_at_once_count_as_a_hundred(any_database: Database, buckets: tuple[CountKey, ...]) -> None:
    with ThreadPoolExecutor(12) as threads:
        waits = list(threads.map(lambda _: attempt(any_database, *buckets), range(100)))
    assert waits.count(timedelta(0)) == LIMIT.free


def test_rows_are_bounded_and_the_oldest_go_first(any_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_ROWS", 10)
    for number in range(25):
        attempt(any_database, CountKey(Kind.PASSWORD_NETWORK, f"192.0.2.{number}"))
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(ThrottleCount)) == 10
        newest = CountKey(Kind.PASSWORD_NETWORK, "192.0.2.24").key
        assert newest in session.scalars(select(ThrottleCount.key)).all()


def test_no_name_and_no_address_is_stored(any_database: Database) -> None:
    attempt(any_database, NAME, NETWORK)
    with any_database.read() as session:
        stored = str([vars(row) for row in session.scalars(select(ThrottleCount))])
    assert "rina" not in stored
    assert "192.0.2.1" not in stored
