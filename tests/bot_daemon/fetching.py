"""A fetcher at work, files that Telegram has, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot_daemon.bot_api.breaker import CircuitBreaker
from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.media.fetcher import Fetcher
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import Lease, Media, MediaContent, MediaState, OutboxRow
from common.media import attachments
from common.media.media_store import Directory
from common.messaging import leases
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import (
    BOT_ID,
    FakeTelegram,
)
from tests.support.pictures import picture, voice

EPOCH = 1
PHOTO, VOICE = picture(), voice()


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
    breaker: CircuitBreaker | None = None,
    trusted: Callable[[], bool] = lambda: True,
    has_room: Callable[[], bool] = lambda: True,
) -> AsyncIterator[Fetcher]:
    """A fetcher that runs meanwhile, and is stopped as the daemon stops it."""
    fetcher = Fetcher(
        thread,
        api,
        store,
        epoch=EPOCH,
        bot_id=BOT_ID,
        timing=timing,
        breaker=breaker or CircuitBreaker(timing.probe),
        trusted=trusted,
        has_room=has_room,
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
    row = attachments.queue_fetch(
        session,
        chat_id=1001,
        message_id=number,
        group_id="",
        file_id=f"F{number}",
        file_unique_id=f"U{number}",
        kind=kind,
        caption="",
        seconds=None,
        **{"person_id": None, **more},
    )
    assert row is not None
    return row.id


def media_rows(database: Database) -> list[Media]:
    with database.read() as session:
        return list(session.scalars(select(Media).order_by(Media.id)))


def outcomes(database: Database) -> list[tuple[str, str]]:
    return [(row.state.value, row.reason_code or "") for row in media_rows(database)]


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
