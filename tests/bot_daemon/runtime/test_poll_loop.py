"""The loop of the leader's workers: woken, stopped, waiting out a database that is not there."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from bot_daemon.runtime.poll_loop import PollLoop
from tests.support.waiting import eventually_async

LONG = 600.0  # a pause that only a wake-up ends


class Looks:
    """Counts the looks; what each of them returns or raises comes from `told`, then the pause is long."""

    def __init__(self, *told: float | Exception) -> None:
        self.count, self._told = 0, iter(told)

    async def __call__(self) -> float:
        self.count += 1
        told = next(self._told, LONG)
        if isinstance(told, Exception):
            raise told
        return told


@pytest.fixture
def rounds() -> PollLoop:
    return PollLoop("worker", poll=0.01)


async def test_it_looks_again_after_the_pause_it_was_told(rounds: PollLoop) -> None:
    looks = Looks(0.0, 0.01)
    running = asyncio.create_task(rounds.run(looks))
    await eventually_async(lambda: looks.count == 3, 5)
    rounds.stop()
    await asyncio.wait_for(running, 5)


async def test_a_wake_up_ends_the_pause(rounds: PollLoop) -> None:
    looks = Looks()
    running = asyncio.create_task(rounds.run(looks))
    await eventually_async(lambda: looks.count == 1, 5)
    rounds.wake()
    await eventually_async(lambda: looks.count == 2, 5)
    rounds.stop()
    await asyncio.wait_for(running, 5)


async def test_a_wake_up_during_a_look_is_not_lost(rounds: PollLoop) -> None:
    looks = Looks()

    async def woken_meanwhile() -> float:
        if looks.count == 0:
            rounds.wake()
        return await looks()

    running = asyncio.create_task(rounds.run(woken_meanwhile))
    await eventually_async(lambda: looks.count == 2, 5)
    rounds.stop()
    await asyncio.wait_for(running, 5)


async def test_a_database_that_is_gone_is_waited_out(rounds: PollLoop, caplog: pytest.LogCaptureFixture) -> None:
    gone = OperationalError("SELECT 1", {}, Exception("gone"))
    looks = Looks(gone, gone)
    running = asyncio.create_task(rounds.run(looks))
    await eventually_async(lambda: looks.count == 3, 5)
    rounds.stop()
    await asyncio.wait_for(running, 5)
    assert caplog.text.count("The database is unavailable; the worker waits") == 2


async def test_any_other_failure_ends_it(rounds: PollLoop) -> None:
    with pytest.raises(ValueError, match="a bug"):
        await asyncio.wait_for(rounds.run(Looks(ValueError("a bug"))), 5)


async def test_told_to_stop_before_it_began_it_never_looks(rounds: PollLoop) -> None:
    looks = Looks()
    rounds.stop()
    await asyncio.wait_for(rounds.run(looks), 5)
    assert looks.count == 0
