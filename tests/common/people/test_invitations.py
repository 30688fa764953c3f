"""Invitations: one-time ways in, to a chat or to the desk."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import Invitation, Person, Role
from common.people import invitations, logins, people
from common.people.invitations import InvitationRefused, RefusalReason
from tests.common.people.invited import MANAGER, accept, again, for_staff, invited, tried
from tests.support.cast import AVI, DIMA, PASSWORD, hire


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
    with clock.travel(invitations.LIFE):
        assert accept(any_database, code) is None
    with clock.travel(invitations.LIFE - timedelta(minutes=1)):
        assert accept(any_database, code) is not None


def test_a_revoked_invitation_lets_nobody_in(any_database: Database) -> None:
    code = invited(any_database)
    with any_database.write() as session:
        invitations.revoke(session, MANAGER, session.scalars(select(Invitation.id)).one())
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
        people.add_person(session, name="Avi", role=Role.MANAGER, language="en")
        people.archive(session, MANAGER, manager.id)
    back = accept(any_database, invited(any_database))
    assert back is not None
    assert back.role is Role.MECHANIC


def test_whoever_holds_a_code_is_told_why_it_is_no_longer_good(any_database: Database) -> None:
    used, revoked, old = (invited(any_database) for _ in range(3))
    accept(any_database, used)
    with any_database.write() as session:
        invitations.revoke(session, MANAGER, 2)
    with clock.travel(invitations.LIFE):
        assert tried(any_database, old, 2002) == InvitationRefused(RefusalReason.EXPIRED)
        assert tried(any_database, used, 2002) == InvitationRefused(RefusalReason.USED)
    assert tried(any_database, revoked, 2002) == InvitationRefused(RefusalReason.REVOKED)
    assert tried(any_database, "x" * 22, 2002) == InvitationRefused(RefusalReason.UNKNOWN)


def test_a_member_who_opens_somebody_elses_invitation_leaves_it_for_them(any_database: Database) -> None:
    hire(any_database, DIMA)
    code = invited(any_database)
    accept(any_database, code, telegram_id=1001)
    newcomer = accept(any_database, code, telegram_id=2002)
    assert newcomer is not None
    assert newcomer.name == "Лев"


def test_a_new_member_of_staff_chooses_a_username_and_a_password_once(any_database: Database) -> None:
    code = for_staff(any_database)
    with any_database.write() as session:
        person = invitations.accept_at_desk(session, code, username="Mika", password=PASSWORD, language="he")
        assert isinstance(person, Person)
        assert (person.name, person.role, person.language) == ("Mika", Role.STOREKEEPER, "he")
    with any_database.write() as session:
        assert logins.password_matches(PASSWORD, logins.find(session, "mika")[1])
        second = invitations.accept_at_desk(session, code, username="b", password=PASSWORD, language="he")
        assert second == InvitationRefused(RefusalReason.USED)


def test_a_code_for_the_desk_opens_no_chat_and_a_chats_no_desk(any_database: Database) -> None:
    assert tried(any_database, for_staff(any_database)) == InvitationRefused(RefusalReason.UNKNOWN)
    code = again(any_database, hire(any_database, AVI))
    with any_database.write() as session:
        came = invitations.accept_at_desk(session, code, username="thief", password=PASSWORD, language="en")
        assert came == InvitationRefused(RefusalReason.UNKNOWN)
