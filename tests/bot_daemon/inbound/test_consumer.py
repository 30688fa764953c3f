"""From inbox row to step: order, quarantine, presses, the database failing, an old leader waking up late."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from bot_daemon.bot_api.client import AiohttpRequest, TelegramApi
from bot_daemon.chat.incoming import Answer, Incoming, Step
from bot_daemon.inbound.consumer import Consumer
from bot_daemon.inbound.stepping import error_handler, step_handler_for
from bot_daemon.process.resources import Library
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import InboxRow, OutboxRow
from common.facts.messages import ChatWritten
from common.messaging import attempts, inbox
from common.messaging.attempts import MOST
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram, hang_until
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import (
    DIMA,
    NOA,
    came_in,
    inbox_row,
    inbox_states,
    message,
    none_received,
    press,
    user,
)
from tests.support.waiting import eventually_async


def echo(session: Session, incoming: Incoming) -> Answer:
    """The simplest step: a reply keyed by the update, and a toast that repeats what came."""
    rows.queue(session, f"u{incoming.update_id}", chat_id=incoming.chat_id)
    return Answer(f"took {incoming.text}")


def fails(times: int, then: Step = echo, error: Exception | None = None) -> Step:
    """A step that changes something and then raises, so many times."""
    left = [times]

    def step(session: Session, incoming: Incoming) -> Answer:
        answer = then(session, incoming)
        if left[0] > 0:
            left[0] -= 1
            raise error or LookupError("no such part")
        return answer

    return step


def by_text(**steps: Step) -> Step:
    """Choose by the first word; `echo` for all others."""
    return lambda session, incoming: steps.get(incoming.text.split(" ")[0], echo)(session, incoming)


@asynccontextmanager
async def library(thread: DatabaseThread, api: TelegramApi, url: str, step: Step) -> AsyncIterator[Library]:
    request = AiohttpRequest(api, 1.0)
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").request(request).get_updates_request(request)
    application: Application = builder.updater(None).job_queue(None).build()  # type: ignore[type-arg]
    callback = step_handler_for(thread)(step)
    application.add_handlers([MessageHandler(filters.UpdateType.MESSAGE, callback), CallbackQueryHandler(callback)])
    application.add_error_handler(error_handler)
    async with application:
        yield application


class Consuming(Protocol):
    def __call__(
        self, thread: DatabaseThread, step: Step = echo, own_timing: Timing | None = None
    ) -> AbstractAsyncContextManager[Consumer]: ...


@pytest.fixture
def consuming(telegram: FakeTelegram, api: TelegramApi, timing: Timing) -> Consuming:
    """A consumer that runs meanwhile, and is stopped as the daemon stops it."""

    @asynccontextmanager
    async def run(
        thread: DatabaseThread, step: Step = echo, own_timing: Timing | None = None
    ) -> AsyncIterator[Consumer]:
        async with library(thread, api, telegram.url, step) as application:
            consumer = Consumer(thread, api, application, own_timing or timing)
            task = asyncio.create_task(consumer.run(), name="consumer")
            try:
                yield consumer
            finally:
                await consumer.stop(5)
                await asyncio.wait({task}, timeout=5)
            task.result()

    return run


def replies(of: Database) -> list[str]:
    """The keys of the replies, in the order in which their steps ran."""
    with of.read() as session:
        return list(session.scalars(select(OutboxRow.key).order_by(OutboxRow.id)))


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


HOSTILE: list[dict[str, Any]] = [
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


# The database itself fails --------------------------------------------------------------------------------------------


async def test_errors_of_the_database_itself_are_waited_out_and_do_not_count(
    impatient_thread: DatabaseThread, any_database_url: str, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    database, entered, go_on = impatient_thread.database, threading.Event(), threading.Event()

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)  # nothing is locked yet: the transaction begins with the first statement
        return echo(session, incoming)

    came_in(database, message(1, "x"))
    async with consuming(impatient_thread, step):
        await eventually_async(entered.is_set, 10)
        with locked(any_database_url):
            go_on.set()
            await eventually_async(lambda: caplog.text.count("The database failed during update 1") >= 2, 20)
        await eventually_async(none_received(database), 10)

    assert (inbox_row(database, 1).attempts, inbox_row(database, 1).outcome) == (1, "handled")
    assert replies(database) == ["u1"]


async def test_a_row_that_somebody_else_has_ended_is_not_tried_for_ever(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    """The old leader's step keeps raising, and its row has come to an end already: nothing counts any more."""
    tries, new_leader = list[int](), Database(any_database_url)

    def step(session: Session, incoming: Incoming) -> Answer:
        tries.append(incoming.update_id)
        with new_leader.write() as other:
            inbox.mark_done(other, incoming.seq, "handled")
        raise LookupError("no such part")

    came_in(thread.database, message(1, "bad"))
    async with consuming(thread, by_text(bad=step)) as consumer:
        await eventually_async(lambda: tries, 10)
        came_in(thread.database, message(2, "x"))
        consumer.wake()
        await eventually_async(lambda: inbox_states(thread.database)[2] == "done", 10)
    new_leader.dispose()

    assert len(tries) <= MOST


