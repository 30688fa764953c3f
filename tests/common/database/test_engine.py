"""Transactions: one writer at a time, the revision last, the bell after the commit."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from common.clock import utcnow
from common.database.engine import (
    SAFE_SQLITE,
    Database,
    Work,
    bump_revision,
    is_transient,
    now,
    revision,
    sqlite_is_safe,
    sqlite_module,
    wake_after_commit,
)
from common.database.models import Process
from common.messaging.processes import record_heartbeat

# Reads, then writes: what fails at once with "database is locked" unless the transaction begins as a writer.
WRITER = """
import sys
from sqlalchemy import text
from common.database.engine import Database
database = Database(sys.argv[1])
for _ in range(150):
    with database.write() as session:
        value = session.scalar(text("SELECT value FROM revision"))
        session.execute(text("UPDATE revision SET value = :value"), {"value": value + 1})
database.dispose()
"""


@pytest.fixture
def statements(any_database: Database) -> Iterator[list[str]]:
    """What is said to the database, in order."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(any_database.engine, "before_cursor_execute", hear)
    event.listen(any_database.engine, "commit", lambda _connection: said.append("COMMIT"))
    yield said
    event.remove(any_database.engine, "before_cursor_execute", hear)


def test_two_processes_that_read_and_then_write_never_find_the_database_locked(
    database: Database, database_url: str
) -> None:
    command = [sys.executable, "-c", WRITER, database_url]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert errors == ""
    with database.read() as session:
        assert revision(session) == 1 + 2 * 150


def test_a_reader_that_turns_into_a_writer_fails_at_once_which_is_why_writers_begin_as_such(database: Database) -> None:
    with database.read() as reader:
        reader.execute(text("SELECT value FROM revision"))
        with database.write() as session:
            bump_revision(session)
        with pytest.raises(OperationalError, match="locked") as failure:
            reader.execute(text("UPDATE revision SET value = 7"))
    assert is_transient(failure.value)


def test_sqlite_is_set_up_for_two_processes_and_power_cuts(database_url: str) -> None:
    database = Database(database_url)
    with database.read() as session:
        seen = {p: session.scalar(text(f"PRAGMA {p}")) for p in ("journal_mode", "synchronous", "foreign_keys")}
    database.dispose()
    assert seen == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_linked_sqlite_is_free_of_the_corruption_bug() -> None:
    assert sqlite_is_safe()
    assert tuple(sqlite_module().sqlite_version_info) >= SAFE_SQLITE


def test_the_revision_is_raised_as_the_last_statement_before_the_commit(
    any_database: Database, statements: list[str]
) -> None:
    with any_database.write() as session:
        bump_revision(session)
        record_heartbeat(session, "web:1", "web", utcnow(), {})
    assert statements[-1] == "COMMIT"
    assert statements[-2].startswith("UPDATE revision")
    assert sum("revision" in statement for statement in statements) == 1


def test_what_changes_no_page_raises_no_revision(any_database: Database, statements: list[str]) -> None:
    with any_database.write() as session:
        record_heartbeat(session, "web:1", "web", utcnow(), {})
    assert not [statement for statement in statements if "revision" in statement]


def test_a_transaction_that_raises_changes_nothing_and_rings_no_bell(any_database: Database) -> None:
    rings: list[str] = []
    any_database.on_work = lambda _work: rings.append("rung")
    with pytest.raises(ZeroDivisionError):
        _write_and_raise(any_database)
    with any_database.read() as session:
        assert session.get(Process, "web:1") is None
        assert revision(session) == 1
    assert rings == []


def _write_and_raise(database: Database) -> None:
    with database.write() as session:
        wake_after_commit(session, Work.MESSAGES)
        bump_revision(session)
        record_heartbeat(session, "web:1", "web", utcnow(), {})
        session.flush()
        raise ZeroDivisionError


def test_the_bell_rings_once_after_the_commit(any_database: Database) -> None:
    rings: list[bool] = []

    def ring(_work: frozenset[Work]) -> None:
        with any_database.read() as session:
            rings.append(session.get(Process, "web:1") is not None)

    any_database.on_work = ring
    with any_database.write() as session:
        wake_after_commit(session, Work.MESSAGES)
        wake_after_commit(session, Work.MESSAGES)
        record_heartbeat(session, "web:1", "web", utcnow(), {})
    with any_database.write() as session:
        bump_revision(session)
    assert rings == [True]


def test_readers_do_not_wait_for_a_writer(any_database: Database) -> None:
    with any_database.write() as session:
        bump_revision(session)
        session.execute(text("UPDATE revision SET value = 99"))
        with any_database.read() as reader:
            assert revision(reader) == 1


def test_threads_of_one_process_write_one_after_the_other(any_database: Database) -> None:
    def write() -> None:
        for _ in range(10):
            with any_database.write() as session:
                bump_revision(session)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with any_database.read() as session:
        assert revision(session) == 41


def test_a_lock_that_somebody_keeps_is_waited_for_only_so_long(any_database_url: str, any_database: Database) -> None:
    impatient = Database(any_database_url, lock_timeout=0.1)
    with any_database.write() as holder:
        holder.execute(text("UPDATE revision SET value = 2"))
        with pytest.raises(DBAPIError) as failure, impatient.write() as session:
            session.execute(text("UPDATE revision SET value = 3"))
    impatient.dispose()
    assert is_transient(failure.value)


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_ended(postgresql_url: str) -> None:
    database = Database(postgresql_url, statement_timeout=0.1)
    with pytest.raises(DBAPIError) as failure, database.read() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    database.dispose()
    assert is_transient(failure.value)


def test_a_database_that_cannot_be_reached_is_nobodys_fault() -> None:
    for url in ("sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://felix@127.0.0.1:1/felix"):
        database = Database(url)
        with pytest.raises(DBAPIError) as failure, database.read() as session:
            session.execute(text("SELECT 1"))
        database.dispose()
        assert is_transient(failure.value)


def test_a_statement_that_is_wrong_is_somebodys_fault(any_database: Database) -> None:
    for wrong in ("SELECT nothing FROM nowhere", "INSERT INTO revision (id) VALUES (1)"):
        with pytest.raises(DBAPIError) as failure, any_database.write() as session:
            session.execute(text(wrong))
        assert not is_transient(failure.value), wrong
    assert not is_transient(ZeroDivisionError())


def test_a_key_that_is_there_is_somebodys_fault(any_database: Database) -> None:
    with pytest.raises(IntegrityError) as failure, any_database.write() as session:
        session.execute(text("INSERT INTO revision (id, value) VALUES (1, 1)"))
    assert not is_transient(failure.value)


def test_the_databases_clock_is_ours_within_a_second(any_database: Database) -> None:
    with any_database.read() as session:
        assert abs((now(session) - utcnow()).total_seconds()) < 1


def test_foreign_keys_hold(any_database: Database) -> None:
    with pytest.raises(IntegrityError), any_database.write() as session:
        session.execute(text("INSERT INTO card (order_id, chat_id) VALUES (999, 1)"))


def test_no_engine_is_made_at_import() -> None:
    script = (
        "import gc, common.database.engine, sqlalchemy;"
        "print(sum(isinstance(o, sqlalchemy.Engine) for o in gc.get_objects()))"
    )
    counted = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert counted.stdout.strip() == "0"
