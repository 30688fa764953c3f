"""The fetcher: what is wanted is kept, refused or gone, whatever happens on the way; nothing of it leaks the token."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot_daemon import wanted
from bot_daemon.line import Line
from bot_daemon.media import Fetcher, prune_files
from bot_daemon.telegram_files import MOST_BYTES
from bot_daemon.telegram_request import TelegramApi, TokenRevoked
from bot_daemon.thread import DatabaseThread
from bot_daemon.wanted import MOST_ATTEMPTS, Gone, Job, Kept, Later, Refused
from common import clock, leases, media, orders
from common.database import Database, revision
from common.errors import LeaseLost
from common.media_store import UNSURE, Directory
from common.models import Event, Lease, Media, MediaContent, MediaState, OutboxRow, Person
from common.orders import WantedLine
from common.timing import Timing
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
    ok,
    refusal,
)
from tests.cast import DIMA, acts, hire
from tests.integration import dump
from tests.pictures import bomb, picture, voice
from tests.waiting import eventually_async

EPOCH = 1
PHOTO, VOICE = picture(), voice()


@pytest.fixture
def led(thread: DatabaseThread) -> DatabaseThread:
    """This process leads, in epoch 1."""
    lead(thread.database, EPOCH)
    return thread


@pytest.fixture
def led_once(sqlite_thread: DatabaseThread) -> DatabaseThread:
    """The same on SQLite only."""
    lead(sqlite_thread.database, EPOCH)
    return sqlite_thread


def lead(database: Database, epoch: int) -> None:
    with database.write() as session:
        leases.acquire(session, leases.identity("t"), 3600)
        session.execute(update(Lease).values(epoch=epoch))


@asynccontextmanager
async def fetching(
    thread: DatabaseThread,
    api: TelegramApi,
    timing: Timing,
    *,
    store: Directory | None = None,
    line: Line | None = None,
    trusted: Callable[[], bool] = lambda: True,
) -> AsyncIterator[Fetcher]:
    """A fetcher that runs meanwhile, and is stopped as the daemon stops it."""
    fetcher = Fetcher(
        thread,
        api,
        store,
        epoch=EPOCH,
        bot_id=BOT_ID,
        timing=timing,
        line=line or Line(timing.probe),
        trusted=trusted,
    )
    task = asyncio.create_task(fetcher.run(), name="fetcher")
    try:
        yield fetcher
    finally:
        await fetcher.stop(5)
        await asyncio.wait({task}, timeout=5)
    task.result()


def want(database: Database, telegram: FakeTelegram, *files: bytes, kind: str = "photo", first: int = 1) -> list[int]:
    """Rows of files that Telegram has."""
    ids = []
    with database.write() as session:
        for number, body in enumerate(files, first):
            telegram.files[f"F{number}"] = body
            ids.append(wanted_row(session, number, kind))
    return ids


def wanted_row(session: Session, number: int, kind: str = "photo", **more: Any) -> int:
    row = media.want(
        session,
        chat_id=1001,
        message_id=number,
        group_id="",
        file_id=f"F{number}",
        file_unique_id=f"U{number}",
        kind=kind,
        caption="",
        seconds=None,
        person_id=None,
        **more,
    )
    assert row is not None
    return row.id


def media_rows(database: Database) -> list[Media]:
    with database.read() as session:
        return list(session.scalars(select(Media).order_by(Media.id)))


def outcomes(database: Database) -> list[tuple[str, str]]:
    return [(row.state.value, row.reason) for row in media_rows(database)]


def contents(database: Database) -> list[MediaContent]:
    with database.read() as session:
        return list(session.scalars(select(MediaContent).order_by(MediaContent.size)))


def settled(database: Database) -> Callable[[], bool]:
    return lambda: all(row.state is not MediaState.WANTED for row in media_rows(database))


async def several_looks(timing: Timing) -> None:
    """So long that the fetcher has looked more than once, and would have begun."""
    await asyncio.sleep(timing.poll * 3)


def told(database: Database) -> list[dict[str, object]]:
    with database.read() as session:
        return [row.arguments for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


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
        (b"%PDF-1.7 not a picture", "document", "wrong_type"),
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
            return web.Response(body=bytes(MOST_BYTES + 1))
        response = web.Response(body=bytes(MOST_BYTES + 1))
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


# What goes wrong on the way -------------------------------------------------------------------------------------------


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
    assert (row.state, row.attempts, row.reason) == (MediaState.KEPT, 1, "")
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
        wanted.record(session, EPOCH, first, Later(wanted.PAUSE, 60, all_wait=True))
    async with fetching(led, api, timing):
        await several_looks(timing)

    assert telegram.calls == []
    with led.database.read() as session:
        assert 55 < wanted.pause(session) <= 60


async def test_while_telegram_is_away_no_attempt_is_counted(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led_once.database, telegram, VOICE)
    await telegram.stop()
    async with fetching(led_once, api, timing):
        await eventually_async(lambda: outcomes(led_once.database)[0][1].startswith("network"), 10)
        (row,) = media_rows(led_once.database)
        assert (row.state, row.attempts) == (MediaState.WANTED, 0)
        await telegram.start()
        await eventually_async(settled(led_once.database), 15)

    assert outcomes(led_once.database) == [("kept", "")]


async def test_nothing_is_asked_for_while_the_line_is_down_or_the_lease_is_not_trusted(
    led_once: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    want(led_once.database, telegram, VOICE)
    line, trusted = Line(timing.probe), False
    line.broke()
    async with fetching(led_once, api, timing, line=line, trusted=lambda: trusted):
        await several_looks(timing)
        line.probed(True)
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
        line=Line(timing.probe),
        trusted=lambda: True,
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


# The rows -------------------------------------------------------------------------------------------------------------


KEPT = Kept("d" * 64, "audio/ogg", len(VOICE), VOICE, None)


def test_what_another_leader_fetches_is_not_written_by_us(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH + 1)
    (row,) = want(any_database, telegram, VOICE)
    with pytest.raises(LeaseLost), any_database.write() as session:
        wanted.record(session, EPOCH, row, KEPT)

    assert outcomes(any_database) == [("wanted", "")]


def test_a_result_that_comes_twice_changes_nothing(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    (row,) = want(any_database, telegram, VOICE)
    for result in (Refused("wrong_type"), KEPT, Gone("gone"), Later("again")):
        with any_database.write() as session:
            wanted.record(session, EPOCH, row, result)

    assert outcomes(any_database) == [("refused", "wrong_type")]
    assert len(told(any_database)) == 1


def test_what_was_taken_out_of_the_draft_meanwhile_is_not_kept(any_database: Database) -> None:
    lead(any_database, EPOCH)
    with any_database.write() as session:
        row = wanted_row(session, 1, draft_key="K")
        media.take_away(session, "K", row)
        assert not wanted.record(session, EPOCH, row, KEPT)
    assert contents(any_database) == []


def test_it_is_given_up_in_the_end(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    (row,) = want(any_database, telegram, VOICE)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        with any_database.write() as session:
            wanted.record(session, EPOCH, row, Later("HTTP 500"))
            waits.append(session.get_one(Media, row).due_at - clock.utcnow())

    assert outcomes(any_database) == [("gone", "unavailable")]
    assert waits[0] < timedelta(seconds=1)
    assert timedelta(hours=2) < waits[-1] < timedelta(hours=4)


def test_only_what_is_due_and_not_in_work_is_begun(any_database: Database, telegram: FakeTelegram) -> None:
    lead(any_database, EPOCH)
    first, second, third = want(any_database, telegram, VOICE, VOICE, VOICE)
    with any_database.write() as session:
        wanted.record(session, EPOCH, second, Later("away", 30))
        assert wanted.due(session, 5, {first}) == [Job(third, "F3", "photo")]
        assert 29 < wanted.next_due(session) <= 30
        assert wanted.due(session, 0, set()) == []


def test_an_orders_timeline_says_what_was_lost(any_database: Database) -> None:
    lead(any_database, EPOCH)
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        person = session.get_one(Person, dima.id)
        order, _ = orders.place_order(
            session, key="K", person=person, lines=[WantedLine({"": "x"})], actor=acts(person)
        )
        row = wanted_row(session, 1, order_id=order.id)
        wanted.record(session, EPOCH, row, Refused("damaged"))
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()

        assert event is not None
        assert (event.kind, event.order_id, event.arguments["reason"]) == ("media.refused", order.id, "damaged")


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
        await eventually_async(lambda: "MEDIA_DIR" in outcomes(led_once.database)[0][1], 10)

    assert outcomes(led_once.database)[0][0] == "wanted"
    assert media_rows(led_once.database)[0].attempts == 0
    assert f"Nothing can be written in MEDIA_DIR {tmp_path / 'file'}" in caplog.text


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
    with clock.travel(timedelta(seconds=UNSURE + 60)):
        await prune_files(store, led_once)
    assert not store.path("a" * 64).exists()
    assert not half.exists()
    assert store.path(hashlib.sha256(VOICE).hexdigest()).exists()
