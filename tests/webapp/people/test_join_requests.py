"""Strangers who ask to join, at the desk: who sees them, who decides, and what the second is told."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import JoinRequest, OutboxRow, Person, Role, Via
from common.people import join_requests, people
from common.people.join_requests import State
from common.permissions import Actor
from tests.webapp.visitor import Visitor


def ask(database: Database, telegram_id: int = 1003, name: str = "Charlie") -> int:
    with database.write() as session:
        join_requests.ask(session, telegram_id=telegram_id, name=name, language="he")
        number = session.scalar(select(JoinRequest.id).where(JoinRequest.telegram_id == telegram_id))
    assert number is not None
    return number


def here(database: Database, telegram_id: int = 1003) -> Person | None:
    with database.read() as session:
        return people.by_telegram(session, telegram_id)


def test_a_manager_lets_a_stranger_in_by_a_name_of_their_own(manager: Visitor, database: Database) -> None:
    number = ask(database, name="xX_Charlie_Xx")
    assert "xX_Charlie_Xx" in manager.text("/people")
    answer = manager.post(f"/people/requests/{number}", {"decision": "let_in", "name": "Charlie"})
    assert answer.status_code == 303
    person = here(database)
    assert person is not None
    assert (person.name, person.role, person.language) == ("Charlie", Role.MECHANIC, "he")
    assert "Access requests" not in manager.text("/people")
    with database.read() as session:
        assert session.scalars(select(OutboxRow.kind)).all() == ["reply.let_in"]


def test_a_manager_refuses_a_stranger(manager: Visitor, database: Database) -> None:
    number = ask(database)
    assert manager.post(f"/people/requests/{number}", {"decision": "refuse", "name": "Charlie"}).status_code == 303
    assert here(database) is None
    with database.read() as session:
        assert session.scalars(select(OutboxRow.kind)).all() == ["reply.not_let_in"]


def test_the_second_is_told_what_stands_and_who_decided(manager: Visitor, database: Database, rina: Person) -> None:
    number = ask(database)
    with database.write() as session:
        join_requests.decide(session, Actor(rina.id, Role.MANAGER, Via.BOT), number, State.REFUSED)
    answer = manager.post(f"/people/requests/{number}", {"decision": "let_in", "name": "Charlie"})
    assert answer.status_code == 409
    assert "Charlie was already refused (Rina decided)." in answer.text
    assert manager.post(f"/people/requests/{number}", {"decision": "refuse", "name": "x"}).status_code == 303
    assert here(database) is None


def test_a_name_that_is_none_is_refused_and_the_request_waits(manager: Visitor, database: Database) -> None:
    number = ask(database)
    answer = manager.post(f"/people/requests/{number}", {"decision": "let_in", "name": "x" * 81})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    with database.read() as session:
        assert session.get_one(JoinRequest, number).state is State.ASKED


@pytest.mark.parametrize(("path", "decision", "code"), [("404", "let_in", 404), ("1", "", 400), ("1", "adopt", 400)])
def test_what_makes_no_sense_changes_nothing(
    manager: Visitor, database: Database, path: str, decision: str, code: int
) -> None:
    ask(database)
    assert manager.post(f"/people/requests/{path}", {"decision": decision}).status_code == code
    with database.read() as session:
        assert session.scalars(select(JoinRequest.state)).one() is State.ASKED


def test_a_storekeeper_neither_sees_nor_decides(storekeeper: Visitor, database: Database) -> None:
    number = ask(database)
    assert "Charlie" not in storekeeper.text("/people")
    assert "/people#requests" not in storekeeper.text("/")
    assert storekeeper.post(f"/people/requests/{number}", {"decision": "let_in"}).status_code == 403


def test_the_board_says_that_somebody_asks(manager: Visitor, database: Database) -> None:
    assert "/people#requests" not in manager.text("/")
    ask(database)
    assert "1 person wants to join." in manager.text("/")
    ask(database, 1005)
    assert "2 people want to join." in manager.text("/board/columns")


def test_requests_come_page_by_page(manager: Visitor, database: Database) -> None:
    for number in range(25):
        ask(database, 5000 + number, f"Stranger {number:02}")
    shown, path = [], "/people"
    while path:
        page = manager.text(path)
        shown += re.findall(r'value="(Stranger \d\d)"', page)
        more = re.search(r'href="(/people\?asked_after=\d+)#requests"', page)
        path = more[1] if more else ""
    assert shown == [f"Stranger {number:02}" for number in range(25)]


def test_a_hostile_name_stays_a_name(manager: Visitor, database: Database) -> None:
    ask(database, name='"><script>alert(1)</script>\u202e')
    page = manager.text("/people")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
