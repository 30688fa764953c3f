"""The dispatcher while Telegram or the database is away, and when they come back."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import OutboxState
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram, always, flood, hang_until, html, in_turn, refusal
from tests.bot_daemon.outage import locked
from tests.bot_daemon.outbound.dispatcher.dispatching import (
    PAUSE,
    a_bot,
    all_are,
    dispatching,
    each_in_its_chat,
    new_dispatcher,
)
from tests.bot_daemon.rows import queued, row
from tests.support.waiting import eventually_async

# Telegram goes away ---------------------------------------------------------------------------------------------------


async def test_nothing_is_tried_again_before_get_me_has_answered(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    await telegram.stop()
    ids = each_in_its_chat(thread.database, 12)
    async with dispatching(thread, api, timing) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures >= 3, 10)
        await telegram.start()
        await eventually_async(all_are(thread.database, OutboxState.SENT), 15)

    assert telegram.calls[0].method == "getMe"
    assert len(telegram.sends) == 12, "each exactly once: what is refused was not sent"
    assert max(row(thread.database, row_id).attempts for row_id in ids) <= 2
    assert {row(thread.database, row_id).ambiguous for row_id in ids} == {0}


async def test_an_outage_with_error_pages_marks_only_what_was_on_the_wire(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour |= {"sendMessage": html(502), "getMe": html(502)}
    ids = each_in_its_chat(sqlite_thread.database, 20)
    async with dispatching(sqlite_thread, api, timing, rate=100) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures >= 3, 10)
        in_the_outage = len(telegram.sends)
        telegram.behaviour.clear()
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 15)

    marked = [row_id for row_id in ids if row(sqlite_thread.database, row_id).ambiguous]
    assert len(marked) == in_the_outage < 12
    assert {row(sqlite_thread.database, row_id).ambiguous for row_id in marked} == {1}
    assert len(telegram.sends) == 20 + in_the_outage
    trial = telegram.calls.index(next(c for c in telegram.calls[::-1] if c.method == "getMe")) + 1
    assert telegram.calls[trial].method == "sendMessage"


async def test_a_hung_telegram_ends_in_good_time_and_everything_goes_out(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, timing: Timing
) -> None:
    never = asyncio.Event()
    stuck = hang_until(never, telegram.friendly)
    telegram.behaviour |= {"sendMessage": stuck, "getMe": stuck}
    database = sqlite_thread.database
    each_in_its_chat(database, 5)
    api = TelegramApi(telegram.url, TOKEN, connect=0.2, total=0.3)
    await api.open()
    async with dispatching(sqlite_thread, api, timing) as dispatcher:
        await eventually_async(lambda: dispatcher.breaker.failures, 0.3 * 5)
        telegram.behaviour.clear()
        await eventually_async(all_are(database, OutboxState.SENT), 15)
    await api.close()


async def test_a_message_that_always_fails_does_not_keep_the_others_back(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    database, broken = sqlite_thread.database, html(500)
    telegram.behaviour["sendMessage"] = lambda call: broken(call) if call.chat_id == 1001 else telegram.friendly(call)
    each_in_its_chat(database, 6)
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: list(rows.states(database).values()).count("sent") == 5, 10)


async def test_a_revoked_token_ends_the_dispatcher_and_no_message(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = always(lambda: refusal(401, "Unauthorized"))
    (row_id,) = queued(sqlite_thread.database, "a")
    dispatcher = new_dispatcher(sqlite_thread, api, timing)

    with pytest.raises(TokenRevoked):
        await asyncio.wait_for(dispatcher.run(), 10)
    await dispatcher.stop(5)
    assert (row(sqlite_thread.database, row_id).state, row(sqlite_thread.database, row_id).attempts) == (
        OutboxState.PENDING,
        0,
    )
    assert len(telegram.sends) == 1


# The database goes away -----------------------------------------------------------------------------------------------


async def complaints(caplog: pytest.LogCaptureFixture, count: int) -> None:
    """Wait until the dispatcher has said so many times that the database is unavailable."""
    await eventually_async(lambda: caplog.text.count("is unavailable") >= count, 10)


async def test_a_result_is_written_when_the_database_is_back(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, released = impatient_thread.database, asyncio.Event()
    telegram.behaviour["sendMessage"] = hang_until(released, telegram.friendly)
    (row_id,) = queued(database, "a")
    async with dispatching(impatient_thread, api, timing) as dispatcher:
        await eventually_async(lambda: telegram.sends, 10)
        with locked(any_database_url):
            released.set()
            await complaints(caplog, 3)  # by then the result was tried in vain
            assert dispatcher.in_flight == 1
        await eventually_async(all_are(database, OutboxState.SENT), 10)

    assert len(telegram.sends) == 1
    assert row(database, row_id).ambiguous == 0


async def test_it_starts_although_the_database_is_not_to_be_had_yet(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = impatient_thread.database
    queued(database, "a")
    async with contextlib.AsyncExitStack() as stack:
        with locked(any_database_url):
            await stack.enter_async_context(dispatching(impatient_thread, api, timing))
            await complaints(caplog, 1)
        await eventually_async(all_are(database, OutboxState.SENT), 10)


async def test_a_flood_that_cannot_be_written_down_does_not_lose_its_message(
    impatient_thread: DatabaseThread,
    any_database_url: str,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, released = impatient_thread.database, asyncio.Event()
    a_bot(database)
    floods = hang_until(released, always(lambda: flood(PAUSE)))
    telegram.behaviour["sendMessage"] = in_turn(*[floods] * 4, telegram.friendly)
    each_in_its_chat(database, 4)
    async with dispatching(impatient_thread, api, timing):
        await eventually_async(lambda: len(telegram.sends) == 4, 10)
        with locked(any_database_url):
            released.set()
            await eventually_async(lambda: "could not be stored" in caplog.text, 10)
        began = time.monotonic()
        await eventually_async(all_are(database, OutboxState.SENT), 10)

    assert time.monotonic() - began < timing.row_lease * 2.5
    assert {one.ambiguous for one in (row(database, r) for r in range(1, 5))} == {0}
