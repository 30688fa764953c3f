"""What a problem says is in the language of `Accept-Language`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic_core.core_schema import ErrorType

from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.webapp.api.client import Client, problem
from tests.webapp.desks import move, place
from webapp.api import schema_errors

SCRIPTS = {"en": "^[^а-яא-ת]*[a-z]", "ru": "[а-я]", "he": "[א-ת]"}
NOT_NOW = {
    "en": "The order’s state does not allow it: Handed out.",
    "ru": "Состояние заказа этого не позволяет: Выдан.",
    "he": "מצב ההזמנה אינו מאפשר זאת: נמסרה.",
}
BROKEN = [b"{", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff", b"[" * 5000, b'{"a": ' + b"9" * 5000 + b"}"]
UNFIT: list[tuple[str, str, Any]] = [
    ("POST", "/orders", {"person_id": "x", "vehicle": 7, "lines": {}, "more": 1}),
    ("POST", "/orders", {"person_id": 0, "vehicle": "", "lines": [], "comment": "a\0b"}),
    ("POST", "/orders", {"person_id": 1, "vehicle": "1", "lines": [{"text": "x", "grade": "best", "quantity": 10000}]}),
    ("POST", "/orders/1/moves", {"move": "wait", "expected_on": "tomorrow", "version": 1.5}),
    ("POST", "/orders/moves", {"move": "take", "orders": [{"id": 1, "version": 1}] * 101}),
    ("POST", "/categories", {"names": {"fr": "filtre"}}),
    ("GET", "/orders?limit=1000&state=lost&from=25.11.2026&overdue=yes&cursor=x&q=" + "x" * 400, None),
    ("GET", "/changes?since=yesterday", None),
    ("GET", "/orders?cursor=x", None),
]


@pytest.mark.parametrize("language", NOT_NOW)
def test_why_it_cannot_be_done_now(till: Client, database: Database, dima: Person, avi: Person, language: str) -> None:
    order = place(database, dima)
    for step in (Move.TAKE, Move.READY, Move.ISSUE):
        order = move(database, order.id, step, avi)
    body = {"move": "take", "version": order.version}
    answer = till.send("POST", f"/orders/{order.id}/moves", json=body, headers={"Accept-Language": language})
    told = answer.get_json(force=True)
    assert (told["type"], told["detail"]) == (problem("not-now"), NOT_NOW[language])


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_detail_is_in_the_language_of_the_client(office: Client, language: str) -> None:
    spoken = {"Accept-Language": language}
    requests = [office.send(method, path, json=body, headers=spoken) for method, path, body in UNFIT]
    requests += [
        office.send("POST", "/orders", data=sent, content_type="application/json", headers=spoken) for sent in BROKEN
    ]
    requests.append(office.send("POST", "/orders", json={}, key="a\tb", headers=spoken))
    for answer in requests:
        details = list(details_of(answer.get_json(force=True)))
        assert details, answer.text
        for detail in details:
            assert re.search(SCRIPTS[language], detail), detail


def details_of(told: dict[str, Any]) -> Iterator[str]:
    if "detail" in told:
        yield told["detail"]
    for error in told.get("errors", ()):
        yield error["detail"]


def test_the_texts_name_errors_that_pydantic_has() -> None:
    assert set(schema_errors.TEXTS) <= set(get_args(ErrorType))
