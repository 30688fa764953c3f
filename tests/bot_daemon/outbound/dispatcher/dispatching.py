"""A dispatcher that runs in the test's loop, and rows for it to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.outbound.dispatcher import Dispatcher
from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.database.engine import Database
from common.database.models import Bot, OutboxState
from common.media.media_store import Directory
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import BOT_ID
from tests.bot_daemon.rows import queued

FAST = 500.0  # messages a second: the overall limit is not what these tests are about
PAUSE = 0.5  # seconds that a flood lasts here


def new_dispatcher(
    thread: DatabaseThread,
    api: TelegramApi,
    timing: Timing,
    *,
    epoch: int = 1,
    rate: float = FAST,
    trusted: Callable[[], bool] = lambda: True,
    media: Path = Path("/nowhere"),
) -> Dispatcher:
    return Dispatcher(
        thread,
        api,
        epoch=epoch,
        bot_id=BOT_ID,
        timing=timing,
        send_rate=rate,
        language="en",
        trusted=trusted,
        media=Directory(media),
    )


@asynccontextmanager
async def dispatching(
    thread: DatabaseThread,
    api: TelegramApi,
    timing: Timing,
    *,
    epoch: int = 1,
    rate: float = FAST,
    trusted: Callable[[], bool] = lambda: True,
    media: Path = Path("/nowhere"),
) -> AsyncIterator[Dispatcher]:
    """A dispatcher that runs meanwhile, and is stopped as the daemon stops it."""
    dispatcher = new_dispatcher(thread, api, timing, epoch=epoch, rate=rate, trusted=trusted, media=media)
    task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(5)
        await asyncio.wait({task}, timeout=5)
    task.result()


def each_in_its_chat(of: Database, count: int, first_chat: int = 1001, **more: object) -> list[int]:
    return [queued(of, f"m{first_chat + n}", chat_id=first_chat + n, **more)[0] for n in range(count)]


def all_are(of: Database, state: OutboxState) -> Callable[[], bool]:
    return lambda: set(rows.states(of).values()) == {state.value}


def a_bot(of: Database) -> None:
    with of.write() as session:
        session.add(Bot(bot_id=BOT_ID, username="b", name="b", link_base="", active_at=clock.utcnow(), webhook={}))
