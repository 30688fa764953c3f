"""Heartbeats: who runs, since when, and who fell silent."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from common.database.engine import Database
from common.database.models import Process
from common.messaging import processes
from common.settings.version import version


def beat(database: Database, name: str = "daemon:1", kind: str = "daemon") -> None:
    with database.write() as session:
        processes.record_heartbeat(session, name, kind, clock.utcnow(), {"phase": "leading"})


def test_a_process_says_again_and_again_that_it_lives(any_database: Database) -> None:
    beat(any_database)
    with clock.travel(timedelta(seconds=5)):
        beat(any_database)
        with any_database.read() as session:
            (row,) = processes.running(session)
            age = processes.heartbeat_age(session)
    assert (row.name, row.version, row.details) == ("daemon:1", version(), {"phase": "leading"})
    assert row.heartbeat_at - row.started_at >= timedelta(seconds=5)
    assert age is not None
    assert age < 2


def test_who_is_silent_for_a_minute_does_not_run(any_database: Database) -> None:
    beat(any_database)
    with clock.travel(timedelta(seconds=61)), any_database.read() as session:
        assert processes.running(session) == []
        age = processes.heartbeat_age(session)
        assert age is not None
        assert age > 60


def test_nobody_has_no_age(any_database: Database) -> None:
    with any_database.read() as session:
        assert processes.heartbeat_age(session) is None


def test_kinds_are_told_apart_and_the_youngest_heartbeat_comes_first(any_database: Database) -> None:
    beat(any_database, "daemon:1")
    with clock.travel(timedelta(seconds=2)):
        beat(any_database, "daemon:2")
        beat(any_database, "web:1", "web")
        with any_database.read() as session:
            assert [row.name for row in processes.running(session, "daemon")] == ["daemon:2", "daemon:1"]
            assert len(processes.running(session)) == 3


def test_a_clean_end_takes_the_heartbeat_away_and_a_day_sweeps_the_rest(any_database: Database) -> None:
    beat(any_database, "daemon:1")
    beat(any_database, "daemon:2")
    with any_database.write() as session:
        processes.remove(session, "daemon:2")
        assert session.get(Process, "daemon:2") is None
    with clock.travel(timedelta(days=1, seconds=1)):
        beat(any_database, "daemon:3")
        with any_database.read() as session:
            assert session.get(Process, "daemon:1") is None
