"""A real desk for the real Chromium of tests/support/chromium.py to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from common.database.engine import Database
from common.database.models import Person
from common.people import logins
from tests.stations.standing import Desks
from tests.support.cast import AVI, DIMA, NOA, PASSWORD, RINA, Member, hire
from tests.support.chromium import DEADLINE
from tests.webapp.desks import SECRET_KEY, environment
from tests.webapp.live_server import Served, serving
from webapp.web.callers import sessions


@dataclass
class Desk:
    """A desk in a browser: its process, its database, the people in it, and what the console complained of."""

    served: Served
    browser: Browser
    database: Database
    people: dict[str, Person]
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.served.url

    def visit(
        self, member: Member | None = AVI, path: str = "/", language: str | None = None, **options: object
    ) -> Page:
        """A page of a fresh browser in which this member is signed in."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(DEADLINE)
        self.contexts.append(context)
        if member is not None:
            context.add_cookies([{"name": "desk", "value": self._session(member, language), "url": self.url}])
        elif language:
            context.add_cookies([{"name": "language", "value": language, "url": self.url}])
        page = self.tab(context)
        page.goto(self.url + path)
        return page

    def tab(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _session(self, member: Member, language: str | None) -> str:
        with self.database.write() as session:
            person = session.get_one(Person, self.people[member.name].id)
            person.language = language or member.language
            return sessions.signed_cookie(logins.open_session(session, person.id, "a browser"), SECRET_KEY)


@pytest.fixture(scope="session")
def desks(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    standing = Desks(sqlite_template, tmp_path_factory.mktemp("desks"))
    yield standing
    standing.close()


@pytest.fixture
def open_desk(
    browser: Browser, desks: Desks, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Desk]]:
    """Opens a desk with its cast. Whatever the console complains of fails the test, unless the test takes it.

    With a `port` it is a process of its own, on the test's own database: for tests that kill it.
    """
    opened: list[Desk] = []
    leave: list[Callable[[], object]] = []

    def open_(port: int | None = None, **settings: str) -> Desk:
        if port is None:
            standing = desks.as_new(settings)
            served, database = standing.served, standing.database
        else:
            database = request.getfixturevalue("database")
            url = request.getfixturevalue("database_url")
            process = serving(environment(url, **settings), tmp_path / "web.log", port)
            served = process.__enter__()
            leave.append(lambda: process.__exit__(None, None, None))
        people = {m.name: hire(database, m, password=PASSWORD if m.username else None) for m in (DIMA, NOA, RINA, AVI)}
        opened.append(Desk(served, browser, database, people))
        return opened[-1]

    yield open_
    for desk in opened:
        for context in desk.contexts:
            context.close()
    for end in leave:
        end()
    assert [complaint for desk in opened for complaint in desk.complaints] == []


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()
