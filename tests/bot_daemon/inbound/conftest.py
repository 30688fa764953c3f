"""A consumer on real databases, behind python-telegram-bot as in the daemon."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from bot_daemon.bot_api.client import AiohttpRequest, TelegramApi
from bot_daemon.chat.incoming import Step
from bot_daemon.inbound.consumer import Consumer
from bot_daemon.inbound.stepping import error_handler, step_handler_for
from bot_daemon.process.resources import Library
from bot_daemon.runtime.database_thread import DatabaseThread
from common.settings.timing import Timing
from tests.bot_daemon.fake_telegram import TOKEN, FakeTelegram
from tests.bot_daemon.inbound.steps import Consuming, echo


@asynccontextmanager
async def library(thread: DatabaseThread, api: TelegramApi, url: str, step: Step) -> AsyncIterator[Library]:
    request = AiohttpRequest(api, 1.0)
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").request(request).get_updates_request(request)
    application: Application = builder.updater(None).job_queue(None).build()  # type: ignore[type-arg]
    callback = step_handler_for(thread)(step)
    application.add_handlers([MessageHandler(filters.UpdateType.MESSAGE, callback), CallbackQueryHandler(callback)])
    application.add_error_handler(error_handler)
    async with application:
        yield application


@pytest.fixture
def consuming(telegram: FakeTelegram, api: TelegramApi, timing: Timing) -> Consuming:
    """A consumer that runs meanwhile, and is stopped as the daemon stops it."""

    @asynccontextmanager
    async def run(
        thread: DatabaseThread, step: Step = echo, own_timing: Timing | None = None
    ) -> AsyncIterator[Consumer]:
        async with library(thread, api, telegram.url, step) as application:
            consumer = Consumer(thread, api, application, own_timing or timing)
            task = asyncio.create_task(consumer.run(), name="consumer")
            try:
                yield consumer
            finally:
                await consumer.stop(5)
                await asyncio.wait({task}, timeout=5)
            task.result()

    return run
