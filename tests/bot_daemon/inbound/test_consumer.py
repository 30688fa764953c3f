"""From inbox row to step: the order in a lane, a flood, the budget of a step, an orderly stop."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import InboxRow
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import FakeTelegram
from tests.bot_daemon.inbound.steps import Consuming, by_text, echo, fails, replies
from tests.bot_daemon.updates import DIMA, NOA, came_in, inbox_row, inbox_states, message, none_received, press, user
from tests.support.waiting import eventually_async

# Lanes ----------------------------------------------------------------------------------------------------------------


async def test_a_persons_updates_run_in_the_order_they_came(thread: DatabaseThread, consuming: Consuming) -> None:
    updates = [message(n, "x") if n % 3 else press(n, "x") for n in range(1, 31)]
    came_in(thread.database, *updates)
    async with consuming(thread, echo):
        await eventually_async(none_received(thread.database), 10)

    assert replies(thread.database) == [f"u{n}" for n in range(1, 31)]


async def test_everybody_elses_updates_go_on_while_one_lane_is_stuck(
    sqlite_thread: DatabaseThread, consuming: Consuming, timing: Timing
) -> None:
    database = sqlite_thread.database
    came_in(database, message(1, "bad", DIMA), message(2, "x", DIMA), message(3, "x", NOA))
    patient = replace(timing, retry_step=(30.0, 30.0))
    async with consuming(sqlite_thread, by_text(bad=fails(99)), patient):
        await eventually_async(lambda: inbox_states(database)[3] == "done", 5)
        assert inbox_states(database) == {1: "received", 2: "received", 3: "done"}


async def test_an_update_that_comes_three_times_takes_effect_once(thread: DatabaseThread, consuming: Consuming) -> None:
    came_in(thread.database, message(1, "x"), message(1, "x"))
    async with consuming(thread, echo) as consumer:
        await eventually_async(none_received(thread.database), 10)
        came_in(thread.database, message(1, "x"))
        came_in(thread.database, message(2, "x"))
        consumer.wake()
        await eventually_async(none_received(thread.database), 10)

    assert replies(thread.database) == ["u1", "u2"]


async def test_an_update_nobody_handles_is_ignored_and_done(thread: DatabaseThread, consuming: Consuming) -> None:
    came_in(thread.database, {"update_id": 1, "poll": {"id": "1"}}, {"update_id": 2, "some_news": {"x": 1}})
    came_in(thread.database, {"update_id": 3, "my_chat_member": {"from": user(DIMA)}}, message(4, "x"))
    async with consuming(thread, echo):
        await eventually_async(lambda: inbox_states(thread.database)[4] == "done", 10)
        await eventually_async(lambda: inbox_states(thread.database)[2] == "done", 10)

    assert inbox_row(thread.database, 2).outcome == "ignored"
    assert inbox_row(thread.database, 4).outcome == "handled"
    assert inbox_row(thread.database, 4).body is None, "what is done is not kept"


async def test_a_row_that_was_committed_late_with_a_lower_number_is_found(
    sqlite_thread: DatabaseThread, consuming: Consuming
) -> None:
    """On PostgreSQL another process may commit a lower number after a higher one was seen."""
    database = sqlite_thread.database
    came_in(database, message(1, "x"))
    with database.write() as session:
        late = session.query(InboxRow).one()
        late.seq = 500
    async with consuming(sqlite_thread, echo) as consumer:
        await eventually_async(none_received(database), 10)
        came_in(database, message(2, "x", NOA))
        with database.write() as session:
            session.query(InboxRow).filter_by(update_id=2).one().seq = 400
        consumer.wake()
        await eventually_async(none_received(database), 5)

    assert replies(database) == ["u1", "u2"]


async def test_a_flood_of_one_person_does_not_hold_up_another(
    sqlite_thread: DatabaseThread, consuming: Consuming
) -> None:
    database = sqlite_thread.database
    came_in(database, *[message(n, "x") for n in range(1, 701)], message(1000, "x", NOA))
    async with consuming(sqlite_thread, echo):
        await eventually_async(lambda: "u1000" in replies(database), 20)
        await eventually_async(none_received(database), 30)

    assert [key for key in replies(database) if key != "u1000"] == [f"u{n}" for n in range(1, 701)]
    assert replies(database).index("u1000") < 600


# Budget and end -------------------------------------------------------------------------------------------------------


async def test_a_step_over_its_budget_is_logged(
    database: Database, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    frugal = DatabaseThread(database, budget=0.02)
    came_in(database, message(1, "x"))

    def slow(session: Session, incoming: Incoming) -> Answer:
        time.sleep(0.05)
        return echo(session, incoming)

    async with consuming(frugal, slow):
        await eventually_async(none_received(database), 10)
    frugal.close()

    assert "Database work step took" in caplog.text


async def test_stopping_finishes_the_step_that_runs_and_leaves_the_rest_for_the_next(
    thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram
) -> None:
    entered, go_on, database = threading.Event(), threading.Event(), thread.database

    def slow(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        return echo(session, incoming)

    came_in(database, *[press(n, "x") for n in range(1, 5)])
    async with consuming(thread, slow) as consumer:
        await eventually_async(entered.is_set, 10)
        stopping = asyncio.create_task(consumer.stop(5))
        await asyncio.sleep(0)
        go_on.set()
        await stopping
        assert inbox_states(database) == {1: "done", 2: "received", 3: "received", 4: "received"}
        assert len(telegram.of("answerCallbackQuery")) == 1, "the answer has left before the daemon goes on stopping"
    async with consuming(thread, echo):
        await eventually_async(none_received(database), 10)

    assert replies(database) == ["u1", "u2", "u3", "u4"]
