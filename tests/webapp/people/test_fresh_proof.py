"""Whoever stands at an open desk for a moment makes no lasting way in; and whoever owns it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import AuditEntry, Bot, Invitation, OutboxRow, Person, SignIn, StaffSession
from common.people import invitations, login_links, people
from tests.support.cast import PASSWORD, RINA, hire
from tests.webapp.desks import signed_in
from tests.webapp.people.test_telegram_link import code_in
from tests.webapp.visitor import OWN, Visitor

PROOF = {"present": PASSWORD}
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
LASTING = ["/account/telegram", "/account/telegram/unlink"]


@pytest.fixture
def rina(database: Database) -> Person:
    person = hire(database, RINA, password=PASSWORD)
    with database.write() as session:
        session.add(
            Bot(
                bot_id=7,
                username="felix_bot",
                name="Felix",
                link_base="https://t.me",
                active_at=clock.utcnow(),
                webhook={},
            )
        )
        known = session.get_one(Person, person.id)
        people.link(session, known, 4001)
        known.language, known.has_access_news = "en", False
    return person


@pytest.fixture
def desk(app: Flask, database: Database, rina: Person) -> Visitor:
    return signed_in(app, database, rina)


def chat(database: Database, rina: Person) -> int | None:
    with database.read() as session:
        return session.get_one(Person, rina.id).telegram_id


def came_by_a_link_to(database: Database, chat_id: int) -> None:
    with database.write() as session:
        session.scalars(select(StaffSession)).one().chat_id = chat_id


@pytest.mark.parametrize("path", LASTING)
@pytest.mark.parametrize("given", [{}, {"present": ""}, {"present": "not her password"}])
def test_nobody_links_or_unlinks_telegram_at_an_open_desk(
    desk: Visitor, database: Database, rina: Person, path: str, given: dict[str, str]
) -> None:
    answer = desk.post(path, given)
    assert answer.status_code == 400
    assert "That is not your present password." in answer.text
    assert chat(database, rina) == 4001
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0
        assert session.scalars(select(SignIn.person_id)).one() == rina.id


def test_guessing_the_password_here_is_slowed_down_too(desk: Visitor, database: Database) -> None:
    codes = [desk.post("/account/telegram", {"present": "guess"}).status_code for _ in range(15)]
    assert codes[-1] == 429
    assert desk.post("/account/telegram", PROOF).status_code == 429


def test_whoever_has_just_come_by_a_link_to_the_present_chat_needs_no_password(
    desk: Visitor, database: Database, rina: Person
) -> None:
    came_by_a_link_to(database, 4001)
    assert 'name="present"' in desk.text("/account").split('id="telegram"')[0], "a new password needs the present one"
    assert 'name="present"' not in desk.text("/account").split('id="telegram"')[1]
    assert desk.post("/account/telegram").status_code == 201
    with clock.travel(login_links.LIFE + timedelta(seconds=1)):
        assert desk.post("/account/telegram").status_code == 400


def test_a_link_to_a_chat_that_is_the_persons_no_more_proves_nothing(desk: Visitor, database: Database) -> None:
    came_by_a_link_to(database, 666)
    assert desk.post("/account/telegram").status_code == 400


def test_a_link_in_telegram_is_no_proof_for_a_new_password(desk: Visitor, database: Database) -> None:
    came_by_a_link_to(database, 4001)
    assert desk.post("/account/password", {"password": "another long password"}).status_code == 400


def test_the_account_and_the_audit_say_when_telegram_was_linked_and_where_it_was_asked_for(
    desk: Visitor, database: Database, rina: Person
) -> None:
    page = desk.post("/account/telegram", PROOF, headers={**OWN, "User-Agent": CHROME}).text
    with database.write() as session:
        invitations.accept(session, code_in(page), telegram_id=4002, language="en")
    assert "asked for in Chrome, Windows." in desk.text("/account")
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "person.linked")).one()
        assert entry.arguments == {"browser": "Chrome, Windows"}
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "reply.unlinked")).one()
        assert told.chat_id == 4001


def test_another_telegram_account_is_told_at_the_desk_until_it_was_read(
    desk: Visitor, database: Database, rina: Person
) -> None:
    assert "another Telegram account was linked" not in desk.text("/")
    with database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4002)
    assert "another Telegram account was linked" in desk.text("/")
    assert 'action="/account/read"' in desk.text("/account")
    assert desk.post("/account/read").status_code == 303
    assert "another Telegram account was linked" not in desk.text("/") + desk.text("/account")


def test_a_thief_with_a_copy_of_the_session_gets_no_telegram_of_theirs_in(
    app: Flask, desk: Visitor, database: Database, rina: Person
) -> None:
    """The whole way: a code asked for before the password was changed opens nothing afterwards."""
    code = code_in(desk.post("/account/telegram", PROOF).text)
    assert desk.post("/account/password", {**PROOF, "password": "another long password"}).status_code == 303
    with database.write() as session:
        came = invitations.accept(session, code, telegram_id=666, language="en")
        assert not isinstance(came, Person)
    assert chat(database, rina) == 4001
