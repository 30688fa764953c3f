"""What the alarm asks: which orders nobody has taken."""

from __future__ import annotations

from common.database.engine import Database
from common.database.models import Person
from common.i18n import isolated, left_to_right
from common.orders.moves import Move
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor
from webapp.orders.board_page import MAX_CARDS


def test_it_hears_of_what_nobody_has_taken(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    first, second = place(database, dima, plate="12345678"), place(database, dima, plate="")
    taken = place(database, dima)
    move(database, taken.id, Move.TAKE, avi)
    assert manager.get("/board/new").json == {
        "orders": [
            {"id": second.id, "text": isolated("Dima")},
            {"id": first.id, "text": f"{left_to_right('123-45-678')} · {isolated('Dima')}"},
        ]
    }


def test_it_hears_of_no_more_than_a_column_shows(manager: Visitor, database: Database, dima: Person) -> None:
    for _ in range(MAX_CARDS + 1):
        place(database, dima)
    found = manager.get("/board/new").json
    assert found is not None
    assert len(found["orders"]) == MAX_CARDS
