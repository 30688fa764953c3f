"""Telegram floods: one chat waits, or the whole bot, over a restart too."""

from __future__ import annotations

from dataclasses import replace

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import OutboxState, ReasonCode
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import FakeTelegram, always, flood, in_turn
from tests.bot_daemon.outbound.dispatcher.dispatching import PAUSE, a_bot, all_are, dispatching, each_in_its_chat
from tests.bot_daemon.rows import queued, row
from tests.support.waiting import eventually_async


async def test_a_flooded_chat_is_left_alone_for_as_long_as_telegram_asked(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    queued(sqlite_thread.database, "a")
    async with dispatching(sqlite_thread, api, timing):
        await eventually_async(lambda: telegram.sends, 10)
        each_in_its_chat(sqlite_thread.database, 5, first_chat=2001)
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    flooded, again = [call.at for call in telegram.sends if call.chat_id == 1001][:2]
    others = [call.at for call in telegram.sends if call.chat_id != 1001]
    assert again - flooded >= PAUSE
    assert max(others) < again, "nobody else waited"


async def test_what_already_had_its_slot_obeys_the_flood_too(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    for n in range(2):
        queued(sqlite_thread.database, f"{n}", stream=f"{n}")
    async with dispatching(sqlite_thread, api, replace(timing, horizon=1.0), rate=10):
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    times = [call.at for call in telegram.sends]
    assert len(times) == 3
    assert times[1] - times[0] >= PAUSE


async def test_a_flood_costs_no_attempt_and_survives_a_restart(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(always(lambda: flood(PAUSE)), telegram.friendly)
    (row_id,) = queued(thread.database, "a")
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: row(thread.database, row_id).reason_code is ReasonCode.RATE_LIMITED, 10)
    assert row(thread.database, row_id).attempts == 0
    async with dispatching(thread, api, timing, epoch=2):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    flooded, again = (call.at for call in telegram.sends)
    assert again - flooded >= PAUSE


async def test_floods_from_many_chats_silence_the_whole_bot_over_a_restart_too(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    a_bot(thread.database)
    telegram.behaviour["sendMessage"] = in_turn(*[always(lambda: flood(PAUSE))] * 4, telegram.friendly)
    each_in_its_chat(thread.database, 4)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: len(telegram.sends) == 4, 10)
        await eventually_async(lambda: all(v == "pending" for v in rows.states(thread.database).values()), 10)
    silent_since = telegram.sends[-1].at
    each_in_its_chat(thread.database, 3, first_chat=3001)
    async with dispatching(thread, api, timing, epoch=2):
        await eventually_async(all_are(thread.database, OutboxState.SENT), 10)

    assert min(call.at for call in telegram.sends[4:]) - silent_since >= PAUSE * 0.9


async def test_when_the_whole_bot_is_silenced_what_had_its_slot_is_silent_too(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendMessage"] = in_turn(*[always(lambda: flood(PAUSE))] * 4, telegram.friendly)
    each_in_its_chat(sqlite_thread.database, 12)
    async with dispatching(sqlite_thread, api, replace(timing, horizon=1.0), rate=20):
        await eventually_async(all_are(sqlite_thread.database, OutboxState.SENT), 10)

    times = [call.at for call in telegram.sends]
    assert times[4] - times[3] >= PAUSE
