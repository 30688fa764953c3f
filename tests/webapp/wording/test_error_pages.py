"""Error pages: in the reader's language, with what to do, without a word of our code."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from common.database.engine import Database
from common.database.models import Person
from common.settings.config import WebSettings
from tests.webapp.desks import environment, signed_in
from tests.webapp.visitor import Visitor
from webapp.app import create_app
from webapp.web import access
from webapp.wording import error_pages


@pytest.mark.parametrize("code", sorted(error_pages.PAGES))
def test_each_error_has_a_page_that_says_what_to_press(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        answer = error_pages.error_page(code)
    assert answer.status_code == code
    page = answer.get_data(as_text=True)
    assert str(code) in page
    assert '<a class="button main"' in page


def test_a_surprise_is_a_500_without_a_traceback(
    manager: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(manager.app.view_functions, "board.page", access.signed_in(lambda: 1 / 0))
    with caplog.at_level(logging.ERROR, logger="webapp.wording.error_pages"):  # whatever level an earlier test has left
        answer = manager.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_busy_is_a_503(database: Database, database_url: str, avi: Person) -> None:
    impatient = Database(database_url, lock_timeout=0.1)
    app = create_app(WebSettings.from_env(environment(database_url)), impatient)
    visitor = signed_in(app, database, avi)
    with database.write() as session:  # somebody else writes, for longer than this desk waits
        session.execute(text("SELECT 1"))
        answer = visitor.post("/people/invitations", {"name": "Sasha", "language": "ru"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Nothing was changed" in answer.text
    impatient.dispose()


def test_the_error_speaks_the_readers_language(storekeeper: Visitor) -> None:
    answer = storekeeper.get("/nothing")
    assert answer.status_code == 404
    assert 'dir="rtl"' in answer.text


def test_a_foreign_request_is_told_why(manager: Visitor) -> None:
    assert "did not come from a page of this desk" in manager.post("/logout", headers={}).text


@pytest.mark.parametrize("path", ["/login", "/", "/nothing"])
@pytest.mark.parametrize("host", ["x" * 300, "a..b", ".", "ü", "[", "[::1", "a]b", "a b", "<script>"])
def test_a_host_that_is_none_brings_nothing_down(make_app: Callable[..., Flask], path: str, host: str) -> None:
    answer = Visitor(make_app()).get(path, headers={"Host": host})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
