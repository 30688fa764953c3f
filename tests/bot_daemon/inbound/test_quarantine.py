"""A step that raises or ends the process: three attempts, quarantine, and the lane goes on."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import InboxRow
from common.facts.messages import ChatWritten
from common.messaging import attempts, inbox
from common.messaging.attempts import MOST
from tests.bot_daemon import rows
from tests.bot_daemon.inbound.steps import Consuming, by_text, echo, fails, meet_a_lock, replies
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import NOA, Body, came_in, inbox_row, inbox_states, message, none_received
from tests.support.waiting import eventually_async

# A step that raises ---------------------------------------------------------------------------------------------------


async def test_a_step_that_raised_has_changed_nothing_and_is_tried_again(
    thread: DatabaseThread, consuming: Consuming
) -> None:
    came_in(thread.database, message(1, "bad"))
    async with consuming(thread, by_text(bad=fails(2))):
        await eventually_async(none_received(thread.database), 10)

    assert replies(thread.database) == ["u1"]
    assert inbox_row(thread.database, 1).attempts == 3


async def test_the_third_failure_puts_the_update_in_quarantine_and_the_lane_goes_on(
    thread: DatabaseThread, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    came_in(thread.database, message(1, "bad"), message(2, "x"))
    async with consuming(thread, by_text(bad=fails(99))):
        await eventually_async(none_received(thread.database), 10)

    kept = inbox_row(thread.database, 1)
    assert (kept.state.value, kept.attempts) == ("quarantined", MOST)
    assert "LookupError: no such part" in (kept.error or "")
    assert "Traceback" in (kept.error or "")
    assert kept.body is not None
    assert "Update 1 " in caplog.text
    assert inbox_row(thread.database, 2).outcome == "handled"
    apologies = [key for key in replies(thread.database) if "apology" in key]
    assert len(apologies) == 1
    assert set(replies(thread.database)) - set(apologies) == {"u2"}


async def test_a_quarantined_update_can_be_replayed(thread: DatabaseThread, consuming: Consuming) -> None:
    came_in(thread.database, message(1, "bad"))
    async with consuming(thread, by_text(bad=fails(MOST))) as consumer:
        await eventually_async(none_received(thread.database), 10)
        with thread.database.write() as session:
            inbox.replay(session, inbox_row(thread.database, 1).seq)
        consumer.wake()
        await eventually_async(lambda: inbox_states(thread.database)[1] == "done", 10)

    assert "u1" in replies(thread.database)


async def test_nobody_is_apologised_to_in_a_group(sqlite_thread: DatabaseThread, consuming: Consuming) -> None:
    in_a_group = message(1, "bad", chat={"id": -100, "type": "group", "title": "Bay"})
    came_in(sqlite_thread.database, in_a_group)
    async with consuming(sqlite_thread, by_text(bad=fails(99))):
        await eventually_async(none_received(sqlite_thread.database), 10)

    assert replies(sqlite_thread.database) == []


@pytest.mark.parametrize(
    "error",
    [ValueError("\0 and \ud83d half a smile"), RecursionError("deep"), KeyError("x" * 50_000)],
    ids=["unstorable", "deep", "long"],
)
async def test_whatever_the_error_says_it_can_be_kept(
    thread: DatabaseThread, consuming: Consuming, error: Exception
) -> None:
    came_in(thread.database, message(1, "bad"), message(2, "x"))
    async with consuming(thread, by_text(bad=fails(99, error=error))):
        await eventually_async(none_received(thread.database), 10)

    assert inbox_states(thread.database) == {1: "quarantined", 2: "done"}


HOSTILE: list[Body] = [
    message(1, "an id beyond any database", 10**30),
    message(2, "an id beyond the Bot API's", 2**62),
    {"update_id": 3, "message": {"message_id": 1, "date": 1, "from": {"id": 5}}},  # a user without a name
    {"update_id": 4, "message": [1, 2]},
    {"update_id": 5, "callback_query": 7},
    message(6, "a date beyond time", date=10**18),
    message(7, "an unknown kind of chat", chat={"id": 5, "type": "hologram"}),
    message(8, "a \0 byte"),
]


async def test_no_update_however_odd_stops_its_lane_or_the_daemon(thread: DatabaseThread, consuming: Consuming) -> None:
    def store(session: Session, incoming: Incoming) -> Answer:
        key, facts = f"u{incoming.update_id}", ChatWritten(text=incoming.text, author="Rina")
        rows.queue(session, key, kind=rows.CHAT, chat_id=incoming.chat_id, arguments=facts)
        return Answer()

    came_in(thread.database, *HOSTILE, *(message(100 + odd["update_id"], "x") for odd in HOSTILE))
    with thread.database.write() as session:
        for number, row in enumerate(session.query(InboxRow).order_by(InboxRow.seq)):
            row.lane = f"lane {number % len(HOSTILE)}"  # one that is well waits behind each odd one
    async with consuming(thread, store):
        await eventually_async(none_received(thread.database), 20)

    states = inbox_states(thread.database)
    assert {state for number, state in states.items() if (number or 0) > 100} == {"done"}


# A step that ends the process -----------------------------------------------------------------------------------------


def died(database: Database, update_id: int, times: int) -> None:
    """So many processes began an attempt at this update and ended before it did."""
    for _ in range(times):
        with database.write(durable=False) as session:
            assert attempts.begin(session, attempts.next_of(inbox_row(database, update_id)))


async def test_an_attempt_is_written_down_before_its_step_and_of_that_one_only(
    thread: DatabaseThread, consuming: Consuming
) -> None:
    """What a process that ends now leaves behind: of 32 lanes side by side, the one whose step is running."""
    database, entered, go_on = thread.database, threading.Event(), threading.Event()

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        return echo(session, incoming)

    came_in(database, *(message(n, "x", 1000 + n) for n in range(1, 33)))
    async with consuming(thread, step):
        await eventually_async(entered.is_set, 10)
        begun = [(inbox_row(database, n).attempts, inbox_row(database, n).error) for n in range(1, 33)]
        go_on.set()
        await eventually_async(none_received(database), 10)

    assert sorted(count for count, _ in begun) == [0] * 31 + [1]
    assert [error for _, error in begun if error and error.startswith("Attempt 1 began at ")]
    assert {inbox_row(database, n).error for n in range(1, 33)} == {None}


async def test_an_update_that_ended_three_processes_is_not_run_again_and_its_lane_goes_on(
    thread: DatabaseThread, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    came_in(thread.database, message(1, "poison"), message(2, "x"), message(3, "x", NOA))
    died(thread.database, 1, MOST)
    async with consuming(thread):
        await eventually_async(none_received(thread.database), 10)

    kept = inbox_row(thread.database, 1)
    assert (kept.state.value, kept.attempts, kept.body is not None) == ("quarantined", MOST, True)
    assert "The process ended while attempt 3 at this update (message) was running." in (kept.error or "")
    assert f"Update 1 is in quarantine as inbox row {kept.seq}" in caplog.text
    assert {key for key in replies(thread.database) if "apology" not in key} == {"u2", "u3"}
    assert len([key for key in replies(thread.database) if "apology" in key]) == 1


async def test_an_update_that_was_running_when_two_processes_ended_is_run_and_done(
    thread: DatabaseThread, consuming: Consuming
) -> None:
    came_in(thread.database, message(1, "innocent"))
    died(thread.database, 1, MOST - 1)
    async with consuming(thread):
        await eventually_async(none_received(thread.database), 10)

    assert (inbox_row(thread.database, 1).outcome, replies(thread.database)) == ("handled", ["u1"])


async def test_one_death_and_two_exceptions_are_three_attempts(thread: DatabaseThread, consuming: Consuming) -> None:
    came_in(thread.database, message(1, "bad"))
    died(thread.database, 1, 1)
    async with consuming(thread, by_text(bad=fails(2))):
        await eventually_async(none_received(thread.database), 10)

    assert inbox_states(thread.database) == {1: "quarantined"}
    assert inbox_row(thread.database, 1).attempts == MOST


async def test_who_is_given_up_while_the_database_is_away_is_given_up_when_it_is_back(
    impatient_thread: DatabaseThread, any_database_url: str, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    database = impatient_thread.database
    came_in(database, message(1, "poison"))
    died(database, 1, MOST)
    with locked(any_database_url):
        async with consuming(impatient_thread):
            await eventually_async(lambda: "The database" in caplog.text, 10)
    assert inbox_states(database) == {1: "received"}
    async with consuming(impatient_thread):
        await eventually_async(none_received(database), 10)

    assert inbox_states(database) == {1: "quarantined"}


async def test_an_orderly_stop_leaves_no_attempt_that_has_begun(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    """Neither the one that runs, nor those that wait for their turn, nor one that the database has just failed."""
    database, entered, go_on = thread.database, threading.Event(), threading.Event()

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        answer = echo(session, incoming)
        meet_a_lock(session, any_database_url)
        return answer

    came_in(database, *(message(n, "x", 1000 + n) for n in range(1, 11)))
    for _ in range(MOST + 1):
        entered.clear()
        go_on.clear()
        async with consuming(thread, step) as consumer:
            await eventually_async(entered.is_set, 10)
            stopping = asyncio.create_task(consumer.stop(5))
            await asyncio.sleep(0)
            go_on.set()
            await stopping
        assert {(inbox_row(database, n).attempts, inbox_row(database, n).error) for n in range(1, 11)} == {(0, None)}
