"""Browsers that are known for a person: for how long, and what makes them strangers again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import Database
from common.database.models import Person
from common.people import known_browsers, logins, people, staff
from tests.support.cast import AVI, PASSWORD, RINA, acts, hire


@pytest.fixture
def storekeeper(any_database: Database) -> Person:
    return hire(any_database, RINA, password=PASSWORD)


def remember(database: Database, person: Person, browser: str) -> str:
    with database.write() as session:
        return known_browsers.remember(session, person.id, browser, network="192.0.2.1", hops=1)


def is_known(database: Database, person: Person, browser: str) -> bool:
    with database.read() as session:
        return known_browsers.is_known(session, person.id, browser)


def test_a_browser_is_known_to_whoever_signed_in_there_and_to_nobody_else(
    any_database: Database, storekeeper: Person
) -> None:
    avi = hire(any_database, AVI)
    browser = remember(any_database, storekeeper, "")
    assert is_known(any_database, storekeeper, browser)
    assert not is_known(any_database, avi, browser)
    assert not is_known(any_database, storekeeper, browser + "x")
    assert not is_known(any_database, storekeeper, "")


def test_one_browser_can_be_known_for_several_people(any_database: Database, storekeeper: Person) -> None:
    avi = hire(any_database, AVI)
    browser = remember(any_database, storekeeper, "")
    assert remember(any_database, avi, browser) == browser
    assert is_known(any_database, storekeeper, browser)
    assert is_known(any_database, avi, browser)


def test_it_is_forgotten_after_some_time_unless_somebody_signs_in(any_database: Database, storekeeper: Person) -> None:
    browser = remember(any_database, storekeeper, "")
    with clock.travel(known_browsers.LIFE - timedelta(days=1)):
        assert remember(any_database, storekeeper, browser) == browser
        with clock.travel(timedelta(days=2)):
            assert is_known(any_database, storekeeper, browser)
    with clock.travel(known_browsers.LIFE * 2):
        assert not is_known(any_database, storekeeper, browser)


Forget = Callable[[Session, Person], object]
ENDS: dict[str, Forget] = {
    "a new password": lambda session, person: logins.set_password(session, person, "rina", PASSWORD + "!"),
    "sign out everywhere": lambda session, person: staff.sign_out(session, acts(person), person.id),
    "dismissed": lambda session, person: people.archive(session, acts(hire_manager(session)), person.id),
}


def hire_manager(session: Session) -> Person:
    return session.query(Person).filter(Person.name == AVI.name).one()


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_it_is_forgotten_when_access_changes_and_a_copy_of_the_cookie_stays_worthless(
    any_database: Database, storekeeper: Person, end: Forget
) -> None:
    hire(any_database, AVI)
    browser = remember(any_database, storekeeper, "")
    with any_database.write() as session:
        end(session, session.get_one(Person, storekeeper.id))
    assert not is_known(any_database, storekeeper, browser)
    fresh = remember(any_database, storekeeper, browser)
    assert fresh != browser
    assert is_known(any_database, storekeeper, fresh)
    assert not is_known(any_database, storekeeper, browser)


def test_a_person_has_so_many_at_most(any_database: Database, storekeeper: Person) -> None:
    browsers = []
    for number in range(known_browsers.MOST + 2):
        with clock.travel(timedelta(minutes=number)):
            browsers.append(remember(any_database, storekeeper, ""))
    known = [is_known(any_database, storekeeper, browser) for browser in browsers]
    assert known == [False] * 2 + [True] * known_browsers.MOST
