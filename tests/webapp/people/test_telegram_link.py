"""One-time links at the desk: one's own Telegram, somebody with a new phone, new staff with a password of their own."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from common.clock import utcnow
from common.database.engine import Database
from common.database.models import Bot, Chat, Person, Role
from common.people import invitations, logins, people
from common.people.invitations import InvitationRefused, RefusalReason
from tests.support.cast import PASSWORD, RINA, hire
from tests.webapp.desks import place
from tests.webapp.visitor import Visitor

PROOF = {"present": PASSWORD}


@pytest.fixture
def rina(database: Database) -> Person:
    return hire(database, RINA, password=PASSWORD)


@pytest.fixture(autouse=True)
def bot(database: Database) -> None:
    with database.write() as session:
        session.add(
            Bot(bot_id=7, username="felix_bot", name="Felix", link_base="https://t.me", active_at=utcnow(), webhook={})
        )


def code_in(page: str) -> str:
    found = re.search(r"https://t\.me/felix_bot\?start=([A-Za-z0-9_-]{16,64})\"", page)
    assert found, page
    return found[1]


def opened(database: Database, code: str, telegram_id: int) -> Person | InvitationRefused:
    with database.write() as session:
        return invitations.accept(session, code, telegram_id=telegram_id, language="en")


def test_a_storekeeper_links_their_telegram_and_takes_it_off_again(
    storekeeper: Visitor, database: Database, rina: Person
) -> None:
    assert 'action="/account/telegram"' in storekeeper.text("/account")
    page = storekeeper.post("/account/telegram", PROOF).text
    assert "<svg" in page[page.index('class="qr"') :]
    came = opened(database, code_in(page), 77)
    assert isinstance(came, Person)
    assert came.id == rina.id
    assert 'formaction="/account/telegram/unlink"' in storekeeper.text("/account")
    assert storekeeper.post("/account/telegram/unlink", PROOF).status_code == 303
    with database.read() as session:
        assert people.by_telegram(session, 77) is None
    assert "/account/telegram/unlink" not in storekeeper.text("/account")


def test_a_link_is_never_shown_again_and_the_newest_counts(storekeeper: Visitor, database: Database) -> None:
    first = code_in(storekeeper.post("/account/telegram", PROOF).text)
    second = code_in(storekeeper.post("/account/telegram", PROOF).text)
    assert first not in storekeeper.text("/people") + storekeeper.text("/account")
    assert opened(database, first, 77) == InvitationRefused(RefusalReason.REVOKED)
    assert isinstance(opened(database, second, 77), Person)


def test_an_account_that_cannot_be_reached_says_so(storekeeper: Visitor, database: Database, rina: Person) -> None:
    with database.write() as session:
        session.get_one(Person, rina.id).telegram_id = 77
        session.add(Chat(chat_id=77, unreachable="blocked"))
    assert 'data-tone="bad"' in storekeeper.text("/account")


def test_a_mechanic_who_cannot_be_reached_gets_a_new_link(
    storekeeper: Visitor, database: Database, dima: Person
) -> None:
    with database.write() as session:
        session.add(Chat(chat_id=1001, unreachable="blocked"))
    assert f"/people/{dima.id}/invitations" in storekeeper.text("/people")
    came = opened(database, code_in(storekeeper.post(f"/people/{dima.id}/invitations").text), 2001)
    assert isinstance(came, Person)
    assert (came.id, came.telegram_id) == (dima.id, 2001)


def test_the_page_of_an_order_offers_a_new_link_where_its_mechanic_cannot_be_reached(
    storekeeper: Visitor, database: Database, dima: Person
) -> None:
    order, form = place(database, dima), f'action="/people/{dima.id}/invitations"'
    assert form not in storekeeper.text(f"/orders/{order.id}")
    with database.write() as session:
        session.add(Chat(chat_id=1001, unreachable="blocked"))
    assert form in storekeeper.text(f"/orders/{order.id}")


def test_a_storekeeper_makes_no_link_of_a_manager_and_nobody_one_of_somebody_removed(
    storekeeper: Visitor, manager: Visitor, database: Database, avi: Person, dima: Person
) -> None:
    assert f"/people/{avi.id}/invitations" not in storekeeper.text("/people")
    assert storekeeper.post(f"/people/{avi.id}/invitations").status_code == 403
    manager.post(f"/people/{dima.id}/archive")
    assert manager.post(f"/people/{dima.id}/invitations").status_code == 404
    assert f"/people/{dima.id}/invitations" not in manager.text("/people?show=archived")


# New staff ------------------------------------------------------------------------------------------------------------


def invited(manager: Visitor, role: str = "storekeeper") -> str:
    page = manager.post("/people/invitations", {"name": "Mika", "role": role, "language": ""})
    assert page.status_code == 201, page.text
    found = re.search(r"http://localhost(/welcome/[A-Za-z0-9_-]{16,64})\"", page.text)
    assert found
    return found[1]


def test_a_new_storekeeper_comes_in_by_a_link_once(
    app: Flask, manager: Visitor, stranger: Visitor, database: Database
) -> None:
    path = invited(manager)
    assert "Welcome, <bdi>Mika</bdi>" in stranger.text(path)
    assert stranger.get(path).status_code == 200, "looking at it uses nothing up"
    answer = stranger.post(path, {"username": "Mika", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert stranger.get("/").status_code == 200, "signed in"
    with database.read() as session:
        number, password_hash = logins.find(session, "mika")
        assert number is not None
        assert session.get_one(Person, number).role is Role.STOREKEEPER
        assert logins.password_matches(PASSWORD, password_hash)
    second = Visitor(app)
    assert second.get(path).status_code == 410
    assert second.post(path, {"username": "other", "password": PASSWORD}).status_code == 410


@pytest.mark.parametrize(
    ("username", "password"),
    [("mika", "short"), ("", PASSWORD), ("two words", PASSWORD), ("avi2", "x" * 201), ("\x07", PASSWORD)],
)
def test_what_cannot_be_taken_is_said_and_the_link_stays_good(
    manager: Visitor, stranger: Visitor, database: Database, username: str, password: str
) -> None:
    path = invited(manager)
    answer = stranger.post(path, {"username": username, "password": password})
    assert answer.status_code == 400
    assert stranger.post(path, {"username": "mika", "password": PASSWORD}).status_code == 303


def test_a_username_that_is_taken_is_refused(
    manager: Visitor, stranger: Visitor, database: Database, rina: Person
) -> None:
    with database.write() as session:
        logins.set_password(session, session.get_one(Person, rina.id), "rina", PASSWORD)
    answer = stranger.post(invited(manager), {"username": "RINA", "password": PASSWORD})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("code", ["x", "x" * 22, "x" * 500, "%00", "..%2f"])
def test_a_link_that_does_not_exist_leads_nowhere(stranger: Visitor, code: str) -> None:
    assert stranger.get(f"/welcome/{code}").status_code in (400, 404, 410)
    assert stranger.post(f"/welcome/{code}", {"username": "a", "password": PASSWORD}).status_code in (400, 404, 410)


def test_the_desk_has_no_way_in_by_a_link_for_the_chat(
    storekeeper: Visitor, stranger: Visitor, database: Database, dima: Person
) -> None:
    code = code_in(storekeeper.post(f"/people/{dima.id}/invitations").text)
    assert stranger.post(f"/welcome/{code}", {"username": "thief", "password": PASSWORD}).status_code == 410


def test_a_storekeeper_invites_no_staff(storekeeper: Visitor, database: Database) -> None:
    assert '<select id="role"' not in storekeeper.text("/people")
    answer = storekeeper.post("/people/invitations", {"name": "Mika", "role": "manager"})
    assert answer.status_code == 403
    assert storekeeper.post("/people/invitations", {"name": "Mika", "role": "king"}).status_code == 400
    with database.read() as session:
        assert session.scalars(select(Person).where(Person.name == "Mika")).all() == []
