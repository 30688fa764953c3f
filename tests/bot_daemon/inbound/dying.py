"""A consumer in a process of its own that one message ends: `python -m tests.bot_daemon.inbound.dying URL WHERE HOW`.

WHERE the message is at that moment: parse, check (of the handler), step, commit, answer (of the press). HOW the process
ends: as the kernel kills (killed), by `os._exit` (exits), by its watchdog (computes, sleeps), by the timer of a frozen
process (frozen), or not at all, because memory is refused (memory). With `none` nothing ends it. It ends with 0 when
nothing waits any more, with 1 when the watchdog ends it.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast
from unittest import mock

import psutil
from sqlalchemy import text
from sqlalchemy.orm import Session
from telegram import Bot, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from bot_daemon.bot_api.client import TelegramApi
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.inbound.consumer import Consumer
from bot_daemon.inbound.stepping import Library, error_handler, step_handler_for
from bot_daemon.process.health import Status
from bot_daemon.process.watchdog import ComputesWithoutEnd, DatabaseStuck, Watchdog, exit_when_frozen
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.settings.timing import Timing
from tests.bot_daemon import rows
from tests.bot_daemon.fake_telegram import TOKEN
from tests.bot_daemon.updates import inbox_states
from tests.support.waiting import eventually_async

POISON = "poison"
TIMING = Timing(poll=0.1, retry_step=(0.01, 0.01))
IMPATIENT = {"computes": replace(TIMING, stuck_database=1.5), "frozen": replace(TIMING, frozen=2.0)}


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def exits() -> None:
    os._exit(3)


def computes() -> None:
    while time.monotonic() > 0:
        sum(range(1000))


def frozen() -> None:
    """Hold the interpreter, as C code may: no other thread of ours runs meanwhile."""
    re.fullmatch("(a+)+b", "a" * 40)  # no text of a person: a pattern that takes exponential time


def memory() -> None:
    present = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (present + 2**27, resource.RLIM_INFINITY))
    try:
        bytearray(2**30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


HOW: dict[str, Callable[[], None]] = {f.__name__: f for f in (killed, exits, computes, frozen, memory)}


class Ending:
    """Ends the process when the poison is at a place."""

    def __init__(self, where: str, how: str) -> None:
        self._where, self._how = where, how
        self.timing = IMPATIENT.get(how, TIMING)

    def reach(self, where: str, what: object) -> None:
        if where == self._where and POISON in str(what):
            HOW[self._how]()


class OfflineBot(Bot):
    async def initialize(self) -> None:
        """Ask nobody."""


def library(thread: DatabaseThread, ending: Ending) -> Library:
    class Checked(filters.UpdateFilter):
        def filter(self, update: Update) -> bool:
            ending.reach("check", update)
            return True

    def step(session: Session, incoming: Incoming) -> Answer:
        rows.queue(session, f"u{incoming.update_id}", chat_id=incoming.chat_id)
        ending.reach("step", incoming.text)
        if incoming.text == "sleeps":
            session.execute(text("SELECT pg_sleep(30)"))
        return Answer(f"took {incoming.text}")

    def parsed(data: Any, bot: Bot | None = None) -> Update:
        ending.reach("parse", data)
        return parse(data, bot)

    parse = Update.de_json
    mock.patch.object(Update, "de_json", parsed).start()  # the library's, in this process only
    application = ApplicationBuilder().bot(OfflineBot(TOKEN)).updater(None).job_queue(None).build()
    callback = step_handler_for(thread)(step)
    application.add_handlers([MessageHandler(Checked(), callback), CallbackQueryHandler(callback)])
    application.add_error_handler(error_handler)
    return application


class NoTelegram:
    """Takes the answers to presses."""

    def __init__(self, ending: Ending) -> None:
        self._ending = ending

    async def call(self, method: str, parameters: dict[str, Any]) -> None:
        self._ending.reach("answer", parameters)


async def consume(database: Database, ending: Ending) -> None:
    thread = DatabaseThread(database)
    application = library(thread, ending)
    await application.initialize()
    consumer = Consumer(thread, cast(TelegramApi, NoTelegram(ending)), application, ending.timing)
    watching = (Watchdog(thread, Status(), ending.timing).watch(), exit_when_frozen(ending.timing.frozen))
    working = [asyncio.ensure_future(one) for one in (consumer.run(), *watching)]
    await asyncio.wait(
        [*working, asyncio.ensure_future(settled(database))], return_when=asyncio.FIRST_COMPLETED, timeout=20
    )
    for one in working:
        if one.done():
            one.result()
    await consumer.stop(5)


async def settled(database: Database) -> None:
    await eventually_async(lambda: "received" not in inbox_states(database).values(), 15)


if __name__ == "__main__":
    url, where, how = sys.argv[1:]
    with suppress(KeyboardInterrupt):
        try:
            asyncio.run(consume(Database(url, synchronous="OFF"), Ending(where, how)))
        except (ComputesWithoutEnd, DatabaseStuck) as stuck:
            print(f"{type(stuck).__name__}: {stuck}", flush=True)  # noqa: T201
            os._exit(1)
    os._exit(0)
