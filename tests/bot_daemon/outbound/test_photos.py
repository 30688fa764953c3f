"""A photo of the desk on its way to the chat: uploaded whole, from wherever it lies, and lost in no silence."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot_daemon.bot_api.breaker import BreakerState
from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import OutboxRow, OutboxState, ReasonCode
from common.media import media_store
from common.media.media_store import Directory, FileContent
from common.settings.timing import Timing
from common.talk import chat
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import FakeTelegram, always, html, refusal
from tests.bot_daemon.outbound.dispatcher.dispatching import dispatching, new_dispatcher
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station
from tests.support.waiting import eventually_async

BODY = bytes(range(256)) * 4000  # every byte there is, a megabyte of them
DIGEST = "ab" * 32


def sent(database: Database, text: str = "<i>Такой?", *, body: bytes | None = BODY) -> int:
    """Rina sends Dima a photo. `body` None: it lies in the directory. Returns the row."""
    station = Station(database, hire(database, DIMA), hire(database, RINA))
    photo = FileContent(DIGEST, "image/jpeg", len(BODY), body, b"small")
    order_id = station.place()
    with database.write() as session:
        message = chat.write(session, station.desk, order_id, text, key="k", photo=photo)
    assert message.outbox_id is not None
    return message.outbox_id


def photo_of(telegram: FakeTelegram) -> dict[str, object]:
    (call,) = telegram.of("sendPhoto")
    return call.parameters


async def test_it_is_uploaded_with_what_was_written_below_it(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    row_id = sent(thread.database)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.SENT, 5)

    call = photo_of(telegram)
    assert call["photo"] == BODY
    assert call["chat_id"] == "1001"
    assert "Rina" in str(call["caption"])
    assert "&lt;i&gt;Такой?" in str(call["caption"])
    assert call["parse_mode"] == "HTML"
    assert "text" not in call
    assert rows.row(thread.database, row_id).message_id


async def test_it_is_read_from_the_directory(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, tmp_path: Path
) -> None:
    Directory(tmp_path).put(DIGEST, BODY)
    row_id = sent(thread.database, "", body=None)
    async with dispatching(thread, api, timing, media=tmp_path):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.SENT, 5)

    assert photo_of(telegram)["photo"] == BODY


async def test_a_photo_that_is_not_there_has_failed_and_says_so(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, tmp_path: Path
) -> None:
    row_id = sent(thread.database, body=None)
    async with dispatching(thread, api, timing, media=tmp_path):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.FAILED, 5)

    assert telegram.of("sendPhoto") == []
    assert rows.row(thread.database, row_id).reason_code is ReasonCode.PHOTO_MISSING


async def test_what_telegram_says_of_it_is_what_the_desk_reads(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendPhoto"] = always(lambda: refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    row_id = sent(thread.database)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.FAILED, 5)

    assert "PHOTO_INVALID_DIMENSIONS" in rows.row(thread.database, row_id).reason_detail


async def test_what_may_have_arrived_is_left_to_a_person(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing
) -> None:
    telegram.behaviour["sendPhoto"] = html(502)
    row_id = sent(thread.database)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.HELD, 5)

    assert len(telegram.of("sendPhoto")) == 1


async def test_a_photo_that_is_not_there_opens_no_line(
    thread: DatabaseThread, telegram: FakeTelegram, api: TelegramApi, timing: Timing, tmp_path: Path
) -> None:
    """Only an answer of Telegram says that Telegram answers."""
    row_id = sent(thread.database, body=None)
    dispatcher = new_dispatcher(thread, api, timing, media=tmp_path)
    dispatcher.breaker.record_failure()
    dispatcher.breaker.record_probe(answered=True)
    with thread.database.write() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.id != row_id))
    task = asyncio.create_task(dispatcher.run())
    await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.FAILED, 5)
    await dispatcher.stop(5)
    await task

    assert dispatcher.breaker.state is BreakerState.HALF_OPEN


async def test_a_photo_waits_for_a_database_that_is_away(
    thread: DatabaseThread,
    telegram: FakeTelegram,
    api: TelegramApi,
    timing: Timing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It goes back to the queue as if it had never been claimed, and its attempt counts for nothing."""
    away = iter([OperationalError("SELECT", {}, sqlite3.OperationalError("database is locked"))] * 2)

    def body(session: Session, digest: str) -> bytes | None:
        if (error := next(away, None)) is not None:
            raise error
        return BODY

    monkeypatch.setattr(media_store, "stored_body", body)
    row_id = sent(thread.database)
    async with dispatching(thread, api, timing):
        await eventually_async(lambda: rows.row(thread.database, row_id).state is OutboxState.SENT, 5)

    assert photo_of(telegram)["photo"] == BODY
    assert rows.row(thread.database, row_id).attempts == 1
