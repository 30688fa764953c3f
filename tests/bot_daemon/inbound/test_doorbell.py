"""The bell's listener: only a fresh, signed, small ring rings."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot_daemon.inbound.doorbell import MAX_RING, doorbell_app
from bot_daemon.process.resources import listen
from common.messaging.doorbell import Doorbell
from common.signing import RING_WINDOW, sign_ring

SECRET = "the-secret-of-the-bell-in-tests"


class Bell:
    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self._session = url, session
        self.rung = 0

    def ring(self) -> None:
        self.rung += 1

    async def post(self, body: bytes = b"", *, path: str = "/doorbell", **headers: str) -> int:
        named = {f"X-Felix-{name.title()}": value for name, value in headers.items()}
        async with self._session.post(self.url + path, data=body, headers=named) as answer:
            return answer.status

    async def signed(self, at: float, body: bytes = b"", secret: str = SECRET) -> int:
        return await self.post(body, timestamp=f"{at:.0f}", signature=sign_ring(secret, round(at), body))


@asynccontextmanager
async def hung(where: str = "127.0.0.1:0", secret: str = SECRET) -> AsyncIterator[Bell]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        bell = Bell("", session)
        async with listen(doorbell_app(secret, bell.ring), where) as url:
            bell.url = url
            yield bell


async def test_an_authentic_ring_rings() -> None:
    async with hung() as bell:
        assert await bell.signed(time.time()) == 204
        assert await bell.signed(time.time(), b"41") == 204
        assert bell.rung == 2


@pytest.mark.parametrize("age", [-RING_WINDOW - 5, RING_WINDOW + 5, 3600, 10**9])
async def test_a_ring_that_is_too_old_or_too_new_is_refused(age: float) -> None:
    async with hung() as bell:
        assert await bell.signed(time.time() - age) == 401
        assert bell.rung == 0


async def test_clocks_may_differ_a_little() -> None:
    async with hung() as bell:
        assert [await bell.signed(time.time() + skew) for skew in (-50, 50)] == [204, 204]


async def test_a_signature_is_of_this_body_this_time_and_this_secret() -> None:
    now = time.time()
    good = sign_ring(SECRET, round(now), b"1")
    async with hung() as bell:
        assert await bell.post(b"2", timestamp=f"{now:.0f}", signature=good) == 401
        assert await bell.post(b"1", timestamp=f"{now + 1:.0f}", signature=good) == 401
        assert await bell.signed(now, b"1", secret="another-secret-altogether-xx") == 401
        assert bell.rung == 0


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [("", ""), ("now", "x"), ("1e9", "x"), ("-1", "x"), ("٣", "x"), ("9" * 5000, "x"), ("1", "ש")],
)
async def test_nonsense_is_refused_without_a_traceback(timestamp: str, signature: str) -> None:
    async with hung() as bell:
        assert await bell.post(timestamp=timestamp, signature=signature) == 401


async def test_a_large_ring_is_not_read() -> None:
    async with hung() as bell:
        assert await bell.signed(time.time(), b"x" * (MAX_RING + 1)) == 413
        assert bell.rung == 0


async def test_nothing_else_is_there() -> None:
    async with hung() as bell:
        assert await bell.post(path="/") == 404
        assert await bell.post(path="/telegram/webhook") == 404
        async with bell._session.get(bell.url + "/doorbell") as answer:
            assert answer.status == 405


async def test_the_desks_bell_is_heard_over_tcp_and_over_a_unix_socket(tmp_path: Path) -> None:
    for where in ("127.0.0.1:0", f"unix:{tmp_path}/bell"):
        async with hung(where) as bell:
            ringer = Doorbell(SECRET, lambda bell=bell: bell.url)  # type: ignore[misc]
            assert await asyncio.to_thread(ringer.ring)
            assert bell.rung == 1


async def test_the_socket_is_for_its_owner_only_and_goes_with_the_bell(tmp_path: Path) -> None:
    path = tmp_path / "bell"
    path.touch()  # left behind by a process that was killed
    async with hung(f"unix:{path}"):
        mode = os.stat(path).st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600

    assert not path.exists()
