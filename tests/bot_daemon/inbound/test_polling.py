"""Polling: the offset moves only after the commit; somebody else's poller ends the process with the cause."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.inbound.polling import Poller, PollingRefused
from bot_daemon.inbound.webhook import Intake
from bot_daemon.runtime.database_thread import DatabaseThread
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import FakeTelegram, always, flood, hang_until, html, in_turn, ok, refusal
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import inbox_states, message
from tests.support.waiting import eventually_async

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest.fixture
def telegram(telegram: FakeTelegram) -> FakeTelegram:
    """getUpdates as Telegram does it: what is confirmed is gone; without news the answer is held for a moment."""

    async def get_updates(call: object) -> web.StreamResponse:
        answer = await telegram.friendly(call)  # type: ignore[arg-type]
        if b'"result": []' in (getattr(answer, "body", b"") or b""):
            await asyncio.sleep(0.02)
        return answer

    telegram.behaviour["getUpdates"] = get_updates
    return telegram


@asynccontextmanager
async def polling(thread: DatabaseThread, api: TelegramApi, timing: Timing) -> AsyncIterator[asyncio.Task[None]]:
    poller = Poller(api, Intake(thread, 7), timing)
    task = asyncio.create_task(poller.run(), name="poller")
    try:
        yield task
    finally:
        poller.stop()
        await asyncio.wait({task}, timeout=5)
    assert task.done()


def offsets(telegram: FakeTelegram) -> list[int | None]:
    return [call.parameters.get("offset") for call in telegram.of("getUpdates")]


async def test_updates_are_recorded_in_the_order_they_came(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.updates = [message(n, "x") for n in range(10, 40)]
    async with polling(thread, api, timing):
        await eventually_async(lambda: len(inbox_states(thread.database)) == 30, 10)
        await eventually_async(lambda: 40 in offsets(telegram), 10)

    assert list(inbox_states(thread.database)) == list(range(10, 40))


async def test_the_offset_moves_only_after_the_commit(
    impatient_thread: DatabaseThread, any_database_url: str, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.updates = [message(n, "x") for n in (10, 11)]
    with locked(any_database_url):
        async with polling(impatient_thread, api, timing):
            await eventually_async(lambda: len(offsets(telegram)) >= 2, 10)
            assert set(offsets(telegram)) == {None}
    async with polling(impatient_thread, api, timing):
        await eventually_async(lambda: 12 in offsets(telegram), 10)

    assert inbox_states(impatient_thread.database) == {10: "received", 11: "received"}


async def test_an_update_that_comes_again_after_a_crash_is_one_row(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.updates = [message(10, "x")]
    for _ in range(2):  # a new poller knows no offset and asks for everything again
        telegram.calls.clear()
        async with polling(thread, api, timing):
            await eventually_async(lambda: 11 in offsets(telegram), 10)

    assert inbox_states(thread.database) == {10: "received"}


async def test_an_update_nobody_can_read_does_not_hold_up_the_next(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    odd = json.dumps({"ok": True, "result": [message(10, "half \ud83d a smile"), message(11, "x")]})
    answer = always(lambda: web.Response(text=odd, content_type="application/json"))
    telegram.behaviour["getUpdates"] = in_turn(answer, always(lambda: ok([])))
    async with polling(thread, api, timing) as poller:
        await eventually_async(lambda: 12 in offsets(telegram), 10)
        assert not poller.done()

    assert inbox_states(thread.database)[11] == "received"
    assert len(inbox_states(thread.database)) == 2, "the other one is kept, too"


async def test_only_what_we_can_use_is_asked_for(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    async with polling(sqlite_thread, api, timing):
        await eventually_async(lambda: telegram.calls, 10)

    assert set(telegram.calls[0].parameters["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }


async def test_a_conflict_that_lasts_ends_with_the_cause(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getUpdates"] = always(lambda: refusal(409, CONFLICT))
    began = time.monotonic()
    async with polling(sqlite_thread, api, replace(timing, conflict=0.4)) as poller:
        with pytest.raises(PollingRefused, match="terminated by other getUpdates"):
            await asyncio.wait_for(asyncio.shield(poller), 0.4 * 5 + 2)

    assert time.monotonic() - began >= 0.4


async def test_a_token_that_is_revoked_ends_the_poller(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getUpdates"] = always(lambda: refusal(401, "Unauthorized"))
    async with polling(sqlite_thread, api, timing) as poller:
        with pytest.raises(TokenRevoked):
            await asyncio.wait_for(asyncio.shield(poller), 5)


async def test_a_conflict_that_passes_is_forgotten(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    refused, fine = always(lambda: refusal(409, CONFLICT)), always(lambda: ok([]))
    telegram.behaviour["getUpdates"] = in_turn(*[refused, fine] * 6, fine)
    async with polling(sqlite_thread, api, replace(timing, conflict=0.25)) as poller:
        await eventually_async(lambda: len(telegram.calls) >= 13, 10)
        assert not poller.done()


async def test_a_flood_is_waited_out(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getUpdates"] = in_turn(always(lambda: flood(0.6)), always(lambda: ok([])))
    async with polling(sqlite_thread, api, timing):
        await eventually_async(lambda: len(telegram.calls) >= 2, 10)

    assert telegram.calls[1].at - telegram.calls[0].at >= 0.6


async def test_a_telegram_in_trouble_is_asked_less_and_less_often(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    friendly = telegram.behaviour["getUpdates"]
    telegram.updates = [message(10, "x")]
    telegram.behaviour["getUpdates"] = in_turn(*[html(502)] * 4, friendly)
    async with polling(sqlite_thread, api, timing):
        await eventually_async(lambda: 10 in inbox_states(sqlite_thread.database), 10)

    at = [call.at for call in telegram.calls]
    assert at[3] - at[2] > at[1] - at[0]


async def test_stopping_does_not_wait_for_a_poll_that_hangs(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getUpdates"] = hang_until(asyncio.Event(), telegram.friendly)
    async with polling(sqlite_thread, api, replace(timing, long_poll=30.0)):
        await eventually_async(lambda: telegram.calls, 10)
        began = time.monotonic()

    assert time.monotonic() - began < 1


async def test_a_poller_that_is_cancelled_leaves_nothing_running(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getUpdates"] = hang_until(asyncio.Event(), telegram.friendly)
    async with polling(sqlite_thread, api, replace(timing, long_poll=30.0)) as poller:
        await eventually_async(lambda: telegram.calls, 10)
        poller.cancel()
        await asyncio.wait({poller}, timeout=2)

    ours = [task for task in asyncio.all_tasks() if "Poller" in repr(task)]
    assert ours == []