async def test_a_lock_that_only_the_step_meets_does_not_count_either(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    database, tries = thread.database, list[int]()

    def step(session: Session, incoming: Incoming) -> Answer:
        answer = echo(session, incoming)
        tries.append(incoming.update_id)
        if len(tries) <= MOST + 1:
            meet_a_lock(session, any_database_url)
        return answer

    came_in(database, message(1, "bad"))
    async with consuming(thread, by_text(bad=step)):
        await eventually_async(none_received(database), 10)

    assert (inbox_row(database, 1).outcome, inbox_row(database, 1).attempts) == ("handled", 1)
    assert replies(database) == ["u1"]


def meet_a_lock(session: Session, url: str) -> None:
    """Raises what the database says when somebody else holds a lock for too long."""
    other = Database(url, lock_timeout=0.05)
    try:
        if other.is_sqlite:  # our own transaction holds the one lock there is
            with other.write() as writer:
                writer.execute(text("SELECT 1"))
        with other.engine.begin() as connection:
            connection.execute(text("LOCK TABLE orders"))
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            session.execute(text("SELECT count(*) FROM orders"))
    finally:
        other.dispose()


async def test_a_consumer_waits_until_the_database_is_there(
    impatient_thread: DatabaseThread, any_database_url: str, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    database = impatient_thread.database
    came_in(database, message(1, "x"))
    async with AsyncExitStack() as stack:
        with locked(any_database_url):
            await stack.enter_async_context(consuming(impatient_thread, echo))
            await eventually_async(lambda: "The database" in caplog.text, 10)
        await eventually_async(none_received(database), 10)

    assert replies(database) == ["u1"]


# An old leader --------------------------------------------------------------------------------------------------------


async def test_a_step_cannot_commit_what_somebody_else_has_finished_meanwhile(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    """The old leader froze in mid-step and wakes up after the new one has done the row."""
    entered, go_on, database = threading.Event(), threading.Event(), thread.database

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        rows.queue(session, "from the old leader")
        return Answer()

    came_in(database, message(1, "x"))
    seq = inbox_row(database, 1).seq
    async with consuming(thread, step):
        await eventually_async(entered.is_set, 10)
        new_leader = Database(any_database_url)
        with new_leader.write() as session:
            assert inbox.mark_done(session, seq, "handled")
            rows.queue(session, "from the new leader")
        new_leader.dispose()
        go_on.set()
        await eventually_async(lambda: not thread.busy_for(), 10)

    assert replies(database) == ["from the new leader"]
    assert inbox_row(database, 1).attempts == 1


# Presses --------------------------------------------------------------------------------------------------------------


async def test_a_press_is_answered_once_with_the_steps_toast(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram
) -> None:
    came_in(sqlite_thread.database, press(1, "line 3"))
    async with consuming(sqlite_thread, echo):
        await eventually_async(lambda: telegram.of("answerCallbackQuery"), 10)

    (answer,) = telegram.of("answerCallbackQuery")
    assert answer.parameters == {"callback_query_id": "q1", "text": "took line 3", "show_alert": False}


async def test_a_press_is_answered_after_the_commit_never_before(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram
) -> None:
    seen: list[list[str]] = []

    async def answered(call: object) -> object:
        seen.append(await asyncio.to_thread(replies, sqlite_thread.database))
        return await telegram.friendly(call)  # type: ignore[arg-type]

    telegram.behaviour["answerCallbackQuery"] = answered  # type: ignore[assignment]
    came_in(sqlite_thread.database, press(1, "x"))
    async with consuming(sqlite_thread, echo):
        await eventually_async(lambda: seen, 10)

    assert seen == [["u1"]]


async def test_a_press_whose_step_is_slow_is_answered_empty_in_time_and_not_again(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram, timing: Timing
) -> None:
    database, go_on = sqlite_thread.database, threading.Event()

    def slow(session: Session, incoming: Incoming) -> Answer:
        go_on.wait(10)
        return echo(session, incoming)

    came_in(database, press(1, "x"))
    began = time.monotonic()
    async with consuming(sqlite_thread, slow):
        await eventually_async(lambda: telegram.of("answerCallbackQuery"), 10)
        took = telegram.of("answerCallbackQuery")[0].at - began
        go_on.set()
        await eventually_async(none_received(database), 10)

    (answer,) = telegram.of("answerCallbackQuery")
    assert answer.parameters == {"callback_query_id": "q1"}
    assert took < timing.callback_answer * 5


async def test_a_press_whose_step_fails_for_good_is_answered_once(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram, timing: Timing
) -> None:
    came_in(sqlite_thread.database, press(1, "bad"))
    async with consuming(sqlite_thread, by_text(bad=fails(99)), replace(timing, callback_answer=0.05)):
        await eventually_async(none_received(sqlite_thread.database), 10)
        await eventually_async(lambda: telegram.of("answerCallbackQuery"), 10)

    assert [call.parameters for call in telegram.of("answerCallbackQuery")] == [{"callback_query_id": "q1"}]


async def test_a_press_over_an_outage_is_answered_once(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    consuming: Consuming,
    telegram: FakeTelegram,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        return echo(session, incoming)

    came_in(impatient_thread.database, press(1, "x"))
    async with consuming(impatient_thread, step, replace(timing, callback_answer=0.1)):
        await eventually_async(entered.is_set, 10)
        with locked(any_database_url):
            go_on.set()
            await eventually_async(lambda: caplog.text.count("The database failed during update 1") >= 2, 20)
        await eventually_async(none_received(impatient_thread.database), 10)

    assert len(telegram.of("answerCallbackQuery")) == 1


async def test_a_telegram_that_does_not_answer_holds_up_no_lane(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram
) -> None:
    released = asyncio.Event()
    telegram.behaviour["answerCallbackQuery"] = hang_until(released, telegram.friendly)
    came_in(sqlite_thread.database, *[press(n, "x") for n in range(1, 6)])
    async with consuming(sqlite_thread, echo):
        await eventually_async(none_received(sqlite_thread.database), 5)
        released.set()


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


async def test_a_press_that_waits_when_the_daemon_stops_leaves_no_timer_behind(
    sqlite_thread: DatabaseThread, consuming: Consuming, telegram: FakeTelegram, timing: Timing
) -> None:
    came_in(sqlite_thread.database, press(1, "bad"))
    patient = replace(timing, retry_step=(30.0, 30.0), callback_answer=1.0)
    async with consuming(sqlite_thread, by_text(bad=fails(99)), patient):
        await eventually_async(lambda: inbox_row(sqlite_thread.database, 1).attempts == 1, 10)

    loop = asyncio.get_running_loop()
    assert not [h for h in getattr(loop, "_scheduled", []) if not h.cancelled() and "answer" in repr(h)]
    assert telegram.of("answerCallbackQuery") == []
