"""Signing in by a link in Telegram: once, by the browser that asked, and nobody learns who is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import LoginLink, OutboxRow, Person, Role
from common.messaging.kinds import spec_of
from common.people import people
from tests.support.cast import PASSWORD, RINA, hire
from tests.webapp.visitor import Visitor
from webapp.web.context import EXTENSION


@pytest.fixture
def rina(database: Database) -> Person:
    person = hire(database, RINA, password=PASSWORD)
    with database.write() as session:
        people.link(session, session.get_one(Person, person.id), 4001)
    return person


def sent(visitor: Visitor, database: Database) -> list[str]:
    """The paths of the links that were sent."""
    answered(visitor)
    with database.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "reply.login_link").order_by(OutboxRow.id))
        return [row.arguments["url"].removeprefix("http://localhost") for row in rows if row.arguments]


def answered(visitor: Visitor) -> None:
    """Wait for the work after the answers."""
    done = Event()
    assert visitor.app.extensions[EXTENSION].afterwards.put(done.set)
    assert done.wait(5)


def asked(visitor: Visitor, database: Database, name: str = "rina") -> str:
    assert visitor.post("/login/link", {"username": name}).status_code == 200
    return sent(visitor, database)[-1]


def test_the_browser_that_asked_signs_in_once(stranger: Visitor, database: Database, rina: Person) -> None:
    path = asked(stranger, database, " RINA ")
    for _look in range(3):
        assert "Rina" in stranger.text(path)
    assert stranger.get("/").status_code == 303
    assert stranger.post(path).location == "/"
    assert stranger.get("/").status_code == 200
    assert stranger.post(path).status_code == 410
    assert sent(stranger, database) == []
    with database.read() as session:
        assert path.rpartition("/")[2] not in session.scalars(select(LoginLink.digest)).one()


def test_another_browser_can_do_nothing_with_it(
    app: Flask, stranger: Visitor, database: Database, rina: Person
) -> None:
    path = asked(stranger, database)
    other = Visitor(app)
    assert other.get(path).status_code == 410
    assert other.post(path).status_code == 410
    other.post("/login/link", {"username": "nobody"})
    assert other.post(path).status_code == 410
    assert stranger.post(path).status_code == 303


def test_whoever_asks_hears_the_same_whatever_the_name(stranger: Visitor, database: Database, rina: Person) -> None:
    def answer(name: str) -> str:
        return stranger.post("/login/link", {"username": name}).text

    assert answer("rina") == answer("nobody") == answer("x" * 300) == answer("")
    assert len(sent(stranger, database)) == 1


def test_who_has_no_telegram_is_archived_or_a_mechanic_gets_none(
    stranger: Visitor, database: Database, rina: Person, dima: Person
) -> None:
    def change(**values: object) -> None:
        with database.write() as session:
            person = session.get_one(Person, rina.id)
            for name, value in values.items():
                setattr(person, name, value)

    path = asked(stranger, database)
    for other in ({"telegram_id": None}, {"archived_at": clock.utcnow()}, {"role": Role.MECHANIC}):
        change(**other)
        stranger.post("/login/link", {"username": "rina"})
        assert len(sent(stranger, database)) == 1
        change(telegram_id=4001, archived_at=None, role=Role.STOREKEEPER)
    change(archived_at=clock.utcnow())
    asking = stranger.client.get_cookie("asked")
    assert asking
    assert stranger.get(path).status_code == 410


def test_it_ends_after_five_minutes(stranger: Visitor, database: Database, rina: Person) -> None:
    path = asked(stranger, database)
    assert spec_of("reply.login_link").expires == timedelta(minutes=5)
    with clock.travel(timedelta(minutes=5, seconds=1)):
        assert stranger.get(path).status_code == 410
        assert stranger.post(path).status_code == 410


def test_a_stranger_who_names_another_host_gets_no_link_to_it(
    make_app: Callable[..., Flask], database: Database, rina: Person
) -> None:
    """Neither under a name that is nobody's, nor under one to which the desk answers beside its own."""
    stranger = Visitor(make_app(TRUSTED_HOSTS="also.example"))
    for host, status in (("evil.example", 421), ("also.example", 404)):
        away = {"Sec-Fetch-Site": "same-origin", "Host": host}
        assert stranger.post("/login/link", {"username": "rina"}, headers=away).status_code == status
        assert sent(stranger, database) == []
        assert "/login/link" not in stranger.get("/login", headers={"Host": host}).text
    assert "/login/link" in stranger.text("/login")
