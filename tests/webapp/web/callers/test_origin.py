"""Requests that change something come from our own pages only. Generated from the table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from common.database.engine import Database
from common.database.models import OrderState, Person, StaffSession
from common.orders.moves import Move
from tests.webapp.desks import place, state
from tests.webapp.visitor import OWN, Visitor

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://["},
    {"Origin": "://"},
    {"Origin": "localhost"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {},
]


def unsafe(app: Flask) -> list[Rule]:
    rules = app.url_map.iter_rules()
    changing = [rule for rule in rules if rule.methods and "POST" in rule.methods]
    # Telegram has its secret, programs their bearer tokens: neither sends a cookie, so no foreign page can use one.
    return [r for r in changing if r.endpoint != "telegram.webhook" and not r.rule.startswith("/api/")]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_changes_nothing(
    storekeeper: Visitor, database: Database, dima: Person, headers: dict[str, str]
) -> None:
    order = place(database, dima)
    for rule in unsafe(storekeeper.app):
        path = re.sub("<[^>]*>", str(order.id), rule.rule)
        answer = storekeeper.post(path, {"move": Move.TAKE, "version": "1"}, headers)
        assert answer.status_code == 403, path
    assert state(database, order.id).state is OrderState.NEW
    with database.read() as session:
        assert session.scalars(select(StaffSession.revoked_at)).all() == [None]


@pytest.mark.parametrize("headers", [OWN, {"Origin": "http://localhost"}], ids=str)
def test_our_own_page_is_let_in(
    storekeeper: Visitor, database: Database, dima: Person, headers: dict[str, str]
) -> None:
    order = place(database, dima)
    storekeeper.post(f"/orders/{order.id}/moves", {"move": Move.TAKE, "version": "1"}, headers)
    assert state(database, order.id).state is OrderState.IN_WORK


PUBLIC = "https://desk.example.com"


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        (PUBLIC, "desk.example.com", 303),
        (f"{PUBLIC}:443", "desk.example.com", 303),
        (PUBLIC, "internal:8080", 303),
        ("http://desk.example.com", "desk.example.com", 403),
        ("http://desk.example.com:443", "desk.example.com", 403),
        (f"{PUBLIC}:8443", "desk.example.com:8443", 403),
        ("https://user@desk.example.com", "desk.example.com", 403),
        ("https://desk.example.com.evil.example", "desk.example.com", 403),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", 303),
        ("https://127.0.0.1:8080", "127.0.0.1:8080", 403),
        ("http://127.0.0.1:8081", "127.0.0.1:8080", 403),
    ],
)
def test_scheme_host_and_port_of_the_public_address_count(
    make_app: Callable[..., Flask], origin: str, host: str, status: int
) -> None:
    """A browser that does not say Sec-Fetch-Site."""
    visitor = Visitor(make_app(PUBLIC_URL=PUBLIC, TRUSTED_HOSTS="internal"))
    answer = visitor.post("/account/theme", {"theme": "dark"}, {"Origin": origin, "Host": host})
    assert answer.status_code == status
