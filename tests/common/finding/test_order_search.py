"""Finding orders, on both databases: what fits is found, all of it, once, newest first, and nothing else."""

from __future__ import annotations

import pytest

from common import order_index
from common.cars import vehicles
from common.database.engine import Database
from common.database.models import (
    Person,
)
from common.finding import search_terms
from common.orders import lines, locking, placing
from common.orders.placing import WantedLine
from tests.common.finding.finder import Find
from tests.support.cast import acts
from tests.webapp.desks import line, place


@pytest.mark.parametrize(
    "typed",
    [
        "масляный",
        "МАСЛЯНЫЕ фильтры",
        "масл",
        "фильтр масляный",
        "елочка",
        "Ёлочка",
        "הבלם",
        "רפידה",
        "רפידות",
        "brake pads",
        "BRAKE",
        "dima",
        "Dima масл",
        "1234567",
        "12-345-67",
        "12 345 67",
        "345 67",
        "3456",
        "567",
        "12-345-67 dima",
        "dima 12 345 67",
        "срочно",
        "5w-30",
        "скрип",
        "brake скрипят",
    ],
)
def test_it_is_found_by(find: Find, any_database: Database, dima: Person, noa: Person, typed: str) -> None:
    pads = WantedLine({"ru": "Колодки", "he": "רפידות בלם", "en": "Brake pads"}, 1, remark="скрипят")
    wanted = place(any_database, dima, line("масляный фильтр"), pads, plate="1234567", comment="Срочно, ёлочка 5W-30")
    other = place(any_database, noa, line("wiper"), plate="7654390", comment="no hurry")
    assert find(q=typed) == [wanted.id]
    assert find(q=f"{typed} zzzz") == []
    assert find(q="noa") == [other.id]


@pytest.mark.parametrize("typed", ["012345", "2345", "WVGZZZ5NZ8W012345", "wvgzzz", "5nz8w"])
def test_any_part_of_a_vin_finds_its_car(find: Find, any_database: Database, dima: Person, typed: str) -> None:
    with any_database.write() as session:
        vehicles.remember(session, vehicles.read_vehicle("WVGZZZ5NZ8W012345"))
    order = _with_car(any_database, dima, "WVGZZZ5NZ8W012345")
    place(any_database, dima, plate="7654321")
    assert find(q=typed) == [order]


def _with_car(database: Database, person: Person, typed: str) -> int:
    with database.write() as session:
        order, _ = placing.place_order(
            session,
            key=f"car-{typed}",
            person=session.get_one(Person, person.id),
            lines=[line()],
            actor=acts(person),
            vehicle=vehicles.remember(session, vehicles.read_vehicle(typed)),
        )
        return order.id


@pytest.mark.parametrize("typed", ["А123ВС77", "a123bc 77", "123", "вс77"])
def test_a_russian_plate_in_either_alphabet(find: Find, any_database: Database, dima: Person, typed: str) -> None:
    order = place(any_database, dima, plate="А123ВС77")
    assert find(q=typed) == [order.id]


def test_a_vin_that_is_learned_later_finds_the_orders_before(find: Find, any_database: Database, dima: Person) -> None:
    vin = "WVGZZZ5NZ8W012345"
    with any_database.write() as session:
        car = vehicles.remember(session, vehicles.read_plate("1234567"))
        car.vin = vin
        order_index.index_car(session, car)
    order = place(any_database, dima, plate="1234567")
    assert find(q=vin[-5:]) == [order.id]


@pytest.mark.parametrize(
    "typed", ["%", "_", "'--", "*", "🔧", "\U0010ffff", "x" * 200, "١٢٣", "#", "№", "a b c d e f g h"]
)
def test_strange_words_find_nothing_and_break_nothing(
    find: Find, any_database: Database, dima: Person, typed: str
) -> None:
    place(any_database, dima)
    assert find(q=typed) == []


def test_who_is_renamed_is_found_by_the_new_name(find: Find, any_database: Database, dima: Person) -> None:
    order = place(any_database, dima)
    with any_database.write() as session:
        session.get_one(Person, dima.id).name = "Дмитрий Котов"
    assert find(q="котов дмитр") == [order.id]
    assert find(q="dima") == []


def test_a_line_that_comes_and_goes_takes_its_words_along(
    find: Find, any_database: Database, dima: Person, avi: Person
) -> None:
    order = place(any_database, dima, line("filter"), line("wiper"))
    with any_database.write() as session:
        held = locking.lock_at_version(session, order.id, 1)
        lines.add(session, acts(avi), held, WantedLine({"": "gasket"}))
        lines.remove(session, acts(avi), held, held.lines[1])
    assert find(q="gasket") == [order.id]
    assert find(q="wiper") == []
    assert find(q="filter") == [order.id]


def test_a_common_beginning_finds_all_that_begin_so(find: Find, any_database: Database, dima: Person) -> None:
    made = [place(any_database, dima, line(f"brand{n:02}"), plate="").id for n in range(search_terms.MOST_WORDS + 3)]
    assert find(q="brand") == made[::-1]
    assert find(q="brand dima") == made[::-1]
