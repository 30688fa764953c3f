"""What the database thread waits for: the database, or our own code."""

from __future__ import annotations

import time

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot_daemon.runtime.database_thread import DatabaseThread, RunningWork


def napping(session: Session) -> None:
    """Let the database work for a while, on either kind."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_sleep(0.3)"))
        return
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000) SELECT count(*) FROM n"
    session.execute(text(count)).one()


async def seen(thread: DatabaseThread, *, statements: bool, computing: float) -> RunningWork:
    def work(session: Session) -> RunningWork:
        if statements:
            napping(session)
        time.sleep(computing)
        running = thread.running()
        assert running is not None
        return running

    return await thread.run(work, "step")


async def test_statements_are_the_databases_time(thread: DatabaseThread) -> None:
    running = await seen(thread, statements=True, computing=0.01)

    assert running.waits_for_database
    assert running.in_database <= running.seconds


async def test_what_is_between_the_statements_is_our_own(thread: DatabaseThread) -> None:
    running = await seen(thread, statements=False, computing=0.2)

    assert not running.waits_for_database
    assert running.in_database < 0.1


async def test_each_piece_of_work_begins_at_nought(thread: DatabaseThread) -> None:
    await seen(thread, statements=True, computing=0.0)
    running = await seen(thread, statements=False, computing=0.2)

    assert not running.waits_for_database
    assert thread.running() is None


async def test_statements_of_another_thread_do_not_count(thread: DatabaseThread) -> None:
    with thread.database.read() as session:
        napping(session)
    running = await seen(thread, statements=False, computing=0.2)

    assert not running.waits_for_database
