"""A dispatcher of its own process that one message ends: `python -m tests.bot_daemon.outbound.poison.dying URL EPOCH`.

The rendering of a message to the chat POISON ends the process as the kernel would. It ends with 0 when nothing waits.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import tzinfo
from unittest import mock

from sqlalchemy.orm import Session

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.chat import rendering
from bot_daemon.chat.content import Content
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import OutboxRow
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram
from tests.bot_daemon.outbound.dispatcher.dispatching import a_bot, dispatching
from tests.support.waiting import eventually_async

POISON = 666
TIMING = Timing().scaled(0.1)
ENDED = {"sent", "dead"}


def with_poison() -> None:
    """Replace the rendering, in this process only."""
    render = rendering.render

    def rendered(session: Session, row: OutboxRow, *, default_language: str, zone: tzinfo) -> Content:
        if row.chat_id == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return render(session, row, default_language=default_language, zone=zone)

    mock.patch.object(rendering, "render", rendered).start()


async def send(database: Database, epoch: int) -> None:
    telegram, thread = FakeTelegram(), DatabaseThread(database)
    await telegram.start()
    api = TelegramApi(telegram.url, TOKEN, connect=TIMING.connect, total=TIMING.send)
    await api.open()
    async with dispatching(thread, api, TIMING, epoch=epoch):
        await eventually_async(lambda: set(rows.states(database).values()) <= ENDED, 30)
    await api.close()
    await telegram.stop()


if __name__ == "__main__":
    database = Database(sys.argv[1], synchronous="OFF")
    if sys.argv[2] == "1":
        a_bot(database)
    with_poison()
    asyncio.run(send(database, int(sys.argv[2])))
    os._exit(0)
