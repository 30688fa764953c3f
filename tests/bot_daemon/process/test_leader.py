"""The leader's work put together: from start to orderly end, more than once in one process, through outages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot_daemon.bot_api.client import TelegramApi, TokenRevoked
from bot_daemon.inbound.polling import PollingRefused
from bot_daemon.inbound.webhook import Intake
from bot_daemon.process.health import Status
from bot_daemon.process.leader import LeaderWorkers
from bot_daemon.process.leadership import Leadership
from bot_daemon.process.telegram_setup import TokenUnknown
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import OutboxState
from common.messaging import leases
from tests.bot_daemon import daemons, rows
from tests.bot_daemon.fake_telegram import BOT_ID, TOKEN, FakeTelegram, always, hang_until, in_turn, refusal
from tests.bot_daemon.outage import locked
from tests.bot_daemon.rows import queued, row
from tests.bot_daemon.updates import came_in, inbox_states, message
from tests.support.waiting import eventually_async


class Leader:
    """Everything the leader needs; `turn` leads once."""

    def __init__(self, thread: DatabaseThread, telegram: FakeTelegram, **more: str) -> None:
        url = thread.database.engine.url.render_as_string(hide_password=False)
        self.settings = daemons.settings(url, telegram.url, **more)
        timing = self.settings.timing
        self.status = Status()
        self.api = TelegramApi(telegram.url, TOKEN, connect=timing.connect, total=timing.send)
        self.leadership = Leadership(thread, leases.identity("t"), timing, "", lambda: None)
        intake = Intake(thread, BOT_ID)
        self.leading = LeaderWorkers(self.settings, thread, self.api, intake, self.leadership, self.status)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[asyncio.Task[None]]:
        await eventually_async(self.leadership.is_trusted, 10)
        assert self.leadership.epoch is not None
        over = asyncio.Event()
        task = asyncio.create_task(self.leading.run(self.leadership.epoch, over), name="leading")
        try:
            yield task
        finally:
            over.set()
            await asyncio.wait({task}, timeout=10)
        task.result()


@asynccontextmanager
async def ready(thread: DatabaseThread, telegram: FakeTelegram, **more: str) -> AsyncIterator[Leader]:
    telegram.behaviour.setdefault("getUpdates", hang_until(asyncio.Event(), telegram.friendly))
    leader = Leader(thread, telegram, **more)
    await leader.api.open()
    holding = asyncio.create_task(leader.leadership.run(), name="lease")
    try:
        yield leader
    finally:
        leader.leadership.stop()
        await asyncio.wait({holding}, timeout=5)
        await leader.api.close()


def the_cause(group: BaseException) -> BaseException:
    return the_cause(group.exceptions[0]) if isinstance(group, BaseExceptionGroup) else group


async def test_a_message_in_makes_a_message_out(thread: DatabaseThread, telegram: FakeTelegram) -> None:
    came_in(thread.database, message(1, "/help"))
    async with ready(thread, telegram) as leader, leader.turn():
        await eventually_async(lambda: telegram.of("sendMessage"), 10)
        assert leader.status.phase == "leading"
        assert leader.status.telegram == "@felix_bot"

    assert inbox_states(thread.database) == {1: "done"}


async def test_one_process_can_lead_again_after_it_lost_its_lease(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram
) -> None:
    async with ready(sqlite_thread, telegram) as leader:
        for number in (1, 2):
            (row_id,) = queued(sqlite_thread.database, f"m{number}")
            async with leader.turn():
                await eventually_async(lambda r=row_id: row(sqlite_thread.database, r).state is OutboxState.SENT, 10)  # type: ignore[misc]

    assert len(telegram.of("sendMessage")) == 2


async def test_it_says_that_it_waits_for_telegram_and_goes_on_when_it_is_there(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram
) -> None:
    await telegram.stop()
    (row_id,) = queued(sqlite_thread.database, "a")
    async with ready(sqlite_thread, telegram) as leader, leader.turn():
        await eventually_async(lambda: "does not answer" in leader.status.telegram, 10)
        assert leader.status.phase == "waiting for Telegram"
        await telegram.start()
        await eventually_async(lambda: row(sqlite_thread.database, row_id).state is OutboxState.SENT, 10)


@pytest.mark.parametrize("answered", [0, 1], ids=["before we met", "while the library starts"])
async def test_a_stop_is_heard_while_telegram_is_silent(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram, answered: int
) -> None:
    silent = always(lambda: refusal(502, "Bad Gateway"))
    telegram.behaviour["getMe"] = in_turn(*[telegram.friendly] * answered, silent)
    async with ready(sqlite_thread, telegram) as leader:
        async with leader.turn():
            await eventually_async(lambda: len(telegram.of("getMe")) > answered + 1, 10)
            began = time.monotonic()
        assert time.monotonic() - began < 3


async def test_a_refused_token_ends_the_turn(sqlite_thread: DatabaseThread, telegram: FakeTelegram) -> None:
    telegram.behaviour["getMe"] = always(lambda: refusal(401, "Unauthorized"))

    async with ready(sqlite_thread, telegram) as leader:
        with pytest.raises(TokenUnknown):
            async with leader.turn() as turn:
                await asyncio.wait({turn}, timeout=10)


async def test_a_token_that_is_revoked_later_ends_the_turn(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram
) -> None:
    telegram.behaviour["sendMessage"] = always(lambda: refusal(401, "Unauthorized"))
    queued(sqlite_thread.database, "a")

    async with ready(sqlite_thread, telegram) as leader:
        with pytest.raises(BaseExceptionGroup) as caught:
            async with leader.turn() as turn:
                await asyncio.wait({turn}, timeout=10)
    assert isinstance(the_cause(caught.value), TokenRevoked)


async def test_a_second_poller_ends_the_turn_with_the_cause(
    sqlite_thread: DatabaseThread, telegram: FakeTelegram
) -> None:
    telegram.behaviour["getUpdates"] = always(lambda: refusal(409, "Conflict: terminated by other getUpdates request"))

    async with ready(sqlite_thread, telegram, TIME_SCALE="0.02") as leader:
        with pytest.raises(BaseExceptionGroup) as caught:
            async with leader.turn() as turn:
                await asyncio.wait({turn}, timeout=10)
    assert isinstance(the_cause(caught.value), PollingRefused)


async def test_an_outage_of_the_database_ends_nothing(
    impatient_thread: DatabaseThread, any_database_url: str, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    async with ready(impatient_thread, telegram, TIME_SCALE="0.02") as leader, leader.turn() as turn:
        await eventually_async(lambda: leader.status.phase == "leading", 10)
        with locked(any_database_url):
            await eventually_async(lambda: caplog.text.count("is unavailable") >= 4, 20)
        came_in(impatient_thread.database, message(1, "/help"))
        queued(impatient_thread.database, "a", chat_id=1002)
        await eventually_async(lambda: inbox_states(impatient_thread.database) == {1: "done"}, 10)
        assert not turn.done()


async def test_the_end_leaves_nothing_half_done(thread: DatabaseThread, telegram: FakeTelegram) -> None:
    for n in range(40):
        queued(thread.database, f"m{n}", chat_id=2000 + n)
    async with ready(thread, telegram) as leader, leader.turn():
        await eventually_async(lambda: telegram.sends, 10)

    states = list(rows.states(thread.database).values())
    assert set(states) <= {"sent", "pending"}
    assert states.count("sent") == len(telegram.sends) < 40
