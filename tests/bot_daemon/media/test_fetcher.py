"""The fetcher: what is wanted is kept, or refused and its sender told."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from aiohttp import web

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import revision
from common.media.attachments import MAX_BYTES
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import TOKEN, Call, FakeTelegram, always, ok, refusal
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
)
from tests.support.pictures import bomb, voice
from tests.support.waiting import eventually_async

# All is well ----------------------------------------------------------------------------------------------------------


async def test_a_photo_and_a_voice_note_are_kept(
    led: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led.database, telegram, PHOTO, VOICE)
    async with fetching(led, api, timing):
        await eventually_async(settled(led.database), 10)

    assert outcomes(led.database) == [("kept", ""), ("kept", "")]
    sound, photo = sorted(contents(led.database), key=lambda content: content.type)
    assert [(one.type, one.body) for one in (photo, sound)] == [("image/jpeg", PHOTO), ("audio/ogg", VOICE)]
    assert photo.digest == hashlib.sha256(PHOTO).hexdigest()
    assert photo.thumbnail is not None
    assert sound.thumbnail is None
    assert told(led.database) == []


async def test_what_is_wanted_meanwhile_is_fetched_when_the_fetcher_is_woken(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi
) -> None:
    async with fetching(led_once, api, Timing()) as fetcher:  # its own look would come seconds later
        want(led_once.database, telegram, VOICE)
        fetcher.wake()
        await eventually_async(settled(led_once.database), 4)


async def test_the_same_file_twice_is_kept_once(
    led: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led.database, telegram, VOICE, VOICE, VOICE)
    async with fetching(led, api, timing):
        await eventually_async(settled(led.database), 10)

    assert {row.digest for row in media_rows(led.database)} == {hashlib.sha256(VOICE).hexdigest()}
    assert len(contents(led.database)) == 1


async def test_ten_of_an_album_are_all_kept_a_few_at_a_time(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    at_once, most = 0, 0

    async def counted(call: Call) -> web.StreamResponse:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        return await telegram.friendly(call)

    telegram.behaviour["file"] = counted
    want(led_once.database, telegram, *(voice(1000 + 256 * n) for n in range(10)))
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 20)

    assert outcomes(led_once.database) == [("kept", "")] * 10
    assert most <= 2


async def test_a_page_that_shows_it_hears_of_it(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led_once.database, telegram, VOICE)
    before = await led_once.read(revision)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    assert await led_once.read(revision) == before + 1


# What is not kept -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        (b"PK\x03\x04 not a picture", "document", "wrong_type"),
        (b"<svg onload='alert(1)'/>", "photo", "wrong_type"),
        (PHOTO[: len(PHOTO) // 2], "photo", "damaged"),
        (bomb(), "document", "too_many_pixels"),
        (b"", "document", "empty"),
    ],
)
async def test_what_is_not_ours_to_keep_is_refused_and_its_sender_told_once(
    led_once: DatabaseThread,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    body: bytes,
    kind: str,
    why: str,
) -> None:
    want(led_once.database, telegram, body, kind=kind)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    assert outcomes(led_once.database) == [("refused", why)]
    assert told(led_once.database) == [{"media": kind, "reason": why}]
    assert contents(led_once.database) == []


async def test_what_telegram_calls_too_big_is_refused_without_a_download(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["getFile"] = always(lambda: refusal(400, "Bad Request: file is too big"))
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    assert outcomes(led_once.database) == [("refused", "too_large")]
    assert telegram.of("file") == []


@pytest.mark.parametrize("says_its_length", [True, False])
async def test_a_file_that_grows_beyond_the_limit_is_not_read_to_its_end(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, says_its_length: bool
) -> None:
    def endless() -> web.StreamResponse:
        if says_its_length:
            return web.Response(body=bytes(MAX_BYTES + 1))
        response = web.Response(body=bytes(MAX_BYTES + 1))
        response.enable_chunked_encoding()
        return response

    telegram.behaviour["file"] = always(endless)
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, Timing()):
        await eventually_async(settled(led_once.database), 20)

    assert outcomes(led_once.database) == [("refused", "too_large")]


@pytest.mark.parametrize(
    "description", ["invalid file_id", "wrong file_id", "wrong file identifier/HTTP URL specified", "file_reference_1"]
)
async def test_what_telegram_does_not_have_any_more_is_gone(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, description: str
) -> None:
    telegram.behaviour["getFile"] = always(lambda: refusal(400, f"Bad Request: {description}"))
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    assert outcomes(led_once.database) == [("gone", "gone")]
    assert told(led_once.database) == [{"media": "photo", "reason": "gone"}]


@pytest.mark.parametrize(
    "path", [f"/var/lib/telegram-bot-api/{TOKEN}/photos/file_0.jpg", "../../bot1/getMe", "file:///etc/passwd"]
)
async def test_a_path_on_the_servers_own_disk_is_not_followed_nor_told(
    led_once: DatabaseThread,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    path: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.behaviour["getFile"] = always(lambda: ok({"file_id": "F", "file_path": path}))
    want(led_once.database, telegram, VOICE)
    async with fetching(led_once, api, timing):
        await eventually_async(settled(led_once.database), 10)

    assert outcomes(led_once.database) == [("gone", "local_path")]
    assert "without --local" in caplog.text
    assert path not in caplog.text
    assert telegram.of("file") == []
