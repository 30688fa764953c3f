"""The webhook's HTTP server on a real socket, as Telegram reaches it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import func, select

from bot_daemon.inbound.webhook import SECRET_HEADER, Intake, Webhook
from bot_daemon.process.resources import listen
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.database.models import InboxRow
from common.messaging import inbox
from tests.bot_daemon.updates import message

PRESENT, BEFORE = "present-secret-of-the-tests", "earlier-secret-of-the-tests"


AUTHENTIC = {SECRET_HEADER: PRESENT, "Content-Type": "application/json"}


LIMIT = inbox.MAX_BODY


@dataclass
class Door:
    """The listening webhook and a client of it."""

    url: str
    webhook: Webhook
    session: aiohttp.ClientSession
    seen: list[tuple[int, bytes, Any]] = field(default_factory=list)

    async def post(self, body: Any, headers: dict[str, str] | None = None, path: str = "/telegram/webhook") -> int:
        async with self.session.post(self.url + path, data=body, headers=headers or AUTHENTIC) as answer:
            self.seen.append((answer.status, await answer.read(), answer.headers))
            return answer.status


@asynccontextmanager
async def opened(thread: DatabaseThread) -> AsyncIterator[Door]:
    webhook = Webhook(Intake(thread, 7), (PRESENT, BEFORE))
    app = web.Application(client_max_size=LIMIT + 1)
    app.router.add_post("/telegram/webhook", webhook.handle)
    timeout = aiohttp.ClientTimeout(total=15)
    async with listen(app, "127.0.0.1:0") as url, aiohttp.ClientSession(timeout=timeout) as session:
        yield Door(url, webhook, session)


def kept(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(InboxRow)) or 0


def update(update_id: int = 1) -> bytes:
    return json.dumps(message(update_id, "привет")).encode()
