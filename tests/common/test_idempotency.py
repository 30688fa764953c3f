"""A request with an Idempotency-Key is done once, on both databases, however many send it at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock, idempotency
from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import ApiRequest
from common.errors import InvalidInput
from common.operation import pruning
from common.people import tokens
from common.people.scopes import Scope
from tests.support.cast import RINA, hire


def token(database: Database) -> int:
    person = hire(database, RINA)
    with database.write() as session:
        row, _ = tokens.create(session, HOST, person=session.merge(person), name="till", scopes={Scope.ORDERS_READ})
        return row.id


def do(database: Database, token_id: int, key: str = "k", asked: str = "POST /orders") -> tuple[str | None, bool]:
    """What it answers, and whether it was done now."""
    with database.write() as session:
        row, is_new = idempotency.begin_request(session, token_id, key, asked)
        if is_new:
            idempotency.store_answer(row, 201, f"answer to {asked}")
        return row.answer, is_new


def fail(database: Database, token_id: int) -> None:
    with database.write() as session:
        idempotency.begin_request(session, token_id, "k", "POST /orders")
        raise ZeroDivisionError


def test_the_same_key_again_is_answered_and_not_done(any_database: Database) -> None:
    token_id = token(any_database)
    assert do(any_database, token_id) == ("answer to POST /orders", True)
    assert do(any_database, token_id) == ("answer to POST /orders", False)
    assert do(any_database, token_id, "another")[1]


def test_the_same_key_for_something_else_is_refused(database: Database) -> None:
    token_id = token(database)
    do(database, token_id)
    with pytest.raises(InvalidInput) as refused:
        do(database, token_id, asked="POST /people")
    assert refused.value.code == "key_reused"


def test_a_key_belongs_to_its_token(database: Database) -> None:
    first = token(database)
    second = token(database)
    assert do(database, first)[1]
    assert do(database, second)[1]


def test_what_failed_leaves_the_key_free(database: Database) -> None:
    token_id = token(database)
    with pytest.raises(ZeroDivisionError):
        fail(database, token_id)
    assert do(database, token_id)[1]


def test_a_key_is_free_again_after_a_day_and_its_row_is_swept(database: Database) -> None:
    token_id = token(database)
    do(database, token_id)
    with clock.travel(idempotency.LIFE):
        assert do(database, token_id, asked="POST /people")[1]
    with clock.travel(idempotency.LIFE * 2 + timedelta(seconds=1)), database.write() as session:
        assert pruning.prune(session) == 1


def test_of_eight_at_the_same_time_one_does_it(any_database: Database) -> None:
    token_id, done = token(any_database), []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait(10)
        done.append(do(any_database, token_id))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(is_new for _, is_new in done) == [False] * 7 + [True]
    assert {answer for answer, _ in done} == {"answer to POST /orders"}
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(ApiRequest)) == 1
