"""Sign-ins and failures are recorded and logged, a new browser is told, and a browser has one session."""

from __future__ import annotations

import logging

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Login, LoginLink, OutboxRow, Person, SignIn, SignInKind, StaffSession
from common.facts.messages import LoginLinkSent, NewBrowser
from common.people import logins, people
from tests.support.cast import PASSWORD, RINA, hire
from tests.support.waiting import eventually
from tests.webapp.visitor import OWN, Visitor

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def rina(database: Database) -> Person:
    person = hire(database, RINA, password=PASSWORD)
    with database.write() as session:
        people.choose_language(session, session.get_one(Person, person.id), "en")
    return person


def sign_in(visitor: Visitor, password: str = PASSWORD, username: str = "rina", agent: str = CHROME) -> int:
    form = {"username": username, "password": password}
    return visitor.post("/login", form, headers={**OWN, "User-Agent": agent}).status_code


def recorded(database: Database) -> list[tuple[int | None, SignInKind, int]]:
    with database.read() as session:
        return [(row.person_id, row.kind, row.count) for row in session.scalars(select(SignIn).order_by(SignIn.id))]


def test_sign_ins_failures_and_lock_outs_are_recorded_and_logged_without_a_name(
    stranger: Visitor, database: Database, rina: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert sign_in(stranger) == 303
    assert [sign_in(Visitor(stranger.app), "wrong", "mallory-x") for _ in range(2)] == [401, 401]
    codes = [sign_in(Visitor(stranger.app), "wrong") for _ in range(12)]
    assert codes[-3:] == [429] * 3
    failures = codes.count(401)
    assert recorded(database) == [
        (rina.id, SignInKind.PASSWORD, 1),
        (None, SignInKind.FAILED, 2),
        (rina.id, SignInKind.FAILED, failures),
        (rina.id, SignInKind.PAUSED, 1),
    ]
    assert f"Person {rina.id} signed in by password from 127.0.0.1" in caplog.text
    assert f"A sign-in of person {rina.id} from 127.0.0.1 was refused: failed" in caplog.text
    assert "A sign-in with an unknown name from 127.0.0.1 was refused: failed" in caplog.text
    assert f"A sign-in of person {rina.id} from 127.0.0.1 was refused: paused" in caplog.text
    assert "mallory" not in caplog.text
    assert "rina" not in caplog.text


def test_the_account_shows_the_last_sign_ins(stranger: Visitor, rina: Person) -> None:
    sign_in(Visitor(stranger.app), "wrong")
    sign_in(stranger)
    page = stranger.text("/account")
    assert "Last sign-ins" in page
    assert "Wrong password" in page
    assert "<bdi>Chrome, Windows</bdi>" in page
    assert "127.0.0.1" in page


def test_a_new_browser_is_told_in_telegram_and_on_the_pages_once(
    app: Flask, stranger: Visitor, database: Database, rina: Person
) -> None:
    with database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4001)
        session.get_one(Person, rina.id).has_access_news = False
    second = Visitor(app)
    sign_in(stranger)
    assert "a new browser signed in" not in stranger.text("/")
    sign_in(second)
    sign_in(second)
    assert "a new browser signed in" in stranger.text("/")
    with database.read() as session:
        told = session.scalars(select(OutboxRow).where(OutboxRow.kind == "reply.new_browser")).one()
        assert NewBrowser.read(told.arguments).browser == "Chrome, Windows"


def test_what_an_unknown_browser_calls_itself_is_in_no_message(
    app: Flask, stranger: Visitor, database: Database, rina: Person
) -> None:
    sign_in(stranger)
    sign_in(Visitor(app), agent="Ring 555 to unlock")
    with database.read() as session:
        assert session.scalars(select(SignIn.browser).order_by(SignIn.id)).all() == ["Chrome, Windows", ""]


def test_a_new_sign_in_ends_the_former_session_of_the_same_browser(
    stranger: Visitor, database: Database, rina: Person
) -> None:
    sign_in(stranger)
    former = stranger.client.get_cookie("desk")
    sign_in(stranger)
    copy = Visitor(stranger.app)
    assert former is not None
    copy.client.set_cookie("desk", former.value)
    assert (stranger.get("/").status_code, copy.get("/").status_code) == (200, 303)
    with database.read() as session:
        assert len([row for row in session.scalars(select(StaffSession)) if row.revoked_at is None]) == 1


def test_a_hash_of_a_lower_cost_is_made_anew_when_its_password_is_given(
    stranger: Visitor, database: Database, rina: Person
) -> None:
    with database.write() as session:
        cheap = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
        session.get_one(Login, rina.id).password_hash = cheap
    sign_in(stranger)
    with database.read() as session:
        kept = session.get_one(Login, rina.id).password_hash
    assert not logins.HASHER.check_needs_rehash(kept)
    assert logins.password_matches(PASSWORD, kept)
    assert stranger.get("/").status_code == 200


def test_a_link_in_telegram_says_who_asked_and_is_tied_to_its_chat(
    stranger: Visitor, database: Database, rina: Person
) -> None:
    with database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4001)
    stranger.post("/login/link", {"username": "rina"}, headers={**OWN, "User-Agent": CHROME})

    def sent() -> LoginLinkSent | None:
        with database.read() as session:
            row = session.scalar(select(OutboxRow).where(OutboxRow.kind == "reply.login_link"))
            return LoginLinkSent.read(row.arguments) if row is not None else None

    facts = eventually(sent)
    assert (facts.browser, facts.network) == ("Chrome, Windows", "127.0.0.1")
    path = facts.url.removeprefix("http://localhost")
    assert stranger.get(path).status_code == 200
    with database.write() as session:  # as if nobody had ended it
        session.get_one(Person, rina.id).telegram_id = 4002
    assert stranger.get(path).status_code == 410
    assert stranger.post(path).status_code == 410
    with database.read() as session:
        assert session.scalars(select(LoginLink.used_at)).one() is None


def test_unlinking_ends_the_browser_that_a_link_to_that_chat_signed_in(
    stranger: Visitor, database: Database, rina: Person
) -> None:
    with database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4001)
        session.get_one(Person, rina.id).has_access_news = False
    sign_in(stranger)
    with database.write() as session:
        session.scalars(select(StaffSession)).one().chat_id = 4001
    assert stranger.get("/").status_code == 200
    with database.write() as session:
        people.link(session, session.get_one(Person, rina.id), 4002)
    assert stranger.get("/").status_code == 303
