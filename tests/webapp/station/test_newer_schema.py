"""A desk that runs while a newer program changes the schema answers nobody any more, and says so."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from common.database.engine import Database
from tests.webapp.desks import METRICS_TOKEN, WEBHOOK_SECRET
from tests.webapp.visitor import Visitor
from webapp.web.context import EXTENSION


def name_too_old(app: Flask, database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE schema_floor SET oldest = '9999_later'"))
    app.extensions[EXTENSION].schema_watch.look()


@pytest.mark.parametrize("path", ["/", "/orders", "/login", "/orders/1", "/board/columns", "/events", "/nothing"])
def test_every_page_says_that_the_desk_is_being_updated(
    manager: Visitor, database: Database, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    name_too_old(manager.app, database)
    answer = manager.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "is being updated" in answer.text
    assert "needs code for 9999_later or newer" in caplog.text


def test_it_is_said_in_the_browsers_language_and_with_its_styles(stranger: Visitor, database: Database) -> None:
    name_too_old(stranger.app, database)
    answer = stranger.get("/", headers={"Accept-Language": "he"})
    assert 'dir="rtl"' in answer.text
    with stranger.get("/static/desk.css") as styles:
        assert styles.status_code == 200


def test_nothing_is_written_any_more(manager: Visitor, database: Database) -> None:
    name_too_old(manager.app, database)
    assert manager.post("/account/theme", {"theme": "dark"}).status_code == 503
    secret = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    assert manager.post("/telegram/webhook", b"{}", headers=secret).status_code == 503
    answer = manager.get("/api/v1/orders", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")


def test_health_says_what_is_wrong(stranger: Visitor, database: Database) -> None:
    name_too_old(stranger.app, database)
    told = stranger.get("/health/ready", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert told.status_code == 503
    assert "update this program" in told.text
    assert stranger.get("/health/live").status_code == 200


def test_a_newer_schema_that_admits_this_program_changes_nothing(app: Flask, database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    app.extensions[EXTENSION].schema_watch.look()
    assert Visitor(app).get("/login").status_code == 200


def test_a_database_that_does_not_answer_says_nothing_of_the_schema(app: Flask, database: Database) -> None:
    with database.write() as session:
        session.execute(text("ALTER TABLE schema_floor RENAME TO elsewhere"))
    app.extensions[EXTENSION].schema_watch.look()
    assert Visitor(app).get("/login").status_code == 200
