"""The daemon put together, as a table of contents: the order in which its parts start; they stop in reverse.

settings → database, schema → listeners → lease → Telegram → dispatcher → consumer → polling or webhook.
A process that does not lead records webhooks, stands by, and takes over when the lease ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
from collections.abc import Callable

from aiohttp import web

from bot_daemon.inbound.doorbell import doorbell_app
from bot_daemon.inbound.webhook import Intake, Webhook
from bot_daemon.process.health import Status, add_health_routes
from bot_daemon.process.heartbeat import Heartbeat
from bot_daemon.process.leader import LeaderWorkers
from bot_daemon.process.leadership import Leadership
from bot_daemon.process.resources import arrangement, listen, open_api, open_database
from bot_daemon.process.watchdog import Watchdog, exit_when_frozen
from common.database.engine import Work
from common.messaging import inbox, leases
from common.settings.config import DaemonSettings
from common.settings.version import version

log = logging.getLogger(__name__)


class Daemon:
    """One daemon process. `serve` runs until a signal, and raises when the process must not go on."""

    def __init__(self, settings: DaemonSettings) -> None:
        self._settings = settings
        self._me = leases.identity(secrets.token_hex(4))
        self._status = Status(transport=settings.transport)
        self._stopping = False
        self._turn = asyncio.Event()  # set when the present turn, leading or standing by, is over
        self._leading: LeaderWorkers | None = None

    async def serve(self) -> None:
        """Raises: SchemaError, DatabaseSilent, TokenUnknown, TokenRevoked, PollingRefused, DatabaseStuck,
        ComputesWithoutEnd.
        """
        settings = self._settings
        log.info("Felix Hub %s starts", version())
        async with contextlib.AsyncExitStack() as stack:
            thread = await stack.enter_async_context(open_database(settings))
            thread.database.on_work = _in_this_loop(self._wake)
            self._status.arrangement = arrangement(thread.database)
            watchdog = Watchdog(thread, self._status, settings.timing)
            heartbeat = Heartbeat(thread, self._status, self._me, settings.timing)
            intake = Intake(thread, settings.bot_id)
            webhook = Webhook(intake, settings.webhook_secrets)
            doorbell_url = await self._listen(stack, webhook, heartbeat)
            api = await stack.enter_async_context(open_api(settings))
            leadership = Leadership(thread, self._me, settings.timing, doorbell_url, self._end_turn)
            self._on_signals(webhook)
            async with asyncio.TaskGroup() as group:
                lease = group.create_task(leadership.run(), name="lease")
                looking_after = [
                    group.create_task(watchdog.watch(), name="watchdog"),
                    group.create_task(exit_when_frozen(settings.timing.frozen), name="frozen"),
                    group.create_task(heartbeat.beat(), name="heartbeat"),
                ]
                await self._take_turns(
                    leadership, LeaderWorkers(settings, thread, api, intake, leadership, self._status)
                )
                leadership.stop()
                await asyncio.gather(lease, intake.wait_until_idle())
                await leadership.give_back()
                for task in looking_after:
                    task.cancel()
            await heartbeat.forget()

    async def _take_turns(self, leadership: Leadership, leading: LeaderWorkers) -> None:
        """Lead while the lease is ours and stand by otherwise, until asked to stop."""
        await leadership.first_attempt_over.wait()
        while True:
            self._turn = asyncio.Event()
            if self._stopping:
                return
            epoch = self._status.epoch = leadership.epoch
            if epoch is None:
                self._status.phase = "standing by"
                await self._turn.wait()
            else:
                self._leading = leading
                await leading.run(epoch, self._turn)
                self._leading = None

    def _end_turn(self) -> None:
        self._turn.set()

    def _wake(self, work: frozenset[Work] = frozenset(Work)) -> None:
        """Wake the workers: a commit of ours left work for them, or the desk rang without naming any."""
        if self._leading is not None:
            self._leading.wake(work)

    async def _listen(self, stack: contextlib.AsyncExitStack, webhook: Webhook, heartbeat: Heartbeat) -> str:
        """Open the listeners. Returns the doorbell's address, empty when there is no bell."""
        app = web.Application(client_max_size=inbox.MAX_BODY + 1)
        if self._settings.webhook_secrets:
            app.router.add_post("/telegram/webhook", webhook.handle)
        add_health_routes(app, self._status, self._settings.metrics_token, heartbeat.refresh_gauges)
        where = await stack.enter_async_context(listen(app, f"{self._settings.host}:{self._settings.port}"))
        log.info("Listening on %s", where)
        if not self._settings.doorbell_secret:
            return ""
        bell = doorbell_app(self._settings.doorbell_secret, self._wake)
        return await stack.enter_async_context(listen(bell, self._settings.doorbell_listen))

    def _on_signals(self, webhook: Webhook) -> None:
        def stop() -> None:
            if self._stopping:
                log.warning("Asked to stop a second time; exiting at once")
                os._exit(1)  # safe: everything that matters is in the database
            log.info("Asked to stop")
            self._stopping = webhook.draining = True
            self._status.phase = "stopping"
            self._end_turn()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)


def _in_this_loop(call: Callable[[frozenset[Work]], None]) -> Callable[[frozenset[Work]], None]:
    """The same call, made from another thread in this loop."""
    loop = asyncio.get_running_loop()

    def from_thread(work: frozenset[Work]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: no worker is left to wake
            loop.call_soon_threadsafe(call, work)

    return from_thread
