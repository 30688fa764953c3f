"""What is wanted of a line, corrected in place at the desk, and read everywhere."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Order, OrderLine, Person, Unit
from common.orders.content.corrections import Wanted
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.talk import quick_replies
from tests.webapp.desks import move, place
from tests.webapp.serving.orders_served import HOSTILE, first_line, post
from tests.webapp.visitor import Visitor

OIL = WantedLine({"ru": "Масло", "he": "שמן", "en": "Oil"}, 1500, unit=Unit.MILLILITRE, remark="5w-30")
READS = {"ru": ("1,5 л", "Масло"), "he": ("1.5 ל׳", "שמן"), "en": ("1.5 l", "Oil")}


def wanted(database: Database, line_id: int) -> Wanted:
    with database.read() as session:
        return Wanted.of(session.get_one(OrderLine, line_id))


def fields(text: str, form: str) -> dict[str, str]:
    """The hidden fields of the form to this address whose button says *Undo*."""
    found = next(part for part in text.split("<form")[1:] if form in part and ">Undo<" in part)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))


def test_a_line_is_corrected_in_place_and_back_again(manager: Visitor, database: Database, order: Order) -> None:
    line = first_line(database, order)
    path, before = f"/orders/{order.id}/lines/{line}/wanted", wanted(database, line)
    assert post(manager, path, quantity="1,5", unit="l", remark=" 5w-30 ")[0] == 303
    assert wanted(database, line) == Wanted(1500, Unit.MILLILITRE, "5w-30")
    text = " ".join(manager.text(f"/orders/{order.id}").split())
    assert '<span class="qty"><bdi>1.5 l</bdi></span>' in text
    assert '<span class="part"><bdi>oil filter</bdi> · <bdi>5w-30</bdi></span>' in text
    assert "<bdi>1.5 l</bdi> instead of <bdi>2 pcs</bdi>" in text
    undo = fields(text, path)
    assert manager.post(path, undo).status_code == 303
    assert wanted(database, line) == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"quantity": "0"}, "A quantity is from 1 to 9999"),
        ({"quantity": "two"}, "A quantity is from 1 to 9999"),
        ({"quantity": "1.5", "unit": "pcs"}, "Write a whole number"),
        ({"unit": "gallon"}, "There is no such unit"),
        ({"remark": "r" * 301}, "That remark is too long: at most 300"),
    ],
    ids=str,
)
def test_what_is_refused_stays_typed_and_changes_nothing(
    manager: Visitor, database: Database, order: Order, given: dict[str, str], told: str
) -> None:
    line = first_line(database, order)
    before = wanted(database, line)
    typed = {"quantity": "3", "unit": "l", "remark": "side A", **given}
    code, text = post(manager, f"/orders/{order.id}/lines/{line}/wanted", 2, **typed)
    assert code == 400
    assert told in text
    assert (
        f'name="remark" type="text" maxlength="300" dir="auto" autocomplete="off"\n          value="{typed["remark"]}"'
        in text
    )
    assert wanted(database, line) == before


def test_a_remark_that_looks_like_markup_is_text(manager: Visitor, database: Database, order: Order) -> None:
    line = first_line(database, order)
    post(manager, f"/orders/{order.id}/lines/{line}/wanted", quantity="1", unit="pcs", remark=HOSTILE)
    for path in (f"/orders/{order.id}", "/", "/orders", f"/orders/{order.id}/slip"):
        text = manager.text(path)
        assert HOSTILE not in text
        assert "&lt;" in text


@pytest.mark.parametrize("language", READS)
def test_a_line_reads_the_same_on_every_page(manager: Visitor, database: Database, dima: Person, language: str) -> None:
    order = place(database, dima, OIL)
    manager.post("/account/language", {"language": language, "next": "/"})
    quantity, words = READS[language]
    for path in (f"/orders/{order.id}", "/", "/orders", f"/orders/{order.id}/slip", f"/people/{dima.id}"):
        text = manager.text(path)
        assert f">{quantity}</bdi>" in text, path
        assert f"<bdi>{words}</bdi> · <bdi>5w-30</bdi>" in text, path
    rows = list(csv.reader(io.StringIO(manager.text("/orders/export.csv")), delimiter=";" if language == "ru" else ","))
    assert rows[1][6] == f"{quantity} {words} · 5w-30"


def test_an_order_is_found_by_what_was_said_of_a_part(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima, WantedLine({"": "рычаг"}, remark="левый, Lemförder"))
    assert f"/orders/{order.id}" in manager.text("/orders?q=lemforder")


def test_at_the_counter_a_line_has_its_unit_and_its_remark(manager: Visitor, database: Database, dima: Person) -> None:
    form: dict[str, str | list[str]] = {
        "do": "place",
        "key": "c" * 16,
        "person": str(dima.id),
        "car": "12-345-67",
        "line_part": ["", ""],
        "line_words": ["oil", "hose"],
        "line_quantity": ["4", "0,5"],
        "line_grade": ["any", "any"],
        "line_unit": ["l", "m"],
        "line_remark": [" 5w-30 ", ""],
    }
    refused = manager.post("/orders/new", {**form, "line_quantity": ["4", "0,5555"]})
    assert (refused.status_code, "Write a whole number" in refused.text) == (400, True)
    assert 'value=" 5w-30 "' in refused.text
    assert manager.post("/orders/new", form).status_code == 303
    with database.read() as session:
        lines = session.scalars(select(OrderLine).order_by(OrderLine.id)).all()
        assert [Wanted.of(line) for line in lines] == [
            Wanted(4, Unit.LITRE, "5w-30"),
            Wanted(50, Unit.CENTIMETRE, ""),
        ]


def test_what_was_said_of_a_part_stays_with_it_wherever_it_is_named(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    before = place(database, dima, WantedLine({"": "рычаг"}, remark="левый"))
    order = place(database, dima, WantedLine({"": "рычаг"}, remark="правый"), WantedLine({"": "болт"}))
    move(database, order.id, Move.TAKE, avi)
    with database.write() as session:
        quick_replies.add_first_replies(session)
    line = first_line(database, order)
    post(manager, f"/orders/{order.id}/lines/{line}", state="ordered", supplier="Haifa")
    text = manager.text(f"/orders/{order.id}")
    assert "<bdi>рычаг</bdi> · <bdi>левый</bdi>" in text[text.index(f'href="/orders/{before.id}"') :], "this car before"
    assert "<bdi>рычаг</bdi> · <bdi>правый</bdi>" in text[text.index('class="offer"') :][:1500]
    assert "1 × рычаг · правый" in text, "to choose what a message is about"
    assert "<bdi>рычаг</bdi> · <bdi>правый</bdi>" in manager.text(f"/catalogue/lines/{line}")
