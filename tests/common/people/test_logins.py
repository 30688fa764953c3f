"""How staff sign in: passwords, and sessions that can be revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import Login, Person, StaffSession
from common.errors import InvalidInput
from common.people import logins, staff
from common.signing import digest
from tests.support.cast import AVI, PASSWORD, RINA, acts, hire


@pytest.fixture
def storekeeper(any_database: Database) -> Person:
    return hire(any_database, RINA, password=PASSWORD)


def signed_in(database: Database, person: Person) -> str:
    with database.write() as session:
        return logins.open_session(session, person.id, "a browser")


def is_live(database: Database, cookie: str) -> bool:
    with database.read() as session:
        return logins.live_session(session, digest(cookie)) is not None


def test_the_right_password_fits_whatever_the_case_of_the_name(any_database: Database, storekeeper: Person) -> None:
    with any_database.read() as session:
        person_id, hashed = logins.find(session, " RINA ")
    assert person_id == storekeeper.id
    assert logins.password_matches(PASSWORD, hashed)
    assert not logins.password_matches(PASSWORD.upper(), hashed)


def test_nobody_has_a_hash_too_so_that_a_name_is_not_told_by_the_time_it_takes(any_database: Database) -> None:
    with any_database.read() as session:
        person_id, hashed = logins.find(session, "charlie")
    assert person_id is None
    assert hashed.split("$")[1:4] == logins.HASHER.hash("x").split("$")[1:4]  # the same kind and cost
    assert not logins.password_matches(PASSWORD, hashed)


def test_the_password_is_not_stored(any_database: Database, storekeeper: Person) -> None:
    with any_database.read() as session:
        assert PASSWORD not in session.get_one(Login, storekeeper.id).password_hash


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("r", PASSWORD, "username"),
        ("two words", PASSWORD, "username"),
        ("x" * 65, PASSWORD, "username"),
        ("ri\x00na", PASSWORD, "username"),
        ("rina", "short", "password_short"),
        ("rina", "x" * 201, "password_long"),
    ],
)
def test_what_is_no_login_is_refused_by_name(
    database: Database, rina: Person, username: str, password: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal, database.write() as session:
        logins.set_password(session, rina, username, password)
    assert refusal.value.code == code


def test_a_username_belongs_to_one_person(any_database: Database, storekeeper: Person) -> None:
    avi = hire(any_database, AVI)
    with pytest.raises(InvalidInput, match="username_taken"), any_database.write() as session:
        logins.set_password(session, avi, "Rina", PASSWORD)


def test_a_new_password_signs_out_everywhere(any_database: Database, storekeeper: Person) -> None:
    cookie = signed_in(any_database, storekeeper)
    with any_database.write() as session:
        logins.set_password(session, session.get_one(Person, storekeeper.id), "rina", PASSWORD + "!")
    assert not is_live(any_database, cookie)


def test_a_session_lives_until_it_is_closed(any_database: Database, storekeeper: Person) -> None:
    here, there = signed_in(any_database, storekeeper), signed_in(any_database, storekeeper)
    with any_database.write() as session:
        logins.close_session(session, here)
    assert (is_live(any_database, here), is_live(any_database, there)) == (False, True)
    with any_database.write() as session:
        staff.sign_out(session, acts(storekeeper), storekeeper.id)
    assert not is_live(any_database, there)


def test_a_session_ends_when_idle_and_in_any_case_after_two_weeks(any_database: Database, storekeeper: Person) -> None:
    cookie = signed_in(any_database, storekeeper)
    with clock.travel(logins.IDLE_LIFE - timedelta(minutes=1)):
        assert is_live(any_database, cookie)
    with clock.travel(logins.IDLE_LIFE):
        assert not is_live(any_database, cookie)
    with clock.travel(logins.SESSION_LIFE):
        with any_database.write() as session:
            session.scalars(select(StaffSession)).one().seen_at = clock.utcnow()
        assert not is_live(any_database, cookie)


def test_the_cookie_is_not_stored(any_database: Database, storekeeper: Person) -> None:
    cookie = signed_in(any_database, storekeeper)
    with any_database.read() as session:
        row = session.scalars(select(StaffSession)).one()
    assert cookie not in {str(value) for value in vars(row).values()}
    assert not is_live(any_database, row.digest)


@pytest.mark.parametrize("cookie", ["", "x", "я" * 50, "\x00"])
def test_a_cookie_that_was_never_given_is_nobodys(any_database: Database, cookie: str) -> None:
    assert not is_live(any_database, cookie)
