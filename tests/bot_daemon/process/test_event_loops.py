"""Three failures that the explanation "asyncio beside Flask" speaks of, each reproduced for real.

None of this is our code: it is why the one event loop lives in the daemon, for the daemon's whole life.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, MessageHandler, filters

from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram
from tests.bot_daemon.updates import message
from tests.support.waiting import eventually_async


class Polite(BaseHTTPRequestHandler):
    """Answers and keeps the connection open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class Unmoved(ThreadingHTTPServer):
    """Says nothing of clients that hang up."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    """A server in a thread of its own, outside of every event loop."""
    server = Unmoved(("127.0.0.1", 0), Polite)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


# 1. asyncio.run() does not wait for what is pending: it cancels it ----------------------------------------------------


def test_asyncio_run_cancels_what_is_still_pending_when_main_returns() -> None:
    seen: list[str] = []

    async def notify() -> None:
        try:
            await asyncio.sleep(0.2)
            seen.append("sent")
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    background: list[asyncio.Task[None]] = []

    async def view() -> None:
        """A Flask view that thinks its message will be sent."""
        background.append(asyncio.create_task(notify()))
        await asyncio.sleep(0)

    asyncio.run(view())

    assert seen == ["cancelled"]
    assert background[0].cancelled()


# 2. A client that outlives its loop -----------------------------------------------------------------------------------


def test_the_same_client_over_several_runs_fails_with_event_loop_is_closed(url: str) -> None:
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # such a connection cannot be closed
        outcomes = _three_runs_of_one_client(url)
        gc.collect()

    assert outcomes[0] == "200"
    assert "Event loop is closed" in outcomes[1], "the kept-alive connection belongs to the first, closed loop"
    assert outcomes[2] == "200", "the broken connection is gone: the error comes and goes"


def _three_runs_of_one_client(url: str) -> list[str]:
    client = httpx.AsyncClient(timeout=5)  # made once, as module-level bots are
    outcomes = [_status_or_error(client, url) for _ in range(3)]
    with contextlib.suppress(RuntimeError):  # the third connection's loop is closed by now, too
        asyncio.run(client.aclose())
    return outcomes


def _status_or_error(client: httpx.AsyncClient, url: str) -> str:
    async def ask() -> str:
        return str((await client.get(url)).status_code)

    try:
        return asyncio.run(ask())
    except RuntimeError as error:
        return str(error)


def test_one_loop_for_the_whole_life_has_no_such_trouble(url: str) -> None:
    async def life() -> list[int]:
        async with httpx.AsyncClient(timeout=5) as client:
            return [(await client.get(url)).status_code for _ in range(3)]

    assert asyncio.run(life()) == [200, 200, 200]


# 3. Application.start() does not fetch updates ------------------------------------------------------------------------


Library = Application[Any, Any, Any, Any, Any, Any]


def library(telegram: FakeTelegram, seen: list[str]) -> Library:
    async def note(update: Update, _context: Any) -> None:
        assert update.message is not None
        seen.append(str(update.message.text))

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{telegram.url}/bot").updater(None).job_queue(None)
    application: Library = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, note))
    return application


async def test_start_fetches_nothing_and_works_off_what_is_put_into_its_queue(telegram: FakeTelegram) -> None:
    seen: list[str] = []
    telegram.updates = [message(1, "never asked for")]
    application = library(telegram, seen)
    async with application:
        before = len(telegram.calls)
        await application.start()
        await application.update_queue.put(Update.de_json(message(2, "queued"), application.bot))
        await eventually_async(lambda: seen, 5)
        assert len(telegram.calls) == before, "start() made no call at all"
        await application.stop()

    assert seen == ["queued"]


async def test_without_start_nobody_works_the_queue_off(telegram: FakeTelegram) -> None:
    seen: list[str] = []
    application = library(telegram, seen)
    async with application:
        update = Update.de_json(message(1, "x"), application.bot)
        await application.update_queue.put(update)
        await application.process_update(Update.de_json(message(2, "direct"), application.bot))
        assert not application.running
        assert application.update_queue.qsize() == 1

    assert seen == ["direct"], "process_update needs no start(); the queue does"


async def test_without_initialize_the_application_refuses_to_work(telegram: FakeTelegram) -> None:
    application = library(telegram, [])

    with pytest.raises(RuntimeError, match="not initialized"):
        await application.process_update(Update.de_json(message(1, "x"), application.bot))


async def test_process_update_does_not_say_that_a_handler_failed(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller cannot tell done from failed: our ContextVar keeps the outcome (`bot_daemon.inbound.stepping`)."""

    async def fails(_update: Update, _context: Any) -> None:
        raise LookupError("no such part")

    application = library(telegram, [])
    application.add_handler(MessageHandler(filters.TEXT, fails), group=-1)
    async with application:
        assert await application.process_update(Update.de_json(message(1, "x"), application.bot)) is None  # type: ignore[func-returns-value]

    assert "no such part" in caplog.text
