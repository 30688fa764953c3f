"""The daemon's core in one process: its database thread on real databases, Telegram faked at the socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram
from tests.bot_daemon.fetching import EPOCH, lead


@pytest.fixture
def timing() -> Timing:
    """The same machine, ten times as fast. A send may last longer: a shared machine stands still for seconds."""
    return replace(Timing().scaled(0.1), send=5.0, row_lease=6.5).check()


@pytest.fixture
def thread(any_database: Database) -> Iterator[DatabaseThread]:
    """The one database thread, on SQLite and on PostgreSQL."""
    thread = DatabaseThread(any_database)
    yield thread
    thread.close()


@pytest.fixture
def sqlite_thread(database: Database) -> Iterator[DatabaseThread]:
    """The same on SQLite only, for what does not depend on SQL."""
    thread = DatabaseThread(database)
    yield thread
    thread.close()


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture
async def api(telegram: FakeTelegram, timing: Timing) -> AsyncIterator[TelegramApi]:
    """Our client of the fake, bounded as the daemon's is."""
    api = TelegramApi(telegram.url, TOKEN, connect=timing.connect, total=timing.send)
    await api.open()
    yield api
    await api.close()


@pytest.fixture
def impatient_thread(any_database_url: str) -> Iterator[DatabaseThread]:
    """A database thread that gives a locked database up after a moment."""
    thread = DatabaseThread(Database(any_database_url, synchronous="OFF", lock_timeout=0.2, statement_timeout=2.0))
    yield thread
    thread.close()


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
