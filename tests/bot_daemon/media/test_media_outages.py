"""The fetcher when downloads break, Telegram floods or the database is away; nothing of it leaks the token."""

from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import web
from sqlalchemy import update

from bot_daemon.bot_api.breaker import CircuitBreaker
from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.media import fetch_queue
from bot_daemon.media.fetch_queue import Later
from bot_daemon.media.fetcher import Fetcher
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import Media, MediaReason, MediaState
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import (
    BOT_ID,
    TOKEN,
    Call,
    FakeTelegram,
    always,
    flood,
    hang_until,
    html,
    in_turn,
    refusal,
)
from tests.bot_daemon.fetching import (
    EPOCH,
    PHOTO,
    VOICE,
    fetching,
    lead,
    media_rows,
    outcomes,
    settled,
    several_looks,
    want,
    wanted_row,
)
from tests.integration import dump
from tests.support.waiting import eventually_async


async def cut_off(_call: Call) -> web.StreamResponse:
    """Says more than it sends."""
    return web.Response(body=VOICE[:100])


BROKEN = {"500": html(500), "502": html(502), "404": always(lambda: web.Response(status=404)), "cut off": cut_off}


@pytest.mark.parametrize("how", BROKEN)
async def test_a_download_that_breaks_is_done_again(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, how: str
) -> None:
    telegram.behaviour["file"] = in_turn(BROKEN[how], telegram.friendly)
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    (row,) = media_rows(led_once.database)
    assert (row.state, row.attempts, row.reason_code) == (MediaState.KEPT, 1, None)
    assert len(telegram.of("file")) == 2


async def test_a_download_that_hangs_ends_and_others_go_on(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    released = asyncio.Event()
    slow = hang_until(released, telegram.friendly)
    telegram.behaviour["file"] = lambda call: (
        slow(call) if call.parameters["file_id"] == "F1" else telegram.friendly(call)
    )
    want(led_once.database, telegram, VOICE, VOICE, VOICE)
    async with fetching(led_once, api, Timing(download=0.3, poll=0.1)):
        await eventually_async(lambda: outcomes(led_once.database)[1:] == [("kept", "")] * 2, 10)
        await eventually_async(lambda: media_rows(led_once.database)[0].attempts > 0, 10)
        released.set()


async def test_a_flood_is_a_deadline_for_all_files_and_no_attempt(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getFile"] = in_turn(always(lambda: flood(1)), telegram.friendly)
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(lambda: len(telegram.of("getFile")) == 1, 5)
        want(led_once.database, telegram, VOICE, first=2)
        await eventually_async(settled(led_once.database), 10)

    first, second, third = telegram.of("getFile")
    assert min(second.at, third.at) - first.at >= 1.0
    assert [row.attempts for row in media_rows(led_once.database)] == [0, 0]


async def test_a_flood_is_obeyed_after_a_restart(
    led: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    first, _ = want(led.database, telegram, VOICE, VOICE)
    with led.database.write() as session:
        fetch_queue.record(session, EPOCH, first, Later(MediaReason.RATE_LIMITED, seconds=60, all_wait=True))
    async with fetching(led, api, timing):
        await several_looks(timing)

    assert telegram.calls == []
    with led.database.read() as session:
        assert 55 < fetch_queue.pause_seconds(session) <= 60


async def test_while_telegram_is_away_no_attempt_is_counted(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led_once.database, telegram, VOICE)
    await telegram.stop()
    async with fetching(led_once, api, timing):
        await eventually_async(lambda: outcomes(led_once.database)[0][1] == MediaReason.NETWORK, 10)
        (row,) = media_rows(led_once.database)
        assert (row.state, row.attempts) == (MediaState.WANTED, 0)
        await telegram.start()
        await eventually_async(settled(led_once.database), 15)

    assert outcomes(led_once.database) == [("kept", "")]


async def test_nothing_is_asked_for_while_the_line_is_down_or_the_lease_is_not_trusted(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led_once.database, telegram, VOICE)
    breaker, trusted = CircuitBreaker(timing.probe), False
    breaker.record_failure()
    async with fetching(led_once, api, timing, breaker=breaker, trusted=lambda: trusted):
        await several_looks(timing)
        breaker.record_probe(True)
        await several_looks(timing)
        assert telegram.calls == []
        trusted = True
        await eventually_async(settled(led_once.database), 10)


async def test_a_token_that_is_refused_ends_the_worker(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getFile"] = always(lambda: refusal(401, "Unauthorized"))
    want(led_once.database, telegram, VOICE)
    fetcher = Fetcher(
        led_once,
        api,
        None,
        epoch=EPOCH,
        bot_id=BOT_ID,
        timing=timing,
        breaker=CircuitBreaker(timing.probe),
        trusted=lambda: True,
        has_room=lambda: True,
    )
    with pytest.raises(TokenRevoked):
        await fetcher.run()

    assert outcomes(led_once.database) == [("wanted", "")]


async def test_a_stop_in_the_middle_leaves_it_wanted(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    released = asyncio.Event()
    telegram.behaviour["file"] = hang_until(released, telegram.friendly)
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(lambda: telegram.of("file"), 5)
    released.set()
    assert outcomes(led_once.database) == [("wanted", "")]
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)
    assert outcomes(led_once.database) == [("kept", "")]


async def test_a_database_that_is_away_when_the_file_is_there_is_waited_for(
    impatient_thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, any_database_url: str
) -> None:
    lead(impatient_thread.database, EPOCH)
    want(impatient_thread.database, telegram, VOICE)
    released = asyncio.Event()
    telegram.behaviour["file"] = hang_until(released, telegram.friendly)
    other = Database(any_database_url)
    async with fetching(impatient_thread, api, timing):
        await eventually_async(lambda: telegram.of("file"), 5)
        with other.write() as session:
            session.execute(update(Media).values(kind="voice"))
            released.set()
            await asyncio.sleep(0.5)  # longer than the thread waits for a lock
        await eventually_async(settled(other), 10)
    assert outcomes(other) == [("kept", "")]
    other.dispose()


async def test_the_token_is_nowhere_whatever_went_wrong(
    led_once: DatabaseThread,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.behaviour["file"] = in_turn(*BROKEN.values(), telegram.friendly)
    want(led_once.database, telegram, PHOTO, VOICE, b"%PDF")
    with led_once.database.write() as session:
        wanted_row(session, 99)
    async with fetching(led_once, api, Timing(poll=0.05)):
        await eventually_async(lambda: len(telegram.of("file")) >= 5, 10)
        await telegram.stop()
        await eventually_async(lambda: "network" in caplog.text or settled(led_once.database)(), 10)
    everything = caplog.text + repr(dump.everything(led_once.database))

    assert TOKEN not in everything
    assert TOKEN.partition(":")[2] not in everything
    assert "files/F" not in everything, "not even the path"
