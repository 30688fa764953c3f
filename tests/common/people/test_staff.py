"""Roles: there is always a manager, also when two take it from each other at the same moment."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import AuditEntry, Person, Role, StaffSession, Via
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.people import logins, people, staff
from common.permissions import Actor
from tests.support.cast import AVI, RINA, Member, acts, hire

OLGA = Member("Olga", "ru", Role.MANAGER, username="olga")
HOST = Actor(None, Role.MANAGER, Via.COMMAND)


def test_of_two_managers_who_remove_each_other_at_once_one_stays(any_database: Database) -> None:
    pair = [hire(any_database, AVI), hire(any_database, OLGA)]
    ready, refused = threading.Barrier(2), []

    def remove(mine: Person, theirs: Person) -> None:
        ready.wait(10)
        try:
            with any_database.write() as session:
                people.archive(session, acts(mine), theirs.id)
        except InvalidInput as error:
            refused.append(error.code)

    threads = [threading.Thread(target=remove, args=each) for each in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert refused == ["last_manager"]
    with any_database.read() as session:
        left = select(func.count()).where(Person.role == Role.MANAGER, Person.archived_at.is_(None))
        assert session.scalar(left) == 1


def test_whoever_loses_the_desk_is_signed_out_and_the_audit_says_who_did_it(any_database: Database) -> None:
    avi, rina = hire(any_database, AVI), hire(any_database, RINA)
    with any_database.write() as session:
        logins.open_session(session, rina.id, "a browser")
        staff.change_role(session, acts(avi), rina.id, Role.MECHANIC, expected_version=1)
    with any_database.read() as session:
        assert staff.browsers(session, rina.id) == []
        assert session.scalars(select(StaffSession.revoked_at)).one() is not None
        told = session.scalars(select(AuditEntry).where(AuditEntry.kind == "person.role")).one()
        assert (told.actor_id, told.subject_id, told.name, told.version) == (avi.id, rina.id, "Rina", 2)
        assert told.arguments == {"changes": {"role": ["storekeeper", "mechanic"]}}
    with any_database.write() as session, pytest.raises(StaleVersion):
        staff.change_role(session, acts(avi), rina.id, Role.MANAGER, expected_version=1)


def test_only_a_manager_gives_roles_and_nobody_gets_one_who_is_gone(database: Database) -> None:
    rina = hire(database, RINA)
    with database.write() as session, pytest.raises(Forbidden):
        staff.change_role(session, acts(rina), rina.id, Role.MANAGER, expected_version=1)
    with database.write() as session:
        people.archive(session, HOST, rina.id)
        with pytest.raises(InvalidInput, match="archived"):
            staff.change_role(session, HOST, rina.id, Role.MANAGER, expected_version=2)
