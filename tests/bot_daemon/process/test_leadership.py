"""The lease: one leads, the other stands by, and nobody acts on a lease the database did not confirm lately."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from bot_daemon.process.leadership import Leadership
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.messaging import leases
from common.messaging.leases import Identity
from common.settings.timing import Timing
from tests.bot_daemon.outage import locked
from tests.support.waiting import eventually_async


@asynccontextmanager
async def contending(thread: DatabaseThread, timing: Timing, who: str = "a") -> AsyncIterator[Leadership]:
    """A contender that runs meanwhile; it ends without giving the lease back, as after kill -9."""
    changes: list[int | None] = []
    contender = Leadership(
        thread, leases.identity(who), timing, f"http://{who}", lambda: changes.append(contender.epoch)
    )
    contender.changes = changes  # type: ignore[attr-defined]
    task = asyncio.create_task(contender.run(), name=f"contender {who}")
    try:
        yield contender
    finally:
        contender.stop()
        await asyncio.wait({task}, timeout=10)
    task.result()


async def test_the_first_leads_and_the_second_stands_by(thread: DatabaseThread, timing: Timing) -> None:
    async with contending(thread, timing, "a") as first:
        await eventually_async(first.is_trusted, 5)
        async with contending(thread, timing, "b") as second:
            await eventually_async(second.first_attempt_over.is_set, 5)
            assert (first.epoch, second.epoch) == (1, None)
            assert not second.is_trusted()


async def test_two_who_come_at_once_to_a_new_database_agree(any_database_url: str, timing: Timing) -> None:
    threads = [DatabaseThread(Database(any_database_url)) for _ in range(2)]
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(contending(t, timing, w)) for t, w in zip(threads, "ab", strict=True)]
        await eventually_async(lambda: all(one.first_attempt_over.is_set() for one in both), 5)
        assert sorted(str(one.epoch) for one in both) == ["1", "None"]
    for thread in threads:
        thread.close()


async def test_a_lease_that_is_renewed_is_kept(sqlite_thread: DatabaseThread, timing: Timing) -> None:
    async with contending(sqlite_thread, timing, "a") as first, contending(sqlite_thread, timing, "b") as second:
        await eventually_async(lambda: first.is_trusted() or second.is_trusted(), 5)
        leader = first if first.epoch else second
        began = time.monotonic()
        await eventually_async(lambda: time.monotonic() - began > timing.lease * 1.2, 10)
        assert leader.is_trusted()
        assert leader.epoch == 1


async def test_when_the_leader_falls_silent_the_other_takes_over_within_the_lease(
    thread: DatabaseThread, timing: Timing
) -> None:
    async with contending(thread, timing, "a") as first:
        await eventually_async(first.is_trusted, 5)
    began = time.monotonic()
    async with contending(thread, timing, "b") as second:
        await eventually_async(second.is_trusted, timing.lease * 5)
        took = time.monotonic() - began
        assert second.epoch == 2
        assert took > timing.lease - timing.renew - timing.poll - 0.1, "not before the lease was over"
        with thread.database.read() as session:
            lease = leases.leader(session)
            assert lease is not None
            assert lease.doorbell_url == "http://b", "the bell's address follows the leader"


async def test_the_old_leader_distrusts_itself_before_its_lease_ends(
    sqlite_thread: DatabaseThread, timing: Timing
) -> None:
    async with contending(sqlite_thread, timing, "a") as first:
        await eventually_async(first.is_trusted, 5)
    await eventually_async(lambda: not first.is_trusted(), timing.lease)
    with sqlite_thread.database.read() as session:
        assert leases.leader(session) is not None


async def test_a_lease_given_back_is_taken_at_the_next_poll(thread: DatabaseThread, timing: Timing) -> None:
    long = replace(timing, lease=60.0, trust=50.0)
    async with contending(thread, long, "a") as first:
        await eventually_async(first.is_trusted, 5)
    await first.give_back()
    assert not first.is_trusted()
    async with contending(thread, timing, "b") as second:
        await eventually_async(second.is_trusted, timing.poll * 5)
        assert second.epoch == 2


async def test_giving_back_what_one_never_had_takes_nothing_from_the_leader(
    sqlite_thread: DatabaseThread, timing: Timing
) -> None:
    async with contending(sqlite_thread, timing, "a") as first, contending(sqlite_thread, timing, "b") as second:
        await eventually_async(lambda: first.is_trusted() or second.is_trusted(), 5)
        leader, other = (first, second) if first.epoch else (second, first)
        await other.give_back()
        await eventually_async(other.first_attempt_over.is_set, 5)
        assert leader.is_trusted()


@pytest.fixture
def gone() -> Identity:
    """A process of this machine that runs no more."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as dead:
        started = leases.process_started(dead.pid)
    assert started
    return Identity(f"{dead.pid}-x", leases.machine(), dead.pid, started)


