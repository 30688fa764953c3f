"""Rows that two transactions want at once: inserted once, changed at the version that was seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from common import clock
from common.database import rows
from common.database.engine import Database
from common.database.models import Lease, Person, QuickReply
from common.errors import NotFound, StaleVersion
from tests.support.cast import RINA, hire


@pytest.fixture
def reply(any_database: Database) -> int:
    """A quick reply at version 1."""
    with any_database.write() as session:
        kept = QuickReply(shortcut="soon", texts={"en": "Soon"}, version=1, updated_at=clock.utcnow())
        session.add(kept)
        session.flush()
        return kept.id


def text(of: Database, reply: int) -> tuple[int, str]:
    with of.read() as session:
        kept = session.get_one(QuickReply, reply)
        return kept.version, kept.texts["en"]


def change(of: Database, reply: int, version: int, to: str) -> None:
    with of.write() as session:
        rows.lock_at_version(session, QuickReply, reply, version, "quick reply").texts = {"en": to}


def test_of_two_inserts_of_one_key_the_second_does_nothing(any_database: Database) -> None:
    for holder in ("first", "second"):
        with any_database.write() as session:
            lease = {"holder": holder, "epoch": 1, "expires_at": clock.utcnow(), "machine": "", "pid": 1, "started": ""}
            session.execute(rows.insert(session, Lease).values(name="leader", **lease).on_conflict_do_nothing())
    with any_database.read() as session:
        assert list(session.scalars(select(Lease.holder))) == ["first"]


def test_a_lock_raises_the_version_and_gives_the_row_as_it_is_now(any_database: Database, reply: int) -> None:
    with any_database.write() as session:
        seen = session.get_one(QuickReply, reply)
        locked = rows.lock_at_version(session, QuickReply, reply, seen.version, "quick reply")
        assert (locked is seen, locked.version) == (True, 2)


def test_a_stale_version_is_refused_with_both_versions_and_nothing_changes(any_database: Database, reply: int) -> None:
    change(any_database, reply, 1, "In an hour")
    with pytest.raises(StaleVersion) as refusal:
        change(any_database, reply, 1, "Tomorrow")
    assert (refusal.value.what, refusal.value.since, refusal.value.version) == ("quick reply", 1, 2)
    assert text(any_database, reply) == (2, "In an hour")


def test_a_row_that_is_not_there_is_not_found(any_database: Database) -> None:
    with pytest.raises(NotFound, match="No quick reply 404"):
        change(any_database, 404, 1, "Soon")


def test_of_two_who_change_the_same_version_at_once_one_is_refused(any_database: Database, reply: int) -> None:
    together = Barrier(2, timeout=20)

    def attempt(to: str) -> str:
        together.wait()
        try:
            change(any_database, reply, 1, to)
        except StaleVersion:
            return "refused"
        return to

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(attempt, ["Today", "Tomorrow"]))
    (changed,) = set(ends) - {"refused"}
    assert "refused" in ends
    assert text(any_database, reply) == (2, changed)


def test_a_locked_row_at_another_version_than_the_caller_saw_is_refused(any_database: Database) -> None:
    person: Person = hire(any_database, RINA)
    rows.check_version(person, person.version, "person")
    with pytest.raises(StaleVersion, match=rf"The person {person.id} is at version {person.version}"):
        rows.check_version(person, person.version - 1, "person")
