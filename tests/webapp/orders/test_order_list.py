"""Finding an order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from common.database.engine import Database
from common.database.models import LineState, OrderLine, Person
from common.orders.moves import Move
from tests.support.days import today
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor
from webapp.orders.order_list import PER_PAGE


@pytest.mark.parametrize("typed", ["1234567", "12-345-67", "12 345 67", "345-67", "dima", "DIM"])
def test_a_plate_in_any_form_and_part_of_a_name_find_it(
    manager: Visitor, database: Database, dima: Person, noa: Person, typed: str
) -> None:
    place(database, noa, plate="7654321")
    wanted = place(database, dima, plate="1234567")
    text = manager.text(f"/orders?q={typed}")
    assert f'href="/orders/{wanted.id}"' in text
    assert "76-543-21" not in text


@pytest.mark.parametrize("typed", ["{}", "%23{}", "№{}", " {} "])
def test_a_number_opens_its_order(manager: Visitor, database: Database, dima: Person, typed: str) -> None:
    order = place(database, dima)
    assert manager.get(f"/orders?q={typed.format(order.id)}").location == f"/orders/{order.id}"


def test_cyrillic_names_are_found_in_any_case(manager: Visitor, database: Database, dima: Person) -> None:
    with database.write() as session:
        session.get_one(Person, dima.id).name = "Дмитрий"
    order = place(database, dima)
    assert f'href="/orders/{order.id}"' in manager.text("/orders?q=дМИТ")


def test_a_state_filters(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    new, taken = place(database, dima), place(database, dima)
    move(database, taken.id, Move.TAKE, avi)
    text = manager.text("/orders?state=in_work")
    assert f'href="/orders/{taken.id}"' in text
    assert f'href="/orders/{new.id}"' not in text


def test_every_page_is_reached_and_no_order_is_shown_twice(manager: Visitor, database: Database, dima: Person) -> None:
    orders = [place(database, dima) for _ in range(PER_PAGE + 3)]
    first = manager.text("/orders")
    oldest_shown = orders[3].id
    second = manager.text(f"/orders?before={oldest_shown}")
    shown = [[order.id for order in orders if f'href="/orders/{order.id}"' in page] for page in (first, second)]
    assert f"before={oldest_shown}" in first
    assert sorted(shown[0] + shown[1]) == [order.id for order in orders]
    assert "Older" not in second


@pytest.mark.parametrize(
    "query",
    [
        "q=%25",
        "q=_",
        "q='--",
        "q=" + "x" * 3000,
        "state=nonsense",
        "before=x",
        "before=" + "9" * 15,
        "q=%F0%9F%94%A7",
        "q=%ED%A0%80",
    ],
)
def test_strange_questions_are_answered(manager: Visitor, database: Database, dima: Person, query: str) -> None:
    place(database, dima)
    assert manager.get(f"/orders?{query}").status_code == 200


def test_a_nul_is_refused(manager: Visitor) -> None:
    assert manager.get("/orders?q=%00").status_code == 400


def test_what_was_typed_is_said_back_harmlessly(manager: Visitor) -> None:
    text = manager.text("/orders?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in text
    assert "Nothing fits" in text


def test_an_order_whose_part_should_have_come_is_marked_as_overdue(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    late, on_time = place(database, dima), place(database, dima)
    for order, day in ((late, today() - timedelta(days=1)), (on_time, today())):
        move(database, order.id, Move.TAKE, avi)
        with database.write() as session:
            ordered = {"state": LineState.ORDERED, "expected_on": day}
            session.execute(update(OrderLine).where(OrderLine.order_id == order.id).values(ordered))
    assert [marks(manager.text(path)) for path in ("/orders", "/orders?overdue=1")] == [1, 1]


def marks(text: str) -> int:
    return text.count("</svg>overdue</span>")
