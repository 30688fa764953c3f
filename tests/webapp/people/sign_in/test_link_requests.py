"""Requests for a link in Telegram: what strangers can have sent, and what they learn from the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from common import clock
from common.database.engine import Database
from common.database.models import LoginLink, OutboxRow, Person, ThrottleCount
from common.people import login_links, people
from common.throttling.limits import LIMITS, Kind
from tests.support.cast import PASSWORD, RINA, hire
from tests.webapp.desks import OpenApp
from tests.webapp.people.sign_in.clients import Client, address
from webapp.web.callers import afterwards
from webapp.web.context import EXTENSION

FREE, FREE_OF_BROWSER = LIMITS[Kind.LINK_NETWORK].free, LIMITS[Kind.LINK_BROWSER].free
MINUTES = login_links.LIFE + timedelta(seconds=1)


@pytest.fixture
def app(app_on: OpenApp, any_database: Database, any_database_url: str) -> Flask:
    """A desk behind one proxy."""
    return app_on(any_database, any_database_url, PUBLIC_URL="https://desk.example.com")


@pytest.fixture(autouse=True)
def rina(any_database: Database) -> Person:
    person = hire(any_database, RINA, password=PASSWORD)
    with any_database.write() as session:
        people.link(session, session.get_one(Person, person.id), 4001)
    return person


@pytest.fixture
def rings(app: Flask, any_database: Database) -> Callable[[], int]:
    """How many links were sent."""

    def count() -> int:
        finish(app)
        with any_database.read() as session:
            return session.scalar(select(func.count()).where(OutboxRow.kind == "reply.login_link")) or 0

    return count


def finish(app: Flask) -> None:
    """Wait for the work after the answers."""
    done = Event()
    assert app.extensions[EXTENSION].afterwards.put(done.set)
    assert done.wait(5)


def path_of_last(app: Flask, database: Database) -> str:
    finish(app)
    with database.read() as session:
        newest = select(OutboxRow).where(OutboxRow.kind == "reply.login_link").order_by(OutboxRow.id.desc())
        row = session.scalars(newest).first()
        assert row is not None
        return str(row.arguments["url"]).removeprefix("https://desk.example.com")


def test_one_link_waits_at_a_time_whoever_asks(app: Flask, rings: Callable[[], int]) -> None:
    for number in range(5):
        assert Client(app, address(number)).ask_for_link().status_code == 200
    assert rings() == 1


def test_strangers_ring_a_few_times_a_day(app: Flask, rings: Callable[[], int]) -> None:
    for number in range(30):
        with clock.travel(MINUTES * number):
            Client(app, address(number)).ask_for_link()
            finish(app)
    assert rings() == login_links.MOST_UNUSED
    with clock.travel(timedelta(days=1, minutes=6)):
        Client(app).ask_for_link()
        assert rings() == login_links.MOST_UNUSED + 1


def test_links_that_are_used_do_not_count(app: Flask, any_database: Database, rings: Callable[[], int]) -> None:
    for number in range(login_links.MOST_UNUSED * 2):
        owner = Client(app, address(number))
        owner.ask_for_link()
        assert owner.post(path_of_last(app, any_database)).status_code == 303
    assert rings() == login_links.MOST_UNUSED * 2


def test_a_known_browser_gets_its_link_whatever_strangers_did(
    app: Flask, any_database: Database, rings: Callable[[], int]
) -> None:
    owner = Client(app)
    owner.sign_in()
    owner.post("/logout")
    for number in range(login_links.MOST_UNUSED):
        with clock.travel(MINUTES * number):
            Client(app).ask_for_link()
            finish(app)
    for number in range(FREE):
        Client(app).ask_for_link(f"nobody{number}")
    assert Client(app).ask_for_link().status_code == 429
    assert owner.ask_for_link().status_code == 200
    assert rings() == login_links.MOST_UNUSED + 1
    assert owner.post(path_of_last(app, any_database)).status_code == 303


def test_a_newer_link_of_a_known_browser_ends_the_older_one(
    app: Flask, any_database: Database, rings: Callable[[], int]
) -> None:
    owner = Client(app)
    owner.sign_in()
    owner.post("/logout")
    owner.ask_for_link()
    older, asked = path_of_last(app, any_database), owner.cookie("__Host-asked")
    owner.ask_for_link()
    assert rings() == 2
    owner.set_cookie("__Host-asked", asked)
    assert owner.post(older).status_code == 410


def test_a_known_browser_cannot_ring_all_day_either(app: Flask, rings: Callable[[], int]) -> None:
    thief = Client(app)
    thief.sign_in()
    thief.post("/logout")
    codes = [thief.ask_for_link().status_code for _ in range(FREE_OF_BROWSER + 1)]
    assert codes == [200] * FREE_OF_BROWSER + [429]
    assert rings() == FREE_OF_BROWSER


@pytest.mark.parametrize("name", ["rina", "nobody"])
def test_too_many_requests_of_a_network_are_told_so_whatever_the_name(app: Flask, name: str) -> None:
    codes = [Client(app, f"2001:db8:0:1::{number:x}").ask_for_link(name).status_code for number in range(FREE + 1)]
    assert codes == [200] * FREE + [429]
    answer = Client(app, "2001:db8:0:1::ffff").ask_for_link(name)
    assert int(answer.headers["Retry-After"]) > 0
    assert "Try again in 1 minute" in answer.text


def statements_of(database: Database, ask: Callable[[], object]) -> list[str]:
    """The statements of one request, in the thread that answers it."""
    seen: list[str] = []

    def notice(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", notice)
    ask()
    event.remove(database.engine, "before_cursor_execute", notice)
    return seen


def test_the_answer_takes_the_same_work_for_every_name(
    app: Flask, any_database: Database, rings: Callable[[], int]
) -> None:
    """Whatever differs is done after the answer: here it is not done before all have been answered."""
    go = Event()
    app.extensions[EXTENSION].afterwards.put(go.wait)
    client = Client(app)
    client.ask_for_link("warm up")
    work = {
        name: statements_of(any_database, partial(client.ask_for_link, name))
        for name in ("rina", "nobody", " RINA ", "x" * 300, "")
    }
    go.set()
    assert len({tuple(statements) for statements in work.values()}) == 1
    assert rings() == 1


def test_whoever_has_to_wait_costs_no_write(app: Flask, any_database: Database) -> None:
    for number in range(FREE):
        Client(app).ask_for_link(f"nobody{number}")
    finish(app)
    statements = statements_of(any_database, lambda: Client(app).ask_for_link())
    assert {statement.split(" FROM")[0].split()[0] for statement in statements} <= {"SELECT", "BEGIN", "PRAGMA"}, (
        statements
    )
    assert "BEGIN IMMEDIATE" not in statements


def test_a_flood_leaves_few_rows(app: Flask, any_database: Database, rings: Callable[[], int]) -> None:
    for number in range(60):
        Client(app, address(number % 5)).ask_for_link(f"nobody{number}")
    assert rings() == 0
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(ThrottleCount)) == 5
        assert session.scalar(select(func.count()).select_from(LoginLink)) == 0


def test_when_too_much_waits_the_desk_says_that_it_is_busy(app: Flask) -> None:
    go = Event()
    work = app.extensions[EXTENSION].afterwards
    while work.put(go.wait):
        pass
    assert Client(app).ask_for_link().status_code == 503
    go.set()


def test_work_that_fails_does_not_stop_what_comes_after(caplog: pytest.LogCaptureFixture) -> None:
    work, done = afterwards.Afterwards(), Event()
    work.put(lambda: [][0])
    work.put(done.set)
    work.shutdown()
    assert done.is_set()
    assert "Work after an answer failed" in caplog.text
