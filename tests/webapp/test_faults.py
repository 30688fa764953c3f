"""Error pages: in the reader's language, with what to do, without a word of our code."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from common.database import Database
from tests.webapp.visitor import Visitor
from webapp import faults


@pytest.mark.parametrize("code", sorted(faults.PAGES))
def test_each_error_has_a_page_that_says_what_to_press(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        answer = faults.page(code)
    assert answer.status_code == code
    page = answer.get_data(as_text=True)
    assert str(code) in page
    assert '<a class="button main"' in page


def test_a_surprise_is_a_500_without_a_traceback(manager: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    manager.app.view_functions["board.page"] = lambda: 1 / 0
    answer = manager.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_is_busy_is_a_503(manager: Visitor, database: Database) -> None:
    with database.write() as session:
        session.execute(text("ALTER TABLE orders RENAME TO orders_away"))
    answer = manager.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Traceback" not in answer.text


def test_the_error_speaks_the_readers_language(storekeeper: Visitor) -> None:
    answer = storekeeper.get("/nothing")
    assert answer.status_code == 404
    assert 'dir="rtl"' in answer.text


def test_a_foreign_request_is_told_why(manager: Visitor) -> None:
    assert "did not come from a page of this desk" in manager.post("/logout", headers={}).text
