"""A press is answered once and in time, whatever its step does."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest
from aiohttp import web
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import Call, FakeTelegram, hang_until
from tests.bot_daemon.inbound.steps import Consuming, by_text, echo, fails, replies
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import came_in, inbox_row, none_received, press
from tests.support.waiting import eventually_async


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

    async def answered(call: Call) -> web.StreamResponse:
        seen.append(await asyncio.to_thread(replies, sqlite_thread.database))
        return await telegram.friendly(call)

    telegram.behaviour["answerCallbackQuery"] = answered
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
