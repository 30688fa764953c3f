"""Where the fetcher keeps files: a directory that fails, files of no row, quotas, a full disk."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.media.fetcher import prune_files
from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.media import quotas
from common.media.media_store import MIN_AGE, Directory
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import FakeTelegram
from tests.bot_daemon.fetching import (
    PHOTO,
    VOICE,
    contents,
    fetching,
    media_rows,
    outcomes,
    settled,
    told,
    want,
    wanted_row,
)
from tests.common.media.test_quotas import keep
from tests.support.cast import DIMA, hire
from tests.support.waiting import eventually_async

# In a directory -------------------------------------------------------------------------------------------------------


async def test_files_are_kept_in_a_directory(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, tmp_path: Path
) -> None:
    store = Directory(tmp_path / "media")
    want(led_once.database, telegram, PHOTO, PHOTO)
    async with fetching(led_once, api, timing, store=store):
        await eventually_async(settled(led_once.database), 10)

    (content,) = contents(led_once.database)
    assert content.body is None
    assert content.thumbnail is not None
    assert await asyncio.to_thread(store.path(content.digest).read_bytes) == PHOTO
    assert [path.name for path in (tmp_path / "media").glob("*/*")] == [content.digest]


async def test_a_directory_that_cannot_be_written_is_waited_for(
    led_once: DatabaseThread,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").write_text("not a directory")
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing, store=Directory(tmp_path / "file")):
        await eventually_async(lambda: outcomes(led_once.database) == [("wanted", "not_stored")], 10)

    assert outcomes(led_once.database)[0][0] == "wanted"
    assert media_rows(led_once.database)[0].attempts == 0
    assert f"MEDIA_DIR {tmp_path / 'file'} is not writable" in caplog.text


async def test_files_that_no_row_knows_are_taken_away_once_they_are_old(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, tmp_path: Path
) -> None:
    store = Directory(tmp_path)
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing, store=store):
        await eventually_async(settled(led_once.database), 10)
    store.put("a" * 64, b"nobody's")
    half = store.path("a" * 64).with_name("b.part")
    half.write_bytes(b"half")

    await prune_files(store, led_once)
    assert store.path("a" * 64).exists()
    with clock.travel(timedelta(seconds=MIN_AGE + 60)):
        await prune_files(store, led_once)
    assert not store.path("a" * 64).exists()
    assert not half.exists()
    assert store.path(hashlib.sha256(VOICE).hexdigest()).exists()


# Too much -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
async def test_who_sent_too_much_is_told_once_and_nothing_is_fetched(
    led: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, kind: str
) -> None:
    dima = hire(led.database, DIMA)
    with led.database.write() as session:
        keep(session, dima, quotas.MAX_FILES)
        for number in range(1, 6):
            wanted_row(session, number, kind, person_id=dima.id)
    with clock.travel(
        timedelta(minutes=(30 - clock.utcnow().minute) % 60)
    ):  # they are told once in an hour of the clock
        async with fetching(led, api, timing):
            await eventually_async(settled(led.database), 10)

    assert outcomes(led.database)[-5:] == [("refused", "quota")] * 5
    assert [arguments["reason"] for arguments in told(led.database)] == ["quota"]
    assert telegram.of("getFile") == []


async def test_on_a_full_disk_nothing_is_fetched_and_the_sender_is_told(
    led: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led.database, telegram, PHOTO, VOICE)
    async with fetching(led, api, timing, has_room=lambda: False):
        await eventually_async(settled(led.database), 10)

    assert outcomes(led.database) == [("refused", "no_room")] * 2
    assert [arguments["reason"] for arguments in told(led.database)] == ["no_room"]
    assert contents(led.database) == []
