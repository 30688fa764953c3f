"""How people join, once by each invitation, and how they leave."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock, logins, people
from common.database import Database
from common.errors import InvalidInput, NotAllowed, NotFound
from common.models import Invitation, Person, Role, Via
from common.permissions import Actor
from tests.cast import AVI, CHARLIE, DIMA, NOA, PASSWORD, RINA, acts, hire

MANAGER = Actor(None, Role.MANAGER, Via.COMMAND)


def invited(database: Database, role: Role = Role.MECHANIC, language: str | None = None) -> str:
    with database.write() as session:
        return people.invite(session, MANAGER, name="Лев", role=role, language=language)[1]


def accept(database: Database, code: str, telegram_id: int = 2001) -> Person | None:
    with database.write() as session:
        return people.accept_invitation(session, code, telegram_id=telegram_id, language="ru")


def test_an_invitation_lets_one_person_in(any_database: Database) -> None:
    person = accept(any_database, invited(any_database))
    assert person is not None
    assert (person.name, person.role, person.language, person.language_chosen) == ("Лев", Role.MECHANIC, "ru", False)


def test_an_invitation_may_name_the_language_so_that_nobody_asks(any_database: Database) -> None:
    person = accept(any_database, invited(any_database, language="he"))
    assert person is not None
    assert (person.language, person.language_chosen) == ("he", True)


def test_an_invitation_works_once_but_its_owner_is_always_welcome(any_database: Database) -> None:
    code = invited(any_database)
    first = accept(any_database, code)
    assert accept(any_database, code, telegram_id=2002) is None
    again = accept(any_database, code)
    assert first is not None
    assert again is not None
    assert again.id == first.id


def test_of_two_who_open_one_invitation_at_once_one_joins(any_database: Database) -> None:
    code, ends = invited(any_database), []
    together = threading.Barrier(2)

    def join(telegram_id: int) -> None:
        together.wait(10)
        ends.append(accept(any_database, code, telegram_id) is not None)

    threads = [threading.Thread(target=join, args=(number,)) for number in (2001, 2002)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == [False, True]


def test_an_invitation_ends_after_a_day(any_database: Database) -> None:
    code = invited(any_database)
    with clock.travel(people.INVITATION_LIFE):
        assert accept(any_database, code) is None
    with clock.travel(people.INVITATION_LIFE - timedelta(minutes=1)):
        assert accept(any_database, code) is not None


def test_a_revoked_invitation_lets_nobody_in(any_database: Database) -> None:
    code = invited(any_database)
    with any_database.write() as session:
        people.revoke_invitation(session, MANAGER, session.scalars(select(Invitation.id)).one())
    assert accept(any_database, code) is None


@pytest.mark.parametrize("code", ["", "x", "' OR 1=1 --", "я" * 100, "A" * 5000])
def test_a_code_that_does_not_exist_lets_nobody_in(any_database: Database, code: str) -> None:
    invited(any_database)
    assert accept(any_database, code) is None


def test_the_code_is_not_stored(any_database: Database) -> None:
    code = invited(any_database)
    with any_database.read() as session:
        row = session.scalars(select(Invitation)).one()
    assert code not in {str(value) for value in vars(row).values()}


def test_somebody_known_who_opens_another_invitation_stays_who_they_are(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    same = accept(any_database, invited(any_database, language="he"), telegram_id=1001)
    assert same is not None
    assert (same.id, same.name, same.language) == (dima.id, "Dima", "ru")


def test_somebody_archived_comes_back_by_a_new_invitation_only(any_database: Database) -> None:
    code = invited(any_database)
    person = accept(any_database, code)
    assert person is not None
    with any_database.write() as session:
        people.archive(session, MANAGER, person.id)
    assert accept(any_database, code) is None
    back = accept(any_database, invited(any_database))
    assert back is not None
    assert (back.id, back.archived_at) == (person.id, None)


def test_an_invitation_does_not_hand_an_old_role_back(any_database: Database) -> None:
    """A storekeeper may invite mechanics; that must not make an archived manager one again."""
    manager = accept(any_database, invited(any_database, role=Role.MANAGER))
    assert manager is not None
    with any_database.write() as session:
        people.archive(session, MANAGER, manager.id)
    back = accept(any_database, invited(any_database))
    assert back is not None
    assert back.role is Role.MECHANIC


def test_a_mechanic_invites_nobody_and_archives_nobody(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        with pytest.raises(NotAllowed):
            people.invite(session, acts(dima), name="Charlie")
        with pytest.raises(NotAllowed):
            people.archive(session, acts(dima), dima.id)


def test_a_storekeeper_archives_nobody(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session, pytest.raises(NotAllowed):
        people.archive(session, acts(rina), rina.id)


def test_archiving_signs_somebody_out_and_restoring_lets_them_back(any_database: Database) -> None:
    rina = hire(any_database, RINA, password=PASSWORD)
    avi = hire(any_database, AVI)
    with any_database.write() as session:
        cookie = logins.open_session(session, rina.id, "a browser")
    with any_database.write() as session:
        people.archive(session, acts(avi), rina.id)
    with any_database.read() as session:
        assert logins.of_cookie(session, cookie) is None
        assert logins.find(session, "rina") == (None, logins.NOBODY)
    with any_database.write() as session:
        people.restore(session, acts(avi), rina.id)
    with any_database.read() as session:
        assert logins.of_cookie(session, cookie) is None  # signed out stays signed out
        assert logins.find(session, "rina")[0] == rina.id


def test_who_is_not_there_is_not_found(any_database: Database) -> None:
    with any_database.write() as session:
        for ask in (people.archive, people.restore, people.revoke_invitation):
            with pytest.raises(NotFound):
                ask(session, MANAGER, 404)


def test_a_stranger_is_nobody(any_database: Database) -> None:
    noa = hire(any_database, NOA)
    with any_database.read() as session:
        assert people.by_telegram(session, CHARLIE.telegram_id or 0) is None
        found = people.by_telegram(session, 1002)
        assert found is not None
        assert found.id == noa.id


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\x00", "Ди\u202eма"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        people.clean_name(name)


def test_a_name_is_tidied() -> None:
    assert people.clean_name("  Дима \n Петров ") == "Дима Петров"
    assert people.clean_name("נועה") == "נועה"


def test_a_language_we_do_not_speak_is_refused(any_database: Database) -> None:
    with pytest.raises(InvalidInput, match="language"), any_database.write() as session:
        people.invite(session, MANAGER, name="Лев", language="fr")
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        person = session.get_one(Person, dima.id)
        people.choose_language(session, person, "he")
        assert (person.language, person.language_chosen) == ("he", True)
