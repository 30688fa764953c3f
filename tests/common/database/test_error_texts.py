"""An error of the database holds no value of a row: neither a password's hash, nor what a person wrote."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Database, error_text
from common.database.models import DeskNote, Login, Person, QuickReply, Role
from common.logs import error_trace, error_words

CANARY = "$argon2id$canary-of-a-person"


def person(session: Session, **more: object) -> None:
    row = {"name": CANARY, "role": Role.MECHANIC, "language": "ru", "created_at": clock.utcnow()}
    session.execute(insert(Person).values(row | more))


def login(session: Session) -> None:
    for _ in range(2):
        person(session)
        newest = session.scalars(select(Person.id).order_by(Person.id.desc())).first()
        new = {"person_id": newest, "username": CANARY, "password_hash": CANARY, "changed_at": clock.utcnow()}
        session.execute(insert(Login).values(new))


def taken_shortcut(session: Session) -> None:
    for _ in range(2):
        row = {"shortcut": CANARY[:24], "texts": {"ru": CANARY}, "updated_at": clock.utcnow()}
        session.add(QuickReply(**row))
        session.flush()


FAILING = {
    "a unique value twice": login,
    "a unique value twice, by the mapper": taken_shortcut,
    "no value where there must be one": lambda session: person(session, role=None),
    "a row that refers to nothing": lambda session: session.execute(
        insert(DeskNote).values(key=CANARY, order_id=99, author_id=99, text=CANARY, at=clock.utcnow())
    ),
    "an enum without this member": lambda session: person(session, role=CANARY),
    "a value of another type": lambda session: session.execute(
        update(Person).values(telegram_id=text("CAST(:it AS BIGINT) / 0").bindparams(it=7), name=CANARY)
    ),
    "a number that is too large": lambda session: person(session, telegram_id=2**70),
    "half of a surrogate pair": lambda session: person(session, name=f"{CANARY}\ud800"),
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING.keys())
def test_no_error_holds_a_value(any_database: Database, failing: Callable[[Session], object]) -> None:
    try:
        with any_database.write() as session:
            person(session)
            failing(session)
            session.flush()
    except (StatementError, UnicodeError, OverflowError, LookupError) as error:
        told = error_trace(error), error_words(error), error_text(error) if isinstance(error, DBAPIError) else ""
        assert CANARY[:20] not in "".join(told)
        return
    assert any_database.is_sqlite, "it did not fail"  # SQLite divides by nothing, and has no types


@pytest.mark.postgres
def test_postgresql_quotes_neither_a_row_nor_a_value(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    with database.read() as session, pytest.raises(StatementError) as failure:
        session.execute(text("SELECT CAST(:it AS INTEGER)"), {"it": CANARY})
    database.dispose()
    assert CANARY not in str(failure.value) + error_trace(failure.value)
    assert "22P02: a value does not fit its column" in error_trace(failure.value)
