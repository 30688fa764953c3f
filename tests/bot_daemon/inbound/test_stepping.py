"""A step and the end of its row are one transaction: the database fails, an old leader wakes up late."""

from __future__ import annotations

import threading
from contextlib import AsyncExitStack

import pytest
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.engine import Database
from common.messaging import inbox
from common.messaging.attempts import MOST
from tests.bot_daemon import rows
from tests.bot_daemon.inbound.steps import Consuming, by_text, echo, meet_a_lock, replies
from tests.bot_daemon.outage import locked
from tests.bot_daemon.updates import came_in, inbox_row, inbox_states, message, none_received
from tests.support.waiting import eventually_async

# The database itself fails --------------------------------------------------------------------------------------------


async def test_errors_of_the_database_itself_are_waited_out_and_do_not_count(
    impatient_thread: DatabaseThread, any_database_url: str, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    database, entered, go_on = impatient_thread.database, threading.Event(), threading.Event()

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)  # nothing is locked yet: the transaction begins with the first statement
        return echo(session, incoming)

    came_in(database, message(1, "x"))
    async with consuming(impatient_thread, step):
        await eventually_async(entered.is_set, 10)
        with locked(any_database_url):
            go_on.set()
            await eventually_async(lambda: caplog.text.count("The database failed during update 1") >= 2, 20)
        await eventually_async(none_received(database), 10)

    assert (inbox_row(database, 1).attempts, inbox_row(database, 1).outcome) == (1, "handled")
    assert replies(database) == ["u1"]


async def test_a_row_that_somebody_else_has_ended_is_not_tried_for_ever(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    """The old leader's step keeps raising, and its row has come to an end already: nothing counts any more."""
    tries, new_leader = list[int](), Database(any_database_url)

    def step(session: Session, incoming: Incoming) -> Answer:
        tries.append(incoming.update_id)
        with new_leader.write() as other:
            inbox.mark_done(other, incoming.seq, "handled")
        raise LookupError("no such part")

    came_in(thread.database, message(1, "bad"))
    async with consuming(thread, by_text(bad=step)) as consumer:
        await eventually_async(lambda: tries, 10)
        came_in(thread.database, message(2, "x"))
        consumer.wake()
        await eventually_async(lambda: inbox_states(thread.database)[2] == "done", 10)
    new_leader.dispose()

    assert len(tries) <= MOST


async def test_a_lock_that_only_the_step_meets_does_not_count_either(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    database, tries = thread.database, list[int]()

    def step(session: Session, incoming: Incoming) -> Answer:
        answer = echo(session, incoming)
        tries.append(incoming.update_id)
        if len(tries) <= MOST + 1:
            meet_a_lock(session, any_database_url)
        return answer

    came_in(database, message(1, "bad"))
    async with consuming(thread, by_text(bad=step)):
        await eventually_async(none_received(database), 10)

    assert (inbox_row(database, 1).outcome, inbox_row(database, 1).attempts) == ("handled", 1)
    assert replies(database) == ["u1"]


async def test_a_consumer_waits_until_the_database_is_there(
    impatient_thread: DatabaseThread, any_database_url: str, consuming: Consuming, caplog: pytest.LogCaptureFixture
) -> None:
    database = impatient_thread.database
    came_in(database, message(1, "x"))
    async with AsyncExitStack() as stack:
        with locked(any_database_url):
            await stack.enter_async_context(consuming(impatient_thread, echo))
            await eventually_async(lambda: "The database" in caplog.text, 10)
        await eventually_async(none_received(database), 10)

    assert replies(database) == ["u1"]


# An old leader --------------------------------------------------------------------------------------------------------


async def test_a_step_cannot_commit_what_somebody_else_has_finished_meanwhile(
    thread: DatabaseThread, any_database_url: str, consuming: Consuming
) -> None:
    """The old leader froze in mid-step and wakes up after the new one has done the row."""
    entered, go_on, database = threading.Event(), threading.Event(), thread.database

    def step(session: Session, incoming: Incoming) -> Answer:
        entered.set()
        go_on.wait(10)
        rows.queue(session, "from the old leader")
        return Answer()

    came_in(database, message(1, "x"))
    seq = inbox_row(database, 1).seq
    async with consuming(thread, step):
        await eventually_async(entered.is_set, 10)
        new_leader = Database(any_database_url)
        with new_leader.write() as session:
            assert inbox.mark_done(session, seq, "handled")
            rows.queue(session, "from the new leader")
        new_leader.dispose()
        go_on.set()
        await eventually_async(lambda: not thread.busy_for(), 10)

    assert replies(database) == ["from the new leader"]
    assert inbox_row(database, 1).attempts == 1
