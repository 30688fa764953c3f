"""Tokens of the API: shown once, good as long as their person is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import ApiToken, Person, Role
from common.errors import InvalidInput, NotFound
from common.people import people, tokens
from common.people.scopes import Scope
from tests.support.cast import acts


def made(database: Database, person: Person, life: timedelta | None = None) -> tuple[int, str]:
    with database.write() as session:
        person = session.get_one(Person, person.id)
        row, value = tokens.create(session, HOST, person=person, name="till", scopes={Scope.ORDERS_READ}, life=life)
        return row.id, value


def opens(database: Database, value: str) -> bool:
    with database.read() as session:
        return tokens.find(session, value) is not None


def test_a_token_opens_and_only_its_digest_is_stored(database: Database, rina: Person) -> None:
    token_id, value = made(database, rina)
    assert value.startswith("fh_")
    assert opens(database, value)
    with database.read() as session:
        row = session.get_one(ApiToken, token_id)
        assert value not in str(vars(row))
        assert row.scopes == ["orders:read"]


@pytest.mark.parametrize("value", ["", "fh_", "fh_" + "x" * 43, "fh_" + "x" * 5000, "fh_\xe9", "Bearer"])
def test_what_is_no_token_opens_nothing(database: Database, rina: Person, value: str) -> None:
    made(database, rina)
    assert not opens(database, value)


def test_a_token_is_over_when_it_expires_or_is_revoked(database: Database, rina: Person) -> None:
    _, short = made(database, rina, timedelta(days=90))
    token_id, revoked = made(database, rina)
    with database.write() as session:
        tokens.revoke(session, HOST, token_id)
    assert opens(database, short)
    assert not opens(database, revoked)
    with clock.travel(timedelta(days=90)):
        assert not opens(database, short)


def test_a_token_ends_with_its_persons_access_and_does_not_come_back(
    database: Database, rina: Person, avi: Person
) -> None:
    _, value = made(database, rina)
    with database.write() as session:
        people.archive(session, acts(avi), rina.id)
        people.restore(session, acts(avi), rina.id)
    assert not opens(database, value)


def test_a_role_taken_away_counts_at_once(database: Database, rina: Person) -> None:
    _, value = made(database, rina)
    with database.write() as session:
        session.get_one(Person, rina.id).role = Role.MECHANIC
    assert not opens(database, value)


def test_a_mechanic_gets_no_token(database: Database, dima: Person) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(database, dima)
    assert refused.value.code == "token_person"


def test_a_token_that_is_not_there_cannot_be_revoked(database: Database) -> None:
    with pytest.raises(NotFound), database.write() as session:
        tokens.revoke(session, HOST, 1)


def test_the_time_of_last_use_is_written_once_a_minute(database: Database, rina: Person) -> None:
    token_id, _ = made(database, rina)

    def used() -> object:
        with database.write() as session:
            tokens.touch(session, token_id)
        with database.read() as session:
            return session.scalar(select(ApiToken.seen_at))

    first = used()
    assert first is not None
    assert used() == first
    with clock.travel(timedelta(minutes=1)):
        assert used() != first


def test_tokens_are_listed_a_page_at_a_time(database: Database, rina: Person) -> None:
    ids = [made(database, rina)[0] for _ in range(3)]
    with database.read() as session:
        assert [row.id for row in tokens.all_tokens(session, 0, 2)] == ids[:2]
        assert [row.id for row in tokens.all_tokens(session, ids[1], 2)] == ids[2:]
        assert session.scalar(select(func.count()).select_from(ApiToken)) == 3
