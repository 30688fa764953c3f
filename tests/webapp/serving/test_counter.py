"""An order at the counter: found, added, kept whatever happens, placed once, for somebody else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Event, Grade, Order, OrderState, OutboxRow, Part, Person
from common.people import people
from tests.support.cast import acts
from tests.support.seed import SMALL
from tests.webapp.desks import place
from tests.webapp.visitor import Visitor

KEY = "c" * 16
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def part(database: Database) -> Part:
    with database.write() as session:
        catalogue.load(session, SMALL)
        return session.scalars(select(Part).where(Part.code == "oil_filter")).one()


def form(for_: Person, /, **more: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "do": "place",
        "key": KEY,
        "who": "Dim",
        "person": str(for_.id),
        "car": "12-345-67",
        "comment": "left side",
        "line_part": [""],
        "line_words": ["a bolt, M8"],
        "line_quantity": ["4"],
        "line_grade": ["original"],
        **more,
    }


def placed(database: Database) -> list[Order]:
    with database.read() as session:
        orders = list(session.scalars(select(Order).order_by(Order.id)))
        for order in orders:
            _ = order.lines, order.vehicle, order.owner
        return orders


def test_an_order_is_placed_once_for_somebody_else(
    manager: Visitor, database: Database, dima: Person, part: Part
) -> None:
    two: dict[str, str | list[str]] = {
        "line_part": ["", str(part.id)],
        "line_words": ["a bolt, M8", "x"],
        "line_quantity": ["4", "1"],
        "line_grade": ["original", "any"],
        "take": "1",
    }
    for _ in range(2):
        answer = manager.post("/orders/new", form(dima, **two))
        assert answer.status_code == 303
    (order,) = placed(database)
    assert answer.location == f"/orders/{order.id}"
    assert [(line.quantity, line.grade, line.part_id) for line in order.lines] == [
        (4, Grade.ORIGINAL, None),
        (1, Grade.ANY, part.id),
    ]
    assert set(order.lines[1].words) == {"ru", "he", "en"}
    assert (order.state, order.comment, order.vehicle and order.vehicle.display) == (
        OrderState.IN_WORK,
        "left side",
        "12-345-67",
    )
    assert "<bdi>Avi</bdi> placed the order for <bdi>Dima</bdi>" in manager.text(f"/orders/{order.id}")


def test_the_mechanic_gets_the_card_and_no_sound(manager: Visitor, database: Database, dima: Person) -> None:
    manager.post("/orders/new", form(dima))
    with database.read() as session:
        assert session.scalars(select(OutboxRow.kind).where(OutboxRow.chat_id == dima.telegram_id)).all() == ["card"]
        (event,) = session.scalars(select(Event)).all()
        assert event.arguments == {"lines": 1, "for": "Dima"}


def test_who_and_what_are_found_and_added_without_a_script(
    manager: Visitor, database: Database, dima: Person, noa: Person, part: Part
) -> None:
    typed = form(dima, do="find", person="", who="dI", what="масляный фильтр", line_part=[], line_words=[])
    answer = manager.post("/orders/new", typed)
    assert re.search(rf'name="person" value="{dima.id}"\s+checked', answer.text)
    assert "Noa" not in answer.text
    answer = manager.post("/orders/new", form(dima, do=f"add:{part.id}", what="фильтр"))
    assert answer.text.count('name="line_words"') == 2
    assert f'name="line_part" value="{part.id}"' in answer.text
    answer = manager.post("/orders/new", form(dima, do="write", what=f" {HOSTILE}  x"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; x" in answer.text
    assert "<script>alert" not in answer.text
    answer = manager.post("/orders/new", form(dima, do="remove:0"))
    assert 'name="line_words"' not in answer.text
    assert placed(database) == []


def test_what_is_called_just_so_is_added_at_once(manager: Visitor, dima: Person, part: Part) -> None:
    answer = manager.post("/orders/new", form(dima, do="find", what=part.names["en"], line_part=[]))
    assert f'name="line_part" value="{part.id}"' in answer.text


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"person": ""}, "Choose for whom"),
        ({"person": "9" * 30}, "Choose for whom"),
        ({"car": " "}, "Type a plate or a VIN"),
        ({"car": "x" * 60}, "too long for a plate"),
        ({"line_words": [""]}, "A line has 1"),
        ({"line_words": ["x" * 201]}, "A line has 1"),
        ({"line_quantity": ["0"]}, "A quantity is from"),
        ({"line_quantity": ["many"]}, "A quantity is from"),
        ({"line_part": []}, "Add a part first"),
        ({"line_part": ["999999"]}, "no longer in the catalogue"),
        ({"comment": "x" * 1001}, "comment is too long"),
        ({"key": ""}, "still here"),
    ],
    ids=str,
)
def test_what_is_refused_is_still_there(
    manager: Visitor, database: Database, dima: Person, fields: dict[str, str | list[str]], word: str
) -> None:
    answer = manager.post("/orders/new", form(dima, **fields))
    assert answer.status_code == 400
    assert word in answer.text
    for kept in ("left side", "12-345-67", "a bolt, M8"):
        assert kept in answer.text or fields.keys() & {"comment", "car", "line_part", "line_words"}
    assert placed(database) == []


def test_fifty_lines_and_no_more(manager: Visitor, database: Database, dima: Person) -> None:
    many = {"line_part": [""] * 51, "line_words": ["x"] * 51, "line_quantity": ["1"] * 51, "line_grade": ["any"] * 51}
    answer = manager.post("/orders/new", form(dima, **many))
    assert answer.status_code == 400
    assert "An order holds 50 lines" in answer.text


def test_nothing_is_placed_for_somebody_who_left(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    with database.write() as session:
        people.archive(session, acts(avi), dima.id)
    assert manager.post("/orders/new", form(dima)).status_code == 400
    assert "Dima" not in manager.text("/orders/new/people?who=dima")


def test_the_pieces_are_found_while_typing(manager: Visitor, dima: Person, part: Part) -> None:
    assert f'value="{dima.id}"' in manager.text("/orders/new/people?who=DIMA")
    assert f"add:{part.id}" in manager.text("/orders/new/parts?what=oil+filter")
    text = manager.text(f"/orders/new/parts?what={HOSTILE}")
    assert "<script>alert" not in text


def test_somebody_elses_key_opens_no_order_of_a_draft(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    assert manager.post("/orders/new", form(dima, key=order.key.ljust(8, "x"))).location != f"/orders/{order.id}"


@pytest.mark.parametrize(
    ("car", "note"), [("123", "Short for a plate."), ("WVWZZZ1KZAW00000", "A VIN has 17 characters.")]
)
def test_what_is_odd_about_a_car_is_said_and_the_order_can_go_on(
    manager: Visitor, dima: Person, car: str, note: str
) -> None:
    answer = manager.post("/orders/new", form(dima, car=car, do="find"))
    assert (answer.status_code, note in answer.text) == (200, True)
    assert manager.post("/orders/new", form(dima, car=car)).status_code == 303
