"""A browser without the browser: it sends what a page of ours would send."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

OWN = {"Sec-Fetch-Site": "same-origin"}


class Visitor:
    """GETs, and POSTs that come from our own pages unless `headers` say otherwise."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: Any = None, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data=data, headers=OWN if headers is None else headers, **options)

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.text
