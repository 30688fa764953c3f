"""Record, commit, then answer: over real HTTP, whatever is sent."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot_daemon.inbound.webhook import SECRET_HEADER, Intake, Webhook
from bot_daemon.process.resources import listen
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import InboxRow
from common.messaging import inbox
from common.signing import digest
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import inbox_states, message
from tests.support.waiting import eventually_async

PRESENT, BEFORE = "present-secret-of-the-tests", "earlier-secret-of-the-tests"
AUTHENTIC = {SECRET_HEADER: PRESENT, "Content-Type": "application/json"}
LIMIT = inbox.MAX_BODY


@dataclass
class Door:
    """The listening webhook and a client of it."""

    url: str
    webhook: Webhook
    session: aiohttp.ClientSession
    seen: list[tuple[int, bytes, Any]] = field(default_factory=list)

    async def post(self, body: Any, headers: dict[str, str] | None = None, path: str = "/telegram/webhook") -> int:
        async with self.session.post(self.url + path, data=body, headers=headers or AUTHENTIC) as answer:
            self.seen.append((answer.status, await answer.read(), answer.headers))
            return answer.status


@asynccontextmanager
async def opened(thread: DatabaseThread) -> AsyncIterator[Door]:
    webhook = Webhook(Intake(thread, 7), (PRESENT, BEFORE))
    app = web.Application(client_max_size=LIMIT + 1)
    app.router.add_post("/telegram/webhook", webhook.handle)
    timeout = aiohttp.ClientTimeout(total=15)
    async with listen(app, "127.0.0.1:0") as url, aiohttp.ClientSession(timeout=timeout) as session:
        yield Door(url, webhook, session)


def kept(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(InboxRow)) or 0


def update(update_id: int = 1) -> bytes:
    return json.dumps(message(update_id, "привет")).encode()


# The promise ----------------------------------------------------------------------------------------------------------


async def test_an_update_is_answered_only_after_its_commit(thread: DatabaseThread) -> None:
    held = threading.Event()
    async with opened(thread) as door:
        blocking = asyncio.create_task(thread.call(lambda: held.wait(10), "slow"))
        await eventually_async(thread.busy_for, 5)
        posting = asyncio.create_task(door.post(update()))
        await eventually_async(lambda: thread._jobs.qsize() > 0, 5)
        assert not posting.done()
        assert kept(thread.database) == 0
        held.set()
        assert await posting == 200
        await blocking

    assert inbox_states(thread.database) == {1: "received"}


async def test_the_body_is_kept_as_it_came_and_the_answer_is_empty(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert await door.post(update()) == 200
        assert door.seen[0][1] == b""

    with thread.database.read() as session:
        row = session.scalars(select(InboxRow)).one()
        assert (row.body, row.lane, row.kind, row.bot_id) == (update(), "u:1001", "message", 7)


async def test_the_same_update_three_times_is_one_row_and_three_times_200(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert [await door.post(update()) for _ in range(3)] == [200] * 3
        together = await asyncio.gather(*(door.post(update(2)) for _ in range(10)))

    assert set(together) == {200}
    assert inbox_states(thread.database) == {1: "received", 2: "received"}


async def test_many_at_once_all_are_kept(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        statuses = await asyncio.gather(*(door.post(update(n)) for n in range(1, 201)))

    assert set(statuses) == {200}
    assert set(inbox_states(thread.database)) == set(range(1, 201))


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


# Unreadable -----------------------------------------------------------------------------------------------------------

UNREADABLE = [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"update_id":"1"}', b'{"update_id":-1}', b"\xff\xfe\x00",
              b'{"update_id":1.5}', b'{"update_id":99999999999}', b"[" * 200_000, b'{"update_id":1e400}',
              b'{"update_id":true}', b"\0", b'{"update_id":1,"message":{"text":"\\ud83d"}}']  # fmt: skip


async def test_what_is_authentic_and_unreadable_is_kept_in_quarantine(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert {await door.post(body) for body in UNREADABLE * 2} == {200}

    with thread.database.read() as session:
        kept = list(session.scalars(select(InboxRow).order_by(InboxRow.seq)))
    assert [row.body for row in kept] == UNREADABLE
    assert [row.digest for row in kept] == [digest(body) for body in UNREADABLE]
    assert {row.state.value for row in kept} == {"quarantined"}
    assert all(row.error for row in kept)


async def test_a_body_that_says_it_is_compressed_is_kept_too(sqlite_thread: DatabaseThread) -> None:
    headers = {**AUTHENTIC, "Content-Encoding": "gzip"}
    async with opened(sqlite_thread) as door:
        assert await door.post(b"this is not gzip", headers) == 200

    assert kept(sqlite_thread.database) == 1


async def test_one_unreadable_body_does_not_keep_its_neighbours_out(thread: DatabaseThread) -> None:
    bodies = [update(1), b"{", update(2), b"\0", update(3)]
    async with opened(thread) as door:
        assert set(await asyncio.gather(*(door.post(body) for body in bodies))) == {200}

    assert kept(thread.database) == 5


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
someone = st.fixed_dictionaries({"id": anything | st.integers(0, 2**60)}) | anything
odd_updates = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**31 - 1) | anything},
    optional={
        "message": st.fixed_dictionaries({}, optional={"from": someone, "chat": someone, "text": anything}) | anything,
        "callback_query": st.fixed_dictionaries({}, optional={"from": someone, "message": anything}) | anything,
        "\x00 a kind nobody knows": anything,
    },
).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
cut = st.integers(0, 300).map(lambda at: update()[:at])
bodies = st.lists(st.binary(max_size=500) | odd_updates | cut, min_size=1, max_size=12)


@given(bodies)
async def test_no_authentic_body_is_refused_or_lost(thread: DatabaseThread, bodies: list[bytes]) -> None:
    async with opened(thread) as door:
        assert set(await asyncio.gather(*(door.post(body) for body in bodies))) == {200}

    with thread.database.read() as session:
        for body in bodies:
            received = inbox.read_envelope(body)
            same = InboxRow.digest == digest(body) if received.update_id is None else (
                InboxRow.update_id == received.update_id
            )  # fmt: skip
            assert session.scalar(select(func.count()).select_from(InboxRow).where(same)) == 1


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
