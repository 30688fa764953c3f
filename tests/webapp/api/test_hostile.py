"""Whatever is sent, the answer is a problem and never a 5xx, and nothing is changed by it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import Event, Order, Person
from tests.webapp.api.client import Client, problem
from tests.webapp.desks import place
from webapp.api.endpoints import Endpoint
from webapp.api.resources import ENDPOINTS

BODIES = [row for row in ENDPOINTS if row.body is not None]
HUGE = object()  # a number of 400 digits
VALUES: list[Any] = [None, True, -1, 1.5, 2**63, HUGE, "", "x" * 5_000, "a\0b", [], {}, [[]], {"a": 1}]
MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "half a surrogate pair": b'{"person_id": 1, "lines": [{"text": "\\ud800"}]}',
    "a name twice": b'{"a": 1, "a": 2}',
    "too deep": b'{"a":' * 9000 + b"1" + b"}" * 9000,
    "arrays too deep": b"[" * 60_000,
    "an endless number": b'{"person_id": ' + b"9" * 60_000 + b"}",
    "no number": b'{"person_id": NaN}',
    "infinite": b'{"person_id": -Infinity}',
}
SHAPELESS = (b"null", b"[]", b'"x"', b"7", b"true", b'{"": 1}', b'{"\\u0000": 1}')


def path_of(endpoint: Endpoint) -> str:
    return re.sub(r"{\w+}", "1", endpoint.path)


def state(database: Database) -> tuple[int, int, int]:
    with database.read() as session:
        counted = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Order, Event)]
        return counted[0], counted[1], session.get_one(Order, 1).version


@pytest.fixture
def station(office: Client, database: Database, dima: Person) -> Client:
    place(database, dima)
    return office


def test_what_is_no_json_is_malformed_everywhere(station: Client, database: Database) -> None:
    before = state(database)
    for endpoint in BODIES:
        for about, body in MALFORMED.items():
            answer = station.send(endpoint.method, path_of(endpoint), data=body, content_type="application/json")
            got = (answer.status_code, answer.get_json()["type"])
            assert got == (400, problem("malformed")), f"{endpoint.name}: {about}: {answer.text[:200]}"
    assert state(database) == before


def test_what_has_another_shape_is_invalid_everywhere(station: Client, database: Database) -> None:
    before = state(database)
    for endpoint in BODIES:
        for body in SHAPELESS:
            answer = station.send(endpoint.method, path_of(endpoint), data=body, content_type="application/json")
            assert answer.status_code == 422, f"{endpoint.name}: {body!r}: {answer.text[:200]}"
    assert state(database) == before


def test_any_value_in_any_field_is_refused_or_harmless(station: Client) -> None:
    """Every field of every body gets every strange value, the others as in the example."""
    for endpoint in BODIES:
        assert endpoint.body is not None
        example = endpoint.body.model_json_schema()["examples"][0]
        for field in endpoint.body.model_fields:
            for value in VALUES:
                sent = "@" if value is HUGE else value
                body = json.dumps({**example, field: sent}).replace('"@"', "9" * 400)  # the encoder's own limit
                answer = station.send(endpoint.method, path_of(endpoint), data=body, content_type="application/json")
                assert answer.status_code < 500, f"{endpoint.name} {field}={str(value)[:40]}: {answer.text[:200]}"
                assert answer.is_json or answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=1&limit=2",
        "cursor=",
        "cursor=x",
        "cursor=%00",
        "cursor=" + "A" * 5000,
        "cursor=WyJhIixbMV1d.x",
        "q=%00",
        "q=%ff%fe%00",
        "q=" + "x" * 81,
        "state=lost",
        "person=0",
        "person=" + "9" * 400,
        "owner=everybody",
        "from=yesterday",
        "from=2026-13-01",
        "to=20261125",
        "overdue=yes",
        "%00=1",
        "a%5B%5D=1",
    ],
)
def test_a_strange_query_is_refused(station: Client, query: str) -> None:
    assert station.get(f"/orders?{query}", 422)["type"] == problem("invalid")


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%ed%a0%80", "q=%F0%9F%94%A7", "q=(((", "q=%25%5F", "from=0001-01-01&to=9999-12-31"]
)
def test_an_unusual_query_finds_nothing_or_something(station: Client, query: str) -> None:
    assert set(station.get(f"/orders?{query}")) == {"items", "next_cursor"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B23:59"])
def test_any_moment_can_be_asked_for(station: Client, moment: str) -> None:
    assert "items" in station.get(f"/changes?since={moment}")


@pytest.mark.parametrize("moment", ["2026-11-25", "2026-11-25T10:00:00", "now", "", "99999-01-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(station: Client, moment: str) -> None:
    station.get(f"/changes?since={moment}", 422)


@pytest.mark.parametrize("name", ["Authorization", "Accept", "Accept-Language", "Content-Type", "Idempotency-Key"])
def test_a_strange_header_is_no_server_error(app: Flask, station: Client, name: str) -> None:
    for value in ("\xff\xfe", "x" * 5000, ";;;,,,=", "*", "a/b/c;q=nine"):
        answer = station.send("POST", "/orders", headers={name: value}, data=b"{}")
        assert 400 <= answer.status_code < 500, f"{name}: {value[:20]}"
        assert answer.mimetype == "application/problem+json"
