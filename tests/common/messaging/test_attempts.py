"""Attempts: written down before, counted once, taken back when the database failed, given up when nobody survived."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import InboxRow, InboxState
from common.messaging import attempts, inbox
from common.messaging.attempts import MOST, Attempt
from common.messaging.inbox import read_envelope


@pytest.fixture
def seq(any_database: Database) -> int:
    """An update that has just come."""
    with any_database.write() as session:
        inbox.record(session, 7, [read_envelope(b'{"update_id":1,"message":{"text":"brakes"}}')])
        return session.scalars(select(InboxRow.seq)).one()


def row(database: Database, seq: int) -> InboxRow:
    with database.read() as session:
        return session.get_one(InboxRow, seq)


def begin(database: Database, attempt: Attempt) -> bool:
    with database.write(durable=False) as session:
        return attempts.begin(session, attempt) is not None


def raised(database: Database, attempt: Attempt, trace: str = "Traceback") -> bool:
    with database.write() as session:
        return attempts.raised(session, attempt, trace)


def take_back(database: Database, attempt: Attempt) -> None:
    with database.write() as session:
        attempts.take_back(session, attempt)


def give_up(database: Database, seq: int) -> bool:
    with database.write() as session:
        return attempts.give_up(session, seq)


def dies(database: Database, seq: int) -> None:
    """A process begins an attempt and ends before it does."""
    assert begin(database, attempts.next_of(row(database, seq)))


def test_an_attempt_that_raised_counts_once_and_three_are_quarantine(any_database: Database, seq: int) -> None:
    attempt, ends = attempts.next_of(row(any_database, seq)), []
    for number in range(1, MOST + 1):
        assert begin(any_database, attempt)
        trace = f"Traceback {number}" + "x" * 30_000
        ends.append(raised(any_database, attempt, trace))
        attempt = attempt.after_raising(trace)
    assert ends == [False, False, True]
    assert not raised(any_database, attempt), "it has come to its end"
    kept = row(any_database, seq)
    assert (kept.state, kept.attempts) == (InboxState.QUARANTINED, MOST)
    assert len(kept.error or "") == attempts.MAX_ERROR


def test_an_attempt_that_raised_before_it_was_written_down_counts_too(any_database: Database, seq: int) -> None:
    assert [raised(any_database, Attempt(seq, number)) for number in (1, 2, 3)] == [False, False, True]


def test_three_deaths_are_quarantine_with_what_is_known(any_database: Database, seq: int) -> None:
    for _ in range(MOST):
        assert not give_up(any_database, seq)
        dies(any_database, seq)
    assert give_up(any_database, seq)
    assert not give_up(any_database, seq), "it is there already"
    kept = row(any_database, seq)
    assert (kept.state, kept.attempts, kept.body is not None) == (InboxState.QUARANTINED, MOST, True)
    began = [line.partition(" at ")[0] for line in (kept.error or "").splitlines()[:-1]]
    assert began == ["Attempt 1 began", "Attempt 2 began", "Attempt 3 began"]
    assert (kept.error or "").endswith("The process ended while attempt 3 at this update (message) was running.")


def test_deaths_and_exceptions_count_together_and_the_traceback_stays(any_database: Database, seq: int) -> None:
    dies(any_database, seq)
    second = attempts.next_of(row(any_database, seq))
    begin(any_database, second)
    assert not raised(any_database, second, "ValueError: no such part")
    dies(any_database, seq)
    assert give_up(any_database, seq)
    assert (row(any_database, seq).error or "").startswith("ValueError: no such part\nAttempt 3 began at ")


def test_an_attempt_that_the_database_failed_counts_for_nothing(any_database: Database, seq: int) -> None:
    dies(any_database, seq)
    before = row(any_database, seq)
    second = attempts.next_of(before)
    for _ in range(5):
        begin(any_database, second)
        take_back(any_database, second)
    assert (row(any_database, seq).attempts, row(any_database, seq).error) == (1, before.error)
    for _ in range(5):  # nor when the database is away still, and it cannot be taken back
        begin(any_database, second)
    assert row(any_database, seq).attempts == 2


def test_an_update_that_is_done_begins_no_attempt_and_keeps_no_note(any_database: Database, seq: int) -> None:
    dies(any_database, seq)
    with any_database.write() as session:
        assert inbox.mark_done(session, seq, "handled")
    assert row(any_database, seq).error is None
    assert not begin(any_database, Attempt(seq, 2))
    take_back(any_database, Attempt(seq, 1))
    assert not raised(any_database, Attempt(seq, 3))
    assert not give_up(any_database, seq)
    assert (row(any_database, seq).state, row(any_database, seq).attempts) == (InboxState.DONE, 1)


def test_an_old_leader_that_is_late_changes_nothing_of_a_later_attempt(any_database: Database, seq: int) -> None:
    old = attempts.next_of(row(any_database, seq))
    begin(any_database, old)
    begin(any_database, attempts.next_of(row(any_database, seq)))  # the new leader's
    later = row(any_database, seq)
    take_back(any_database, old)
    assert not raised(any_database, old, "late")
    assert (row(any_database, seq).attempts, row(any_database, seq).error) == (2, later.error)
    begin(any_database, old)
    assert row(any_database, seq).attempts == 2
