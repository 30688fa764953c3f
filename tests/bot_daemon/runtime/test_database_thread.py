"""The one database thread, and group commit on top of it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from contextvars import ContextVar

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot_daemon.runtime.database_thread import PATIENCE, DatabaseThread, GroupCommit
from common.database.models import Chat
from tests.bot_daemon.outage import locked
from tests.support.waiting import eventually_async

language: ContextVar[str] = ContextVar("language", default="none")


def add(session: Session, chat_id: int) -> int:
    session.add(Chat(chat_id=chat_id))
    session.flush()
    return chat_id * 10


def add_all(session: Session, chat_ids: Sequence[int]) -> list[int]:
    return [add(session, chat_id) for chat_id in chat_ids]


async def stored(thread: DatabaseThread) -> list[int]:
    return await thread.read(lambda session: list(session.scalars(select(Chat.chat_id).order_by(Chat.chat_id))))


# The thread -----------------------------------------------------------------------------------------------------------


async def test_what_returns_is_committed(thread: DatabaseThread) -> None:
    assert await thread.run(lambda session: add(session, 7)) == 70
    assert await stored(thread) == [7]


async def test_what_raises_leaves_nothing(thread: DatabaseThread) -> None:
    def fails(session: Session) -> None:
        add(session, 7)
        raise LookupError("no such part")

    with pytest.raises(LookupError, match="no such part"):
        await thread.run(fails)
    assert await stored(thread) == []


async def test_the_callers_context_is_there_and_stays_his_own(sqlite_thread: DatabaseThread) -> None:
    async def ask(word: str) -> str:
        language.set(word)
        return await sqlite_thread.call(language.get, "look")

    answers = await asyncio.gather(*(asyncio.create_task(ask(word)) for word in ("ru", "he", "en")))

    assert answers == ["ru", "he", "en"]
    assert language.get() == "none"


async def test_work_is_done_one_piece_at_a_time_in_the_order_it_was_asked_for(sqlite_thread: DatabaseThread) -> None:
    seen: list[int] = []
    inside = threading.Lock()

    def work(number: int) -> None:
        with inside:  # a second thread would wait here and come out of order
            assert threading.current_thread().name == "database"
            seen.append(number)

    await asyncio.gather(*(sqlite_thread.call(lambda n=n: work(n), "work") for n in range(50)))  # type: ignore[misc]

    assert seen == list(range(50))


async def test_recording_an_update_goes_before_what_waits(sqlite_thread: DatabaseThread) -> None:
    order, held = [], threading.Event()
    first = asyncio.create_task(sqlite_thread.call(lambda: held.wait(10), "slow"))
    await eventually_async(sqlite_thread.busy_for, 2)
    waiting = asyncio.create_task(sqlite_thread.call(lambda: order.append("step"), "step"))
    urgent = asyncio.create_task(sqlite_thread.call(lambda: order.append("inbox"), "inbox", urgent=True))
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(first, waiting, urgent)

    assert order == ["inbox", "step"]


async def test_patient_work_lets_other_work_go_before_but_not_for_ever(
    sqlite_thread: DatabaseThread,
) -> None:
    order, held = [], threading.Event()
    first = asyncio.create_task(sqlite_thread.call(lambda: held.wait(10), "slow"))
    await eventually_async(sqlite_thread.busy_for, 2)
    patient = asyncio.create_task(sqlite_thread.call(lambda: order.append("stranger"), "step", patient=True))
    await asyncio.sleep(0.01)
    before = asyncio.create_task(sqlite_thread.call(lambda: order.append("member"), "step"))
    await asyncio.sleep(PATIENCE)
    after = asyncio.create_task(sqlite_thread.call(lambda: order.append("a second later"), "step"))
    await asyncio.sleep(0)
    held.set()
    await asyncio.gather(first, patient, before, after)

    assert order == ["member", "stranger", "a second later"]


async def test_a_caller_who_goes_away_does_not_undo_what_has_begun(thread: DatabaseThread) -> None:
    held = threading.Event()

    def slow(session: Session) -> None:
        held.wait(10)
        add(session, 7)

    caller = asyncio.create_task(thread.run(slow))
    await eventually_async(thread.busy_for, 2)
    caller.cancel()
    held.set()

    assert await stored(thread) == [7]


async def test_it_says_how_long_it_has_been_busy(sqlite_thread: DatabaseThread) -> None:
    held = threading.Event()
    assert sqlite_thread.busy_for() == 0.0
    slow = asyncio.create_task(sqlite_thread.call(lambda: held.wait(10), "slow"))

    await eventually_async(lambda: sqlite_thread.busy_for() > 0.1, 2)
    held.set()
    await slow
    assert sqlite_thread.busy_for() == 0.0


async def test_work_over_its_budget_is_logged_by_name(sqlite_thread: DatabaseThread, caplog: object) -> None:
    assert isinstance(caplog, pytest.LogCaptureFixture)
    frugal = DatabaseThread(sqlite_thread.database, budget=0.01)
    await frugal.call(lambda: time.sleep(0.05), "step")
    frugal.close()

    assert "Database work step took 0." in caplog.text


async def test_a_stuck_thread_does_not_hold_up_the_end(sqlite_thread: DatabaseThread) -> None:
    stuck, held = DatabaseThread(sqlite_thread.database, budget=0.01), threading.Event()
    hanging = asyncio.create_task(stuck.call(lambda: held.wait(30), "stuck"))
    await eventually_async(lambda: stuck.busy_for() > 0.2, 2)
    began = time.monotonic()
    stuck.close()

    assert time.monotonic() - began < 1
    held.set()
    await hanging


# Group commit ---------------------------------------------------------------------------------------------------------


async def test_results_match_their_items(thread: DatabaseThread) -> None:
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all, most=7)
    results = await asyncio.gather(*(commits.put(number) for number in range(1, 101)))

    assert results == [number * 10 for number in range(1, 101)]
    assert await stored(thread) == list(range(1, 101))


async def test_what_waits_goes_into_one_transaction(sqlite_thread: DatabaseThread) -> None:
    batches: list[int] = []

    def count(_session: Session, items: Sequence[int]) -> list[int]:
        batches.append(len(items))
        return list(items)

    commits: GroupCommit[int, int] = GroupCommit(sqlite_thread, "count", count, most=40)
    await asyncio.gather(*(commits.put(number) for number in range(100)))

    assert batches == [40, 40, 20]


async def test_one_bad_item_does_not_fail_its_neighbours(thread: DatabaseThread) -> None:
    await thread.run(lambda session: add(session, 5))
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all)
    results = await asyncio.gather(*(commits.put(number) for number in (4, 5, 6, 5)), return_exceptions=True)

    assert results[0] == 40
    assert results[2] == 60
    assert isinstance(results[1], IntegrityError)
    assert isinstance(results[3], IntegrityError)
    assert await stored(thread) == [4, 5, 6]


async def test_when_the_database_itself_fails_all_who_wait_hear_of_it(impatient_thread: DatabaseThread) -> None:
    thread = impatient_thread
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all)
    began = time.monotonic()
    with locked(thread.database.engine.url.render_as_string(hide_password=False)):
        results = await asyncio.gather(*(commits.put(number) for number in range(1, 30)), return_exceptions=True)

    assert all(isinstance(result, OperationalError) for result in results)
    assert time.monotonic() - began < 3, "each was tried by itself, though all wait for the same lock"
    assert await commits.put(99) == 990
    assert await stored(thread) == [99]


async def test_a_caller_who_goes_away_does_not_fail_the_others(thread: DatabaseThread) -> None:
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all)
    puts = [asyncio.create_task(commits.put(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    puts[1].cancel()
    results = await asyncio.gather(*puts, return_exceptions=True)

    assert (results[0], results[2]) == (10, 30)
    assert await stored(thread) == [1, 2, 3]


async def test_idle_means_that_everything_was_committed(thread: DatabaseThread) -> None:
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all, most=2)
    puts = [asyncio.create_task(commits.put(number)) for number in range(1, 8)]
    await asyncio.sleep(0)
    await commits.wait_until_idle()

    assert await stored(thread) == [1, 2, 3, 4, 5, 6, 7]
    await asyncio.gather(*puts)


async def test_who_comes_while_a_batch_is_written_is_in_the_next(thread: DatabaseThread) -> None:
    commits: GroupCommit[int, int] = GroupCommit(thread, "chats", add_all)
    held = threading.Event()
    blocker = asyncio.create_task(thread.call(lambda: held.wait(10), "slow"))
    await eventually_async(thread.busy_for, 2)
    early = asyncio.create_task(commits.put(1))
    await asyncio.sleep(0)
    late = asyncio.create_task(commits.put(2))
    await asyncio.sleep(0)
    held.set()

    await blocker
    assert list(await asyncio.gather(early, late)) == [10, 20]
