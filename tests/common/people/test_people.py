"""Who is here, who may let others in, and how people leave."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person, Role, Via
from common.errors import Forbidden, InvalidInput, NotFound
from common.people import invitations, logins, people
from common.permissions import Actor
from common.signing import digest
from tests.support.cast import AVI, CHARLIE, DIMA, NOA, PASSWORD, RINA, acts, hire

MANAGER = Actor(None, Role.MANAGER, Via.COMMAND)


def test_a_mechanic_invites_nobody_and_archives_nobody(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        with pytest.raises(Forbidden):
            invitations.invite(session, acts(dima), name="Charlie")
        with pytest.raises(Forbidden):
            people.archive(session, acts(dima), dima.id)


def test_a_storekeeper_archives_nobody(any_database: Database) -> None:
    rina = hire(any_database, RINA)
    with any_database.write() as session, pytest.raises(Forbidden):
        people.archive(session, acts(rina), rina.id)


def test_archiving_signs_somebody_out_and_restoring_lets_them_back(any_database: Database) -> None:
    rina = hire(any_database, RINA, password=PASSWORD)
    avi = hire(any_database, AVI)
    with any_database.write() as session:
        cookie = logins.open_session(session, rina.id, "a browser")
    with any_database.write() as session:
        people.archive(session, acts(avi), rina.id)
    with any_database.read() as session:
        assert logins.live_session(session, digest(cookie)) is None
        assert logins.find(session, "rina") == (None, logins.NOBODYS_HASH)
    with any_database.write() as session:
        people.restore(session, acts(avi), rina.id)
    with any_database.read() as session:
        assert logins.live_session(session, digest(cookie)) is None  # signed out stays signed out
        assert logins.find(session, "rina")[0] == rina.id


def test_who_is_not_there_is_not_found(any_database: Database) -> None:
    with any_database.write() as session:
        for ask in (people.archive, people.restore, invitations.revoke):
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
        invitations.invite(session, MANAGER, name="Лев", language="fr")
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        person = session.get_one(Person, dima.id)
        people.choose_language(session, person, "he")
        assert (person.language, person.language_chosen) == ("he", True)
