"""Signing in: who gets in, for how long, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from common import clock
from common.database.engine import Database
from common.database.models import Person, Role, StaffSession
from common.people import logins, people
from tests.support.cast import AVI, CHARLIE, PASSWORD, RINA, Member, acts, hire
from tests.webapp.desks import signed_in
from tests.webapp.visitor import Visitor


def sign_in(visitor: Visitor, username: str = "rina", password: str = PASSWORD, target: str = "/") -> TestResponse:
    return visitor.post("/login", {"username": username, "password": password, "next": target})


@pytest.fixture
def rina(database: Database) -> Person:
    return hire(database, RINA, password=PASSWORD)


def test_a_stranger_is_sent_to_the_login_and_back_afterwards(stranger: Visitor, rina: Person) -> None:
    answer = stranger.get("/orders?state=new")
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Forders%3Fstate%3Dnew")
    assert sign_in(stranger, target="/orders?state=new").location == "/orders?state=new"
    assert stranger.get("/").status_code == 200


def test_the_name_may_be_typed_in_any_case(stranger: Visitor, rina: Person) -> None:
    assert sign_in(stranger, " RINA ").status_code == 303


@pytest.mark.parametrize(("username", "password"), [("rina", "wrong"), ("nobody", PASSWORD), ("", ""), ("rina", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    stranger: Visitor, rina: Person, username: str, password: str
) -> None:
    answer = sign_in(stranger, username, password)
    assert answer.status_code == 401
    assert "do not fit together" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_out_of_reach_and_only_its_digest_is_kept(
    stranger: Visitor, rina: Person, database: Database
) -> None:
    cookie = sign_in(stranger).headers["Set-Cookie"]
    assert cookie.startswith("desk=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    value = cookie.split(";")[0].removeprefix("desk=")
    token = value.rpartition(".")[0]
    with database.read() as session:
        kept = session.scalars(select(StaffSession.digest)).all()
    assert value not in kept
    assert token not in kept


def test_a_new_secret_key_signs_everybody_out(make_app: Callable[..., Flask], database: Database, rina: Person) -> None:
    before, after = Visitor(make_app()), Visitor(make_app(SECRET_KEY="another_key_4f8a9c2e7b1d6035"))
    sign_in(before)
    kept = before.client.get_cookie("desk")
    assert kept is not None
    after.client.set_cookie("desk", kept.value)
    assert (before.get("/").status_code, after.get("/").status_code) == (200, 303)


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(make_app: Callable[..., Flask], rina: Person) -> None:
    visitor = Visitor(make_app(PUBLIC_URL="https://desk.example.com"))
    cookie = sign_in(visitor).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    assert "Secure" in cookie
    assert visitor.get("/login").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "/\n/evil",
        "evil",
        "",
    ],
)
def test_nobody_is_redirected_elsewhere(stranger: Visitor, rina: Person, target: str) -> None:
    assert sign_in(stranger, target=target).location == "/"


def test_a_mechanic_has_no_business_at_the_desk(stranger: Visitor, database: Database) -> None:
    hire(database, Member("Dima", "ru", Role.MECHANIC, 1001, "dima"), password=PASSWORD)
    assert sign_in(stranger, "dima").status_code == 403
    assert stranger.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(storekeeper: Visitor) -> None:
    kept = storekeeper.client.get_cookie("desk")
    assert kept is not None
    assert storekeeper.post("/logout").location == "/login"
    storekeeper.client.set_cookie("desk", kept.value)
    assert storekeeper.get("/").status_code == 303


def test_signing_out_everywhere_ends_the_other_browsers_too(
    app: Flask, storekeeper: Visitor, database: Database, rina: Person, manager: Visitor
) -> None:
    other = signed_in(app, database, rina)
    assert other.get("/").status_code == 200
    storekeeper.post("/account/sign-out-everywhere")
    assert other.get("/").status_code == 303
    assert manager.get("/").status_code == 200


@pytest.mark.parametrize("later", [logins.IDLE_LIFE, logins.SESSION_LIFE])
def test_a_session_ends_by_itself(storekeeper: Visitor, later: timedelta) -> None:
    with clock.travel(later + timedelta(seconds=1)):
        assert storekeeper.get("/").status_code == 303


def test_a_session_in_use_goes_on(storekeeper: Visitor) -> None:
    with clock.travel(timedelta(days=2)):
        storekeeper.post("/account/theme", {"theme": "dark"})
        with clock.travel(timedelta(days=2)):
            assert storekeeper.get("/").status_code == 200


def test_somebody_removed_is_out_at_the_next_click(storekeeper: Visitor, database: Database, avi: Person) -> None:
    with database.write() as session:
        rina = session.scalars(select(Person).where(Person.name == "Rina")).one()
        people.archive(session, acts(avi), rina.id)
    assert storekeeper.get("/").status_code == 303


def test_a_session_that_ended_tells_htmx_to_go_to_the_login(stranger: Visitor) -> None:
    answer = stranger.get("/board/columns", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


@pytest.mark.parametrize(
    "cookie", ["", "x", "x" * 5000, "ünïcödé-aber-lang-genug-für-uns", "a b c d e f g h i j k l m n"]
)
def test_a_strange_cookie_is_nobody(stranger: Visitor, cookie: str) -> None:
    assert stranger.get("/", headers={"Cookie": f"desk={cookie}".encode().decode("latin-1")}).status_code == 303


def test_only_the_demo_shows_its_logins_and_they_fit(
    make_app: Callable[..., Flask], rina: Person, database: Database
) -> None:
    hire(database, AVI, password=PASSWORD)
    for settings in ({}, {"FELIX_DEMO_PASSWORD": PASSWORD}, {"FELIX_DEMO": "1"}):
        page = Visitor(make_app(**settings)).text("/login")
        assert "avi" not in page
        assert PASSWORD not in page
    visitor = Visitor(make_app(FELIX_DEMO="1", FELIX_DEMO_PASSWORD=PASSWORD))
    demo = visitor.text("/login")
    assert "avi" in demo
    assert PASSWORD in demo
    assert "DEMO" in demo
    assert sign_in(visitor, "avi", PASSWORD).status_code == 303


def test_whoever_is_signed_in_does_not_see_the_login(storekeeper: Visitor) -> None:
    assert storekeeper.get("/login").location == "/"


def test_each_browser_of_ones_own_is_listed_and_nobody_elses(
    app: Flask, storekeeper: Visitor, database: Database, rina: Person, avi: Person
) -> None:
    signed_in(app, database, rina)
    signed_in(app, database, avi)
    assert storekeeper.text("/account").count("<bdi>a test</bdi>") == 2


def test_charlie_gets_no_further_than_the_login(stranger: Visitor) -> None:
    assert sign_in(stranger, CHARLIE.name).status_code == 401
