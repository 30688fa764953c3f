"""Films are played on the order's page, documents are saved: neither can do harm in a browser."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Order, Person
from tests.webapp.attachments import kept
from tests.webapp.desks import line, place
from tests.webapp.visitor import Visitor

FILM = b"\0\0\0\x18ftypisom" + bytes(20)
PAPER = b"%PDF-1.7\n"


@pytest.fixture
def order(database: Database, dima: Person) -> Order:
    return place(database, dima, line("oil filter"))


def test_a_film_is_played_on_the_page(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order, FILM, "video/mp4")
    assert f'<video controls preload="none" src="/media/{number}"' in manager.get(f"/orders/{order.id}").text
    part = manager.get(f"/media/{number}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content_type, part.data) == (206, "video/mp4", b"ftyp")


def test_a_document_is_saved_and_never_shown(manager: Visitor, database: Database, order: Order) -> None:
    number = kept(database, order, PAPER, "application/pdf")
    assert f'<a href="/media/{number}" download>' in manager.get(f"/orders/{order.id}").text
    answer = manager.get(f"/media/{number}")
    assert (answer.status_code, answer.content_type, answer.data) == (200, "application/pdf", PAPER)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert manager.get(f"/media/{number}/thumbnail").status_code == 404
