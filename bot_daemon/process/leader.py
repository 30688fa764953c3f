"""The leader's work: lanes, sending, fetching, polling, the webhook, pruning; from start to orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.orm import Session

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.inbound.consumer import Consumer
from bot_daemon.inbound.polling import Poller
from bot_daemon.inbound.webhook import Intake
from bot_daemon.media.fetcher import Fetcher, prune_files
from bot_daemon.outbound.dispatcher import Dispatcher
from bot_daemon.process import telegram_setup
from bot_daemon.process.health import Status
from bot_daemon.process.leadership import Leadership
from bot_daemon.process.nudging import Nudger
from bot_daemon.process.resources import Library, start_library
from bot_daemon.process.telegram_setup import BotIdentity
from bot_daemon.runtime import metrics
from bot_daemon.runtime.cancellation import cancel_when
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Work, is_transient
from common.media import media_store, quotas
from common.media.media_store import Directory
from common.messaging import bots
from common.operation import pruning
from common.personal import aging
from common.settings.config import DaemonSettings
from common.understanding.catalogue_names import NAMES

log = logging.getLogger(__name__)

PRUNE_EVERY = 600.0


class LeaderWorkers:
    """Runs the leader's workers once for each epoch this process leads in."""

    def __init__(
        self,
        settings: DaemonSettings,
        thread: DatabaseThread,
        api: TelegramApi,
        intake: Intake,
        leadership: Leadership,
        status: Status,
    ) -> None:
        self._settings, self._timing = settings, settings.timing
        self._thread, self._api, self._intake = thread, api, intake
        self._leadership, self._status = leadership, status
        self._store = media_store.directory(settings)
        self._nudging = Nudger(thread, settings.station_timezone)
        self._consumer: Consumer | None = None
        self._dispatcher: Dispatcher | None = None
        self._fetcher: Fetcher | None = None

    def wake(self, work: frozenset[Work]) -> None:
        """Wake the workers that this work is for."""
        if self._consumer is not None and Work.UPDATES in work:
            self._consumer.wake()
        if self._dispatcher is not None and Work.MESSAGES in work:
            self._dispatcher.wake()
        if self._fetcher is not None and Work.MEDIA in work:
            self._fetcher.wake()

    async def run(self, epoch: int, over: asyncio.Event) -> None:
        """Lead until `over`. Raises the error that ended a worker."""
        self._status.phase = "waiting for Telegram"
        me = await cancel_when(
            over, telegram_setup.wait_for_telegram(self._api, self._timing.probe, self._report_waiting)
        )
        if me is None:
            return
        self._status.telegram = f"@{me.username}"
        async with contextlib.AsyncExitStack() as stack:
            starting = start_library(self._settings, self._api, self._thread)
            library = await cancel_when(over, stack.enter_async_context(starting))
            if library is not None:
                await self._work(epoch, over, me, library)

    def _report_waiting(self, why: str) -> None:
        self._status.telegram = f"does not answer: {why}"

    async def _work(self, epoch: int, over: asyncio.Event, me: BotIdentity, library: Library) -> None:
        settings = self._settings
        await self._prepare_names()
        self._dispatcher = dispatcher = self._new_dispatcher(epoch, me)
        self._fetcher = fetcher = self._new_fetcher(epoch, me, dispatcher)
        self._consumer = consumer = Consumer(self._thread, self._api, library, self._timing)
        poller = Poller(self._api, self._intake, self._timing) if settings.transport == "polling" else None
        async with asyncio.TaskGroup() as group:
            group.create_task(dispatcher.run(), name="dispatcher")
            group.create_task(fetcher.run(), name="fetcher")
            group.create_task(consumer.run(), name="consumer")
            background = [
                group.create_task(self._keep_transport(me), name="transport"),
                group.create_task(self._prune(), name="prune"),
                group.create_task(self._repeat(self._nudging.look), name="nudge"),
            ]
            if poller is not None:
                group.create_task(poller.run(), name="poller")
            self._status.phase = "leading"
            log.info("Leading as @%s, updates by %s", me.username, settings.transport)
            await over.wait()
            if poller is not None:
                poller.stop()
            deadline = time.monotonic() + settings.shutdown_grace
            await consumer.stop(max(deadline - time.monotonic(), 0))
            await fetcher.stop(max(deadline - time.monotonic(), 0))
            await dispatcher.stop(max(deadline - time.monotonic(), 0))
            for task in background:
                task.cancel()
        self._dispatcher = self._consumer = self._fetcher = None

    async def _prepare_names(self) -> None:
        """Build the names of the parts before anybody types, and not in the database thread."""
        try:
            read = await self._thread.read(NAMES.read)
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("The names of the parts are read later: the database is unavailable (%s)", type(error).__name__)
        else:
            await asyncio.to_thread(NAMES.build, read)

    def _new_dispatcher(self, epoch: int, me: BotIdentity) -> Dispatcher:
        return Dispatcher(
            self._thread,
            self._api,
            epoch=epoch,
            bot_id=me.bot_id,
            timing=self._timing,
            send_rate=self._settings.send_rate,
            language=self._settings.station_language,
            zone=self._settings.station_timezone,
            trusted=self._leadership.is_trusted,
            media=Directory(self._settings.media_dir),
        )

    def _new_fetcher(self, epoch: int, me: BotIdentity, dispatcher: Dispatcher) -> Fetcher:
        return Fetcher(
            self._thread,
            self._api,
            self._store,
            epoch=epoch,
            bot_id=me.bot_id,
            timing=self._timing,
            breaker=dispatcher.breaker,
            trusted=self._leadership.is_trusted,
            has_room=quotas.make_has_room(self._settings),
        )

    async def _keep_transport(self, me: BotIdentity) -> None:
        """Set the transport of updates, publish the bot's identity to the desk, and keep both in order."""
        commands = False

        async def look() -> float:
            nonlocal commands
            published = await self._thread.read(lambda session: bots.published_webhook(session, me.bot_id))
            desk_url = self._settings.public_url
            await telegram_setup.publish_bot(self._thread, me, self._settings.api_url, published, desk_url)
            info = await telegram_setup.choose_transport(self._api, self._settings, published)
            metrics.WEBHOOK_PENDING.set(info.get("pending_update_count", 0))
            await telegram_setup.publish_bot(self._thread, me, self._settings.api_url, info, desk_url)
            commands = commands or await telegram_setup.publish_commands(self._api, self._settings.station_language)
            return self._timing.probe[1] if info.get("problem") else self._timing.watch_webhook

        await self._repeat(look)

    def _age(self, session: Session) -> bool:
        return aging.age(session, self._settings, self._settings.station_language)

    def _prune_some(self, session: Session) -> int:
        return pruning.prune(session, unassigned_days=self._settings.keep_unassigned_days)

    async def _prune(self) -> None:
        async def bite() -> float:
            if await self._thread.run(self._prune_some, "prune") or await self._thread.run(self._age, "prune"):
                return self._timing.poll
            await prune_files(self._store, self._thread)
            return PRUNE_EVERY

        await self._repeat(bite)

    async def _repeat(self, work: Callable[[], Awaitable[float]]) -> None:
        """Do the work, then pause for the seconds it returns. An unavailable database is waited for."""
        while True:
            try:
                pause = await work()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("The database is unavailable; this is tried again: %s", type(error).__name__)
                pause = self._timing.poll
            await asyncio.sleep(pause)