async def test_the_lease_of_a_process_that_is_gone_counts_as_over_at_once(
    thread: DatabaseThread, timing: Timing, gone: Identity
) -> None:
    with thread.database.write() as session:
        assert leases.acquire(session, gone, ttl=600) == 1
    async with contending(thread, timing) as heir:
        await eventually_async(heir.is_trusted, timing.poll * 5)
        assert heir.epoch == 2


async def test_a_process_on_another_machine_is_not_taken_for_gone(thread: DatabaseThread, timing: Timing) -> None:
    elsewhere = Identity("1-x", "another machine", 1, "12345")
    with thread.database.write() as session:
        assert leases.acquire(session, elsewhere, ttl=600) == 1
    async with contending(thread, timing) as contender:
        await eventually_async(contender.first_attempt_over.is_set, 5)
        assert contender.epoch is None


async def test_when_the_database_is_silent_the_leader_stops_trusting_itself_and_says_so(
    impatient_thread: DatabaseThread, any_database_url: str, timing: Timing
) -> None:
    async with contending(impatient_thread, timing) as leader:
        await eventually_async(leader.is_trusted, 5)
        with locked(any_database_url):
            began = time.monotonic()
            await eventually_async(lambda: not leader.is_trusted(), timing.trust * 5)
            assert time.monotonic() - began < timing.lease, "distrust comes before the lease is over"
            await eventually_async(lambda: leader.epoch is None, 10)
        await eventually_async(leader.is_trusted, 10)
        assert leader.changes[:2] == [1, None]  # type: ignore[attr-defined]


async def test_a_database_that_does_not_come_back_cannot_keep_the_trust_alive(
    sqlite_thread: DatabaseThread, timing: Timing
) -> None:
    held = threading.Event()
    async with contending(sqlite_thread, timing) as leader:
        await eventually_async(leader.is_trusted, 5)
        hanging = asyncio.create_task(sqlite_thread.call(lambda: held.wait(20), "hang"))
        await eventually_async(lambda: not leader.is_trusted(), timing.trust * 5)
        held.set()
        await hanging


async def test_a_leader_that_slept_too_long_hears_that_another_one_leads(
    sqlite_thread: DatabaseThread, timing: Timing
) -> None:
    async with contending(sqlite_thread, timing, "a") as old:
        await eventually_async(old.is_trusted, 5)
        with sqlite_thread.database.write() as session:
            lease = leases.leader(session)
            assert lease is not None
            lease.holder, lease.epoch = "somebody-else", 2
            lease.machine = "another machine"
        await eventually_async(lambda: old.epoch is None, timing.renew * 5)
        assert not old.is_trusted()


async def test_every_change_of_holder_raises_the_epoch(any_database: Database) -> None:
    epochs = []
    for who in "abab":
        with any_database.write() as session:
            epochs.append(leases.acquire(session, leases.identity(who), ttl=-1))

    assert epochs == [1, 2, 3, 4]


async def test_a_lease_given_back_while_the_database_is_away_runs_out_by_itself(
    impatient_thread: DatabaseThread, any_database_url: str, timing: Timing, caplog: pytest.LogCaptureFixture
) -> None:
    async with contending(impatient_thread, timing) as leader:
        await eventually_async(leader.is_trusted, 5)
    with locked(any_database_url):
        await leader.give_back()

    assert "could not be released" in caplog.text
    assert leader.epoch is None
