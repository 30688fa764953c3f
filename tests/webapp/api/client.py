"""A program that uses the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from common.cli.opening import HOST
from common.database.engine import Database
from common.database.models import Person
from common.people import tokens
from common.people.scopes import Scope

BASE = "/api/v1"
SPOKEN = {"Accept-Language": "en"}


def token(database: Database, person: Person, scopes: Iterable[Scope] = tuple(Scope)) -> str:
    with database.write() as session:
        return tokens.create(
            session, HOST, person=session.get_one(Person, person.id), name="a test", scopes=set(scopes)
        )[1]


class Client:
    """Sends JSON with a token; `key` is the `Idempotency-Key`."""

    def __init__(self, app: Flask, value: str) -> None:
        self.app = app
        self.headers = {**SPOKEN, "Authorization": f"Bearer {value}"}

    def send(self, method: str, path: str, *, key: str = "", headers: Any = None, **options: Any) -> TestResponse:
        named = {"Idempotency-Key": key} if key else {}
        sent = {**self.headers, **named, **(headers or {})}
        return self.app.test_client().open(BASE + path, method=method, headers=sent, **options)

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        return self._read(self.send("GET", path, **options), status)

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        return self._read(self.send("POST", path, json=body, **options), status)

    def patch(self, path: str, body: Any, status: int = 200, **options: Any) -> Any:
        return self._read(self.send("PATCH", path, json=body, **options), status)

    def _read(self, answer: TestResponse, status: int) -> Any:
        assert answer.status_code == status, answer.text
        wanted = "application/problem+json" if status >= 400 else "application/json"
        assert answer.mimetype == wanted
        return answer.get_json(force=True)


def problem(name: str) -> str:
    return f"urn:felix-hub:problem:{name}"


def ids(page: dict[str, Any]) -> list[int]:
    return [item["id"] for item in page["items"]]
