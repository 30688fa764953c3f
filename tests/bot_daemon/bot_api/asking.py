"""A client of the Bot API against a socket that misbehaves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot_daemon.bot_api.client import CallOutcome, TelegramApi
from tests.bot_daemon import sockets
from tests.bot_daemon.fake_telegram import TOKEN

CONNECT, TOTAL = 0.3, 0.5
OK = b'{"ok":true,"result":true}'


@asynccontextmanager
async def client(url: str, *, connections: int = 4) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(url, TOKEN, connect=CONNECT, total=TOTAL, connections=connections)
    await api.open()
    try:
        yield api
    finally:
        await api.close()


async def asked(url: str) -> CallOutcome:
    async with client(url) as api:
        return await api.call("sendMessage", {"chat_id": 1001, "text": "Готово ✅"})


async def told(conversation: sockets.Conversation) -> CallOutcome:
    async with sockets.talking(conversation) as url:
        return await asked(url)
