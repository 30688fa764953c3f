"""What the webhook refuses: the secret is wrong, the body is too large, the daemon is stopping."""

from __future__ import annotations

import asyncio
import contextlib
import io
import threading
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot_daemon.inbound.webhook import SECRET_HEADER, Intake, Webhook
from bot_daemon.process.resources import listen
from bot_daemon.runtime.database_thread import DatabaseThread
from tests.bot_daemon.inbound.webhook.door import AUTHENTIC, BEFORE, LIMIT, PRESENT, kept, opened, update
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import inbox_states
from tests.support.waiting import eventually_async

# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: "wrong"},
        {SECRET_HEADER: PRESENT + "x"},
        {SECRET_HEADER: PRESENT.upper()},
        {SECRET_HEADER: "שלום"},
        {"Authorization": PRESENT},
    ],
    ids=str,
)
async def test_without_the_secret_nothing_is_taken(sqlite_thread: DatabaseThread, headers: dict[str, str]) -> None:
    async with opened(sqlite_thread) as door:
        assert await door.post(update(), headers or {"X-Nothing": "x"}) == 401
        assert door.seen[0][1] == b""

    assert kept(sqlite_thread.database) == 0


async def test_while_a_secret_is_rotated_both_are_taken(sqlite_thread: DatabaseThread) -> None:
    async with opened(sqlite_thread) as door:
        assert await door.post(update(1), {SECRET_HEADER: PRESENT}) == 200
        assert await door.post(update(2), {SECRET_HEADER: BEFORE}) == 200


async def test_an_empty_secret_in_the_settings_opens_nothing(sqlite_thread: DatabaseThread) -> None:
    app = web.Application()
    app.router.add_post("/telegram/webhook", Webhook(Intake(sqlite_thread, 7), ("",)).handle)
    async with listen(app, "127.0.0.1:0") as url, aiohttp.ClientSession() as session:
        answer = await session.post(f"{url}/telegram/webhook", data=update(), headers={SECRET_HEADER: ""})
        assert answer.status == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_another_method_is_405(sqlite_thread: DatabaseThread, method: str) -> None:
    async with opened(sqlite_thread) as door:
        answer = await door.session.request(method, door.url + "/telegram/webhook", headers=AUTHENTIC)
        assert answer.status == 405


@pytest.mark.parametrize("path", ["/", "/telegram", "/telegram/webhook/", "/telegram/webhook2", "/../etc/passwd"])
async def test_another_path_is_404(sqlite_thread: DatabaseThread, path: str) -> None:
    async with opened(sqlite_thread) as door:
        assert await door.post(update(), path=path) == 404

    assert kept(sqlite_thread.database) == 0


# How much -------------------------------------------------------------------------------------------------------------


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """Chunked, so that no Content-Length tells it beforehand."""
    for _ in range(size // 65536):
        yield b" " * 65536
    yield b" " * (size % 65536)


async def test_the_largest_update_is_taken(thread: DatabaseThread) -> None:
    largest = update() + b" " * (LIMIT - len(update()))
    async with opened(thread) as door:
        assert await door.post(largest) == 200

    assert inbox_states(thread.database) == {1: "received"}


async def test_what_is_larger_is_413_however_it_is_sent(sqlite_thread: DatabaseThread) -> None:
    async with opened(sqlite_thread) as door:
        assert await door.post(io.BytesIO(b" " * (LIMIT + 1))) == 413
        assert await door.post(in_pieces(LIMIT + 1)) == 413
        assert await door.post(update()) == 200

    assert kept(sqlite_thread.database) == 1


async def test_who_does_not_know_the_secret_cannot_make_it_read_a_large_body(sqlite_thread: DatabaseThread) -> None:
    async with opened(sqlite_thread) as door:
        with contextlib.suppress(aiohttp.ClientError):  # it may hang up while we are still sending
            assert await door.post(in_pieces(64 * LIMIT), {SECRET_HEADER: "wrong"}) == 401


# When it cannot be kept -----------------------------------------------------------------------------------------------


async def test_a_database_that_fails_is_503_and_telegram_comes_again(
    impatient_thread: DatabaseThread, any_database_url: str
) -> None:
    async with opened(impatient_thread) as door:
        with locked(any_database_url):
            assert set(await asyncio.gather(*(door.post(update(n)) for n in (1, 2)))) == {503}
        assert all(int(headers["Retry-After"]) >= 1 for _, _, headers in door.seen)
        assert {body for _, body, _ in door.seen} == {b""}
        assert kept(impatient_thread.database) == 0
        assert [await door.post(update(n)) for n in (1, 2)] == [200, 200]

    assert inbox_states(impatient_thread.database) == {1: "received", 2: "received"}


async def test_while_stopping_it_asks_telegram_to_come_later(sqlite_thread: DatabaseThread) -> None:
    async with opened(sqlite_thread) as door:
        door.webhook.draining = True
        assert await door.post(update()) == 503
        assert "Retry-After" in door.seen[0][2]
        assert await door.post(update(), {SECRET_HEADER: "wrong"}) == 401

    assert kept(sqlite_thread.database) == 0


async def test_a_client_that_hangs_up_has_not_undone_its_update(thread: DatabaseThread) -> None:
    held = threading.Event()
    async with opened(thread) as door:
        blocking = asyncio.create_task(thread.call(lambda: held.wait(10), "slow"))
        await eventually_async(thread.busy_for, 5)
        posting = asyncio.create_task(door.post(update()))
        await eventually_async(lambda: thread._jobs.qsize() > 0, 5)
        posting.cancel()
        await asyncio.wait({posting})
        held.set()
        await blocking
        await eventually_async(lambda: kept(thread.database) == 1, 5)
