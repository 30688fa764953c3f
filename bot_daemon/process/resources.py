"""The daemon's resources, opened at start and closed at the end: database, connection pool, library, listeners."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator

from aiohttp import web
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder

from bot_daemon.bot_api.client import AiohttpRequest, TelegramApi
from bot_daemon.chat import handlers
from bot_daemon.inbound.stepping import Library as Library
from bot_daemon.inbound.stepping import error_handler, step_handler_for
from bot_daemon.process.telegram_setup import TokenUnknown
from bot_daemon.runtime.backoff import scheduled_delay
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database import schema
from common.database.engine import Database, sqlite_is_safe, sqlite_module
from common.messaging import leases
from common.settings.config import DaemonSettings

log = logging.getLogger(__name__)

BACKLOG = 1024


@contextlib.asynccontextmanager
async def open_database(settings: DaemonSettings) -> AsyncIterator[DatabaseThread]:
    """Raises: SchemaError, DatabaseSilent."""
    timing = settings.timing
    limit = timing.stuck_database / 2
    database = Database(
        settings.database_url,
        synchronous=settings.sqlite_synchronous,
        lock_timeout=limit,
        statement_timeout=limit,
        pool_size=2,
    )
    _warn_of_sqlite(database)
    thread = DatabaseThread(database, timing.step_budget)
    try:
        await thread.call(lambda: schema.check_at_start(database), "schema")
        yield thread
    finally:
        thread.close()


def _warn_of_sqlite(database: Database) -> None:
    if database.is_sqlite and not sqlite_is_safe():
        log.warning(
            "SQLite %s can corrupt a database that two processes write: install pysqlite3 (3.51.3 or newer)",
            sqlite_module().sqlite_version,
        )


def arrangement(database: Database) -> dict[str, str]:
    """The database this process works with, and its machine."""
    return {
        "database": database.engine.dialect.name,
        "sqlite": sqlite_module().sqlite_version if database.is_sqlite else "",
        "machine": leases.machine(),
    }


@contextlib.asynccontextmanager
async def open_api(settings: DaemonSettings) -> AsyncIterator[TelegramApi]:
    timing = settings.timing
    api = TelegramApi(settings.api_url, settings.bot_token, connect=timing.connect, total=timing.send)
    await api.open()
    try:
        yield api
    finally:
        await api.close()


@contextlib.asynccontextmanager
async def start_library(settings: DaemonSettings, api: TelegramApi, thread: DatabaseThread) -> AsyncIterator[Library]:
    """python-telegram-bot as a started Application without updater: it builds updates and finds their handlers."""
    request = AiohttpRequest(api, settings.timing.send)
    application: Library = (
        ApplicationBuilder()
        .token(settings.bot_token)
        .base_url(f"{settings.api_url}/bot")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.add_handlers(handlers.build_handlers(step_handler_for(thread)))
    application.add_error_handler(error_handler)
    await _initialize(application, settings.timing.probe)
    await application.start()
    try:
        yield application
    finally:
        await application.stop()
        await application.shutdown()


async def _initialize(application: Library, probe: tuple[float, ...]) -> None:
    """`Application.initialize` calls `getMe` once more (22.x), and Telegram may be unavailable by then."""
    failures = 0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise TokenUnknown from None
        except TelegramError as error:
            failures += 1
            log.warning("Telegram stopped answering: %s", error)
            await asyncio.sleep(scheduled_delay(probe, failures))
        else:
            return


@contextlib.asynccontextmanager
async def listen(app: web.Application, where: str) -> AsyncIterator[str]:
    """Serve an app on `host:port` or `unix:PATH`. Yields its address (the port that port 0 became)."""
    # Bodies stay as they came: a false claim of compression must not become a 500. The rest of an unwanted
    # body is read for a moment only.
    runner = web.AppRunner(
        app, access_log=None, keepalive_timeout=75, shutdown_timeout=2, auto_decompress=False, lingering_time=1.0
    )
    await runner.setup()
    try:
        if where.startswith("unix:"):
            _remove(where[5:])
            await web.UnixSite(runner, where[5:], backlog=BACKLOG).start()
            os.chmod(where[5:], 0o600)
            yield where
        else:
            host, _, port = where.rpartition(":")
            await web.TCPSite(runner, host, int(port), backlog=BACKLOG).start()
            bound = runner.addresses[0]
            yield f"http://{_bracket_ipv6(bound[0])}:{bound[1]}"
    finally:
        await runner.cleanup()
        if where.startswith("unix:"):
            _remove(where[5:])


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _bracket_ipv6(host: str) -> str:
    try:
        socket.inet_pton(socket.AF_INET6, host)
    except OSError:
        return host
    return f"[{host}]"
