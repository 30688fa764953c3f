"""Forms of an order that the tests of serving send."""

from __future__ import annotations

from common.database.engine import Database
from common.database.models import (
    Order,
)
from tests.support import multipart
from tests.support.days import tomorrow
from tests.webapp.visitor import Visitor

HOSTILE = "<script>alert(1)</script>&\u202e"
TOMORROW = tomorrow().isoformat()
KEY = "k" * 16


def first_line(database: Database, order: Order) -> int:
    with database.read() as session:
        return session.get_one(Order, order.id).lines[0].id


def post(visitor: Visitor, path: str, version: int = 2, **fields: str) -> tuple[int, str]:
    answer = visitor.post(path, {"version": str(version), **fields})
    return answer.status_code, answer.text


def send_photo(visitor: Visitor, order: Order, body: bytes, text: str = "") -> tuple[int, str]:
    data = multipart.form({"key": KEY, "text": text}, "photo", body, "../<b>.svg", "image/svg+xml")
    answer = visitor.post(f"/orders/{order.id}/messages", data, content_type=multipart.CONTENT_TYPE)
    return answer.status_code, answer.text
