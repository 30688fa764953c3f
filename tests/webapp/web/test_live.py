"""The live stream: told within moments, capped, and gone when the process stops."""

from __future__ import annotations

import contextlib
import itertools
import threading

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.people import logins, staff
from common.signing import digest
from tests.support.cast import RINA, acts, hire
from tests.support.waiting import eventually
from tests.webapp.desks import place
from tests.webapp.visitor import Visitor
from webapp.web import live
from webapp.web.context import EXTENSION, is_signed_in
from webapp.web.live import Hub, events


def test_a_stream_begins_with_the_present_and_tells_of_changes(database: Database, dima: Person) -> None:
    hub = Hub(database)
    stream = hub.join("a browser")
    assert stream is not None
    told = events(hub, stream, 5, lambda: True)
    assert next(told) == "retry: 2000\ndata: 5\n\n"
    stream.put(5)
    stream.put(6)
    assert next(told) == "data: 6\n\n", "the revision it knows is not told again"
    hub.shutdown()
    assert list(itertools.islice(told, 5)) == []


@pytest.mark.parametrize("is_busy", [False, True])
def test_the_stream_of_a_session_that_was_ended_ends_with_the_next_ping(
    any_database: Database, *, is_busy: bool
) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session:
        cookie = logins.open_session(session, rina.id, "a browser")
    hub = Hub(any_database)
    stream = hub.join("a browser")
    assert stream is not None
    told = events(hub, stream, 5, is_signed_in(any_database, digest(cookie)), ping_every=0.02)
    assert next(told).startswith("retry")
    assert next(told) == ": still here\n\n"
    with any_database.write() as session:
        staff.sign_out(session, acts(rina), rina.id)
    for number in range(200_000 if is_busy else 0):
        stream.put(number)
    assert len(list(itertools.islice(told, 200_000))) < 200_000
    assert hub.streams == 0
    hub.shutdown()


def test_a_commit_reaches_every_stream(database: Database, dima: Person) -> None:
    hub = Hub(database)
    streams = [hub.join("a browser") for _ in range(3)]
    place(database, dima)
    for stream in streams:
        assert stream is not None
        assert stream.get(timeout=5)
    hub.shutdown()


def test_there_are_fewer_streams_than_threads(database: Database) -> None:
    assert live.MAX_STREAMS <= live.THREADS - 16
    hub = Hub(database, most=2)
    first, second = hub.join("a browser"), hub.join("a browser")
    assert first is not None
    assert second is not None
    assert hub.join("a browser") is None
    hub.leave(first)
    assert hub.join("a browser") is not None
    hub.shutdown()


def test_open_boards_are_answered_a_few_at_a_time_and_a_fault_keeps_no_turn() -> None:
    gate, inside, most = threading.Event(), [], []

    @live.limit_concurrency
    def view() -> None:
        inside.append(1)
        most.append(len(inside))
        gate.wait(10)
        inside.pop()
        raise ValueError

    def asks() -> None:
        with contextlib.suppress(ValueError):
            view()

    threads = [threading.Thread(target=asks) for _ in range(8)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(inside) == live.MAX_CONCURRENT, 5)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert (len(most), max(most)) == (8, live.MAX_CONCURRENT)


def test_beyond_the_cap_the_page_is_told_to_poll(manager: Visitor) -> None:
    hub = manager.app.extensions[EXTENSION].hub
    streams = [hub.join(str(number)) for number in range(live.MAX_STREAMS)]
    answer = manager.get("/events")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    for stream in streams:
        hub.leave(stream)


def test_one_session_takes_not_all_streams(manager: Visitor, database: Database) -> None:
    answers = [manager.get("/events") for _ in range(live.MAX_OF_SESSION + 1)]
    assert [answer.status_code for answer in answers] == [200] * live.MAX_OF_SESSION + [503]
    hub = manager.app.extensions[EXTENSION].hub
    assert hub.join("another browser") is not None
    for answer in answers:
        answer.close()
    assert manager.get("/events").status_code == 200


def test_a_stream_that_is_closed_makes_room(manager: Visitor) -> None:
    hub = manager.app.extensions[EXTENSION].hub
    answer = manager.get("/events")
    assert answer.mimetype == "text/event-stream"
    assert hub.streams == 1
    answer.close()
    assert hub.streams == 0


def test_the_watcher_rests_when_nobody_looks(database: Database) -> None:
    hub = Hub(database)
    stream = hub.join("a browser")
    assert stream is not None
    hub.leave(stream)
    eventually(lambda: "revision-watcher" not in {thread.name for thread in threading.enumerate()})


def test_a_stopping_process_takes_no_more_streams(database: Database) -> None:
    hub = Hub(database)
    hub.shutdown()
    assert hub.join("a browser") is None


def test_the_stream_says_nothing_but_a_number(manager: Visitor, database: Database, dima: Person) -> None:
    place(database, dima)
    answer = manager.get("/events")
    first = next(iter(answer.iter_encoded()))
    assert b"data: " in first
    assert b"Dima" not in first
    answer.close()
