"""The daemon's own pages: alive, ready, numbers; details only for who knows the token."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text

from bot_daemon.process.health import Status, add_health_routes
from bot_daemon.process.heartbeat import Heartbeat
from bot_daemon.process.resources import listen
from bot_daemon.process.watchdog import ComputesWithoutEnd, DatabaseStuck, Watchdog
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import Chat
from common.errors import SchemaError
from common.messaging import leases, processes
from common.settings.timing import Timing
from common.settings.version import version
from tests.bot_daemon import rows
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import came_in, message
from tests.support.waiting import eventually_async

TOKEN = "the-token-of-the-metrics-in-tests"
TRUSTED = {"Authorization": f"Bearer {TOKEN}"}


class Pages:
    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url, self._session = url, session

    async def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        async with self._session.get(self._url + path, headers=headers) as answer:
            return answer.status, await answer.text()


async def nothing() -> None:
    """No gauges to refresh."""


@asynccontextmanager
async def served(
    status: Status, token: str | None = TOKEN, refresh: Callable[[], Coroutine[Any, Any, None]] = nothing
) -> AsyncIterator[Pages]:
    app = web.Application()
    add_health_routes(app, status, token, refresh)
    async with (
        listen(app, "127.0.0.1:0") as url,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
    ):
        yield Pages(url, session)


@pytest.mark.parametrize(
    ("phase", "ready"),
    [("starting", 503), ("waiting for Telegram", 503), ("leading", 200), ("standing by", 200), ("stopping", 503)],
)
async def test_it_is_ready_while_it_leads_or_stands_by(phase: str, ready: int) -> None:
    async with served(Status(phase=phase)) as pages:
        assert (await pages.get("/health/ready"))[0] == ready
        assert (await pages.get("/health/live"))[0] == 200


async def test_an_unwell_process_is_neither_ready_nor_alive() -> None:
    async with served(Status(phase="leading", unwell_reason=lambda: "the database does not answer")) as pages:
        assert (await pages.get("/health/ready"))[0] == 503
        assert (await pages.get("/health/live"))[0] == 503


async def test_details_are_for_who_knows_the_token() -> None:
    async with served(Status(phase="leading", telegram="@felix_bot", epoch=7)) as pages:
        _, closed = await pages.get("/health/ready")
        _, opened = await pages.get("/health/ready", TRUSTED)

    assert "felix_bot" not in closed
    assert "felix_bot" in opened
    assert '"epoch": 7' in opened
    assert f'"version": "{version()}"' in opened


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}], ids=str)
async def test_numbers_need_the_token(given: dict[str, str]) -> None:
    async with served(Status()) as pages:
        assert (await pages.get("/metrics", given))[0] == 401


async def test_without_a_token_in_the_settings_the_numbers_are_closed() -> None:
    async with served(Status(), token=None) as pages:
        assert (await pages.get("/metrics", {"Authorization": "Bearer "}))[0] == 401
        assert (await pages.get("/metrics", {"Authorization": "Bearer None"}))[0] == 401


def heartbeat(thread: DatabaseThread, timing: Timing) -> Heartbeat:
    return Heartbeat(thread, Status(phase="leading"), leases.identity("t"), timing)


async def test_the_numbers_say_what_waits(thread: DatabaseThread, timing: Timing) -> None:
    came_in(thread.database, message(1, "x"), message(2, "x"))
    rows.queued(thread.database, "a", due_in=-30)
    async with served(Status(), refresh=heartbeat(thread, timing).refresh_gauges) as pages:
        status, text = await pages.get("/metrics", TRUSTED)

    assert status == 200
    assert "felix_inbox_depth 2.0" in text
    assert "felix_outbox_depth 1.0" in text
    assert "felix_outbox_oldest_seconds 3" in text


@pytest.mark.postgres
async def test_the_numbers_are_there_although_the_database_is_not(postgresql_url: str, timing: Timing) -> None:
    thread = DatabaseThread(Database(postgresql_url, lock_timeout=0.1))
    async with served(Status(), refresh=heartbeat(thread, timing).refresh_gauges) as pages:
        with locked(postgresql_url):
            status, text = await pages.get("/metrics", TRUSTED)
    thread.close()

    assert status == 200
    assert "felix_leader" in text


async def test_a_stuck_database_does_not_hold_up_the_numbers(sqlite_thread: DatabaseThread, timing: Timing) -> None:
    held = threading.Event()
    hanging = asyncio.create_task(sqlite_thread.call(lambda: held.wait(20), "stuck"))
    async with served(Status(), refresh=heartbeat(sqlite_thread, timing).refresh_gauges) as pages:
        began = time.monotonic()
        assert (await pages.get("/metrics", TRUSTED))[0] == 200
        assert time.monotonic() - began < 5
        held.set()
        await hanging
        await eventually_async(lambda: "refresh_gauges" not in repr(asyncio.all_tasks()), 5)


async def test_a_schema_that_becomes_too_new_ends_the_process(thread: DatabaseThread, timing: Timing) -> None:
    """Whatever it did from then on could be wrong."""
    await thread.run(lambda session: session.execute(text("UPDATE schema_floor SET oldest = '9999_later'")))
    with pytest.raises(SchemaError, match="needs code for 9999_later or newer: update this program"):
        await asyncio.wait_for(heartbeat(thread, timing).beat(), 10)


async def test_the_heartbeat_says_who_lives_and_a_clean_end_takes_it_away(
    thread: DatabaseThread, timing: Timing
) -> None:
    ours = heartbeat(thread, timing)
    beating = asyncio.create_task(ours.beat())

    def running() -> list[str]:
        with thread.database.read() as session:
            return [p.details["phase"] for p in processes.running(session, "daemon")]

    await eventually_async(lambda: running() == ["leading"], 10)
    beating.cancel()
    await ours.forget()
    assert running() == []


async def test_the_heart_goes_on_beating_after_the_database_was_away(
    impatient_thread: DatabaseThread, any_database_url: str, timing: Timing, caplog: pytest.LogCaptureFixture
) -> None:
    ours = heartbeat(impatient_thread, timing)
    with locked(any_database_url):
        beating = asyncio.create_task(ours.beat())
        await eventually_async(lambda: "No heartbeat" in caplog.text, 10)

    def alive() -> bool:
        with impatient_thread.database.read() as session:
            return bool(processes.running(session, "daemon"))

    await eventually_async(alive, 10)
    assert not beating.done()
    beating.cancel()


async def test_a_database_thread_that_is_stuck_takes_the_process_down(
    sqlite_thread: DatabaseThread, timing: Timing
) -> None:
    held, status = threading.Event(), Status(phase="leading")
    ours = Watchdog(sqlite_thread, status, replace(timing, stuck_database=0.2))
    hanging = asyncio.create_task(sqlite_thread.call(lambda: held.wait(20), "step", subject="update 7"))
    began = time.monotonic()

    with pytest.raises(ComputesWithoutEnd, match="our own code has been computing for 0 s: step of update 7"):
        await asyncio.wait_for(ours.watch(), 5)
    assert 0.2 <= time.monotonic() - began < 1.5
    assert status.details()["unwell"] == "our own code has been computing for 0 s: step of update 7"
    held.set()
    await hanging


async def test_a_silent_database_is_not_taken_for_our_own_computing(any_database_url: str, timing: Timing) -> None:
    thread, status = DatabaseThread(Database(any_database_url, lock_timeout=3.0)), Status(phase="leading")
    ours = Watchdog(thread, status, replace(timing, stuck_database=0.4))
    with locked(any_database_url):
        waiting = asyncio.create_task(thread.run(lambda session: session.add(Chat(chat_id=7)), "step"))
        with pytest.raises(DatabaseStuck, match="the database does not answer: step has waited"):
            await asyncio.wait_for(ours.watch(), 5)
        assert str(status.details()["unwell"]).startswith("the database does not answer")
    await asyncio.wait({waiting})
    thread.close()


async def test_a_busy_thread_is_not_a_stuck_one(sqlite_thread: DatabaseThread, timing: Timing) -> None:
    ours = Watchdog(sqlite_thread, Status(), replace(timing, stuck_database=0.3))
    watching = asyncio.create_task(ours.watch())
    for _ in range(8):
        await sqlite_thread.call(lambda: time.sleep(0.05), "short")
    assert not watching.done()
    watching.cancel()
