"""Health and metrics: what everybody may know, and what only the holder of the token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from common import clock
from common.database.engine import Database
from common.database.models import Person
from common.messaging import processes
from tests.webapp.desks import METRICS_TOKEN, place
from tests.webapp.visitor import Visitor

TOKEN = {"Authorization": f"Bearer {METRICS_TOKEN}"}


def beat(database: Database) -> None:
    with database.write() as session:
        processes.record_heartbeat(session, "daemon-1", "daemon", clock.utcnow(), {})


def test_live_and_ready(stranger: Visitor) -> None:
    assert stranger.get("/health/live").json == {"status": "live"}
    assert stranger.get("/health/ready").json == {"status": "ready"}


def test_the_system_is_well_while_the_daemon_beats(stranger: Visitor, database: Database) -> None:
    assert stranger.get("/health/system").status_code == 503
    beat(database)
    assert stranger.get("/health/system").status_code == 200
    with clock.travel(timedelta(seconds=61)):
        assert stranger.get("/health/system").status_code == 503
        assert stranger.get("/health/ready").status_code == 200


def test_an_old_schema_is_not_ready(stranger: Visitor, database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000_before'"))
    answer = stranger.get("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "schema"})


def test_details_need_the_token(stranger: Visitor, database: Database) -> None:
    beat(database)
    assert list(stranger.get("/health/system").json or {}) == ["status"]
    details = stranger.get("/health/system", headers=TOKEN).json or {}
    assert details["outbox_depth"] == 0
    assert details["daemon_heartbeat_age"] < 60


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", f"Basic {METRICS_TOKEN}", "Bearer ünï"])
def test_metrics_need_the_token(stranger: Visitor, given: str | None) -> None:
    answer = stranger.get("/metrics", headers={"Authorization": given} if given is not None else {})
    assert answer.status_code == 401


def test_without_a_token_in_the_settings_metrics_are_closed(make_app: Callable[..., Flask]) -> None:
    visitor = Visitor(make_app(METRICS_TOKEN=""))
    assert visitor.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_metrics_count_orders_and_messages(stranger: Visitor, database: Database, dima: Person) -> None:
    beat(database)
    place(database, dima)
    text_ = stranger.get("/metrics", headers=TOKEN).text
    for wanted in ('felix_orders{state="new"} 1.0', "felix_outbox_depth 1.0", "felix_inbox_depth 0.0"):
        assert wanted in text_


def test_the_operators_page_names_what_does_not_fit(manager: Visitor, database: Database) -> None:
    assert "No daemon runs" in manager.text("/system")
    beat(database)
    page = manager.text("/system")
    assert "The daemon runs" in page
    assert "There is no doorbell" in page
