"""Finding orders, on both databases: what fits is found, all of it, once, newest first, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from common import clock, order_index
from common.cars import vehicles
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import (
    Category,
    LineState,
    Order,
    OrderLine,
    OrderState,
    OutboxRow,
    OutboxState,
    Part,
    Person,
)
from common.finding import order_filters, order_search, search_terms
from common.messaging.kinds import MessageKind
from common.orders import lines, locking, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.bot_daemon.rows import queue
from tests.support.cast import AVI, DIMA, NOA, acts, hire
from tests.webapp.desks import line, move, place

ZONE = ZoneInfo("Asia/Jerusalem")
Find = Callable[..., list[int]]


@pytest.fixture
def dima(any_database: Database) -> Person:
    return hire(any_database, DIMA)


@pytest.fixture
def noa(any_database: Database) -> Person:
    return hire(any_database, NOA)


@pytest.fixture
def avi(any_database: Database) -> Person:
    return hire(any_database, AVI)


@pytest.fixture
def find(any_database: Database) -> Find:
    """The numbers that are found for these fields; `_from` is `from`."""

    def look(*, before: int | None = None, limit: int = 50, reader: int | None = None, **fields: Any) -> list[int]:
        given = {name.strip("_"): [v] if isinstance(v, str) else v for name, v in fields.items()}
        understood = order_filters.read(given, today=clock.utcnow().date(), zone=ZONE, reader_id=reader)
        assert understood.left_out == ()
        with any_database.read() as session:
            return order_search.find(session, understood.wanted, before=before, limit=limit)

    return look


@pytest.mark.parametrize(
    "typed",
    [
        "масляный", "МАСЛЯНЫЕ фильтры", "масл", "фильтр масляный", "елочка", "Ёлочка", "הבלם", "רפידה", "רפידות",
        "brake pads", "BRAKE", "dima", "Dima масл", "1234567", "12-345-67", "12 345 67", "345 67", "3456", "567",
        "12-345-67 dima", "dima 12 345 67", "срочно", "5w-30",
    ],
)  # fmt: skip
def test_it_is_found_by(find: Find, any_database: Database, dima: Person, noa: Person, typed: str) -> None:
    pads = WantedLine({"ru": "Колодки", "he": "רפידות בלם", "en": "Brake pads"}, 1)
    wanted = place(
        any_database, dima, line("масляный фильтр"), pads, plate="1234567", comment="Срочно, ёлочка 5W-30"
    )  # fmt: skip
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


def test_filters_hold_together(find: Find, any_database: Database, dima: Person, noa: Person, avi: Person) -> None:
    new, taken, hers = place(any_database, dima), place(any_database, dima), place(any_database, noa)
    for order in (taken, hers):
        move(any_database, order.id, Move.TAKE, avi)
    today = clock.utcnow().astimezone(ZONE).date().isoformat()
    assert find(state="new") == [new.id]
    assert find(state=["new", "in_work"]) == [hers.id, taken.id, new.id]
    assert find(owner="mine", reader=avi.id) == find(owner=str(avi.id)) == [hers.id, taken.id]
    assert find(owner="nobody") == [new.id]
    assert find(person=str(dima.id), owner="mine", reader=avi.id, state="in_work", q="oil", _from=today) == [taken.id]
    assert find(person=str(dima.id), to="2020-01-01") == []
    assert find(_from="9000-01-01") == []


def test_overdue_is_what_waits_past_its_day(find: Find, any_database: Database, dima: Person, avi: Person) -> None:
    late, due, ready = (place(any_database, dima) for _ in range(3))
    today = clock.utcnow().date()
    with any_database.write() as session:
        for order, day in ((late, today - timedelta(days=1)), (due, today)):
            values = {"state": OrderState.WAITING, "expected_on": day}
            session.execute(update(Order).where(Order.id == order.id).values(values))
        gone = {"state": OrderState.READY, "expected_on": today - timedelta(days=9)}
        session.execute(update(Order).where(Order.id == ready.id).values(gone))
    assert find(overdue="1") == [late.id]
    assert find(overdue="1", q="oil", state="waiting") == [late.id]


def test_overdue_is_a_line_that_should_have_come_too(
    find: Find, any_database: Database, dima: Person, avi: Person
) -> None:
    late, due, ready, waits = (place(any_database, dima, line("oil filter"), line("bolt")) for _ in range(4))
    yesterday, today = clock.utcnow().date() - timedelta(days=1), clock.utcnow().date()
    with any_database.write() as session:
        for order, state, day in (
            (late, OrderState.IN_WORK, yesterday),
            (due, OrderState.IN_WORK, today),
            (ready, OrderState.READY, yesterday),
            (waits, OrderState.WAITING, yesterday),
        ):
            session.execute(update(Order).where(Order.id == order.id).values(state=state))
            ordered = {"state": LineState.ORDERED, "expected_on": day}
            session.execute(update(OrderLine).where(OrderLine.order_id == order.id).values(ordered))
    assert find(overdue="1") == [waits.id, late.id]
    assert find(overdue="1", person=str(dima.id), state="in_work") == [late.id]


def test_an_order_with_much_that_was_lost_is_one_place_of_the_page(
    find: Find, any_database: Database, dima: Person, avi: Person
) -> None:
    older, order = place(any_database, dima), place(any_database, dima)
    with any_database.write() as session:
        session.execute(delete(OutboxRow))
        for of_it, count in ((older, 1), (order, 5)):
            for number in range(count):
                queue(session, f"{of_it.id}-{number}", kind=MessageKind.CHAT, order_id=of_it.id)
        session.execute(update(OutboxRow).values(state=OutboxState.FAILED))
    assert find(undelivered="1", limit=2) == [order.id, older.id]


def test_undelivered_is_over_once_a_later_message_arrived(
    find: Find, any_database: Database, dima: Person, avi: Person
) -> None:
    order, fine = place(any_database, dima), place(any_database, dima)
    with any_database.write() as session:
        session.execute(update(OutboxRow).values(state=OutboxState.SENT))
        session.execute(update(OutboxRow).where(OutboxRow.order_id == order.id).values(state=OutboxState.FAILED))
    assert find(undelivered="1") == find(undelivered="1", q="oil") == [order.id]
    move(any_database, order.id, Move.TAKE, avi)
    with any_database.write() as session:
        waits = (OutboxRow.order_id == order.id, OutboxRow.state == OutboxState.PENDING)
        session.execute(update(OutboxRow).where(*waits).values(state=OutboxState.SENT))
    assert find(undelivered="1") == []
    assert fine.id in find()


def test_a_category_files_what_has_a_part_of_it(find: Find, any_database: Database, dima: Person) -> None:
    with any_database.write() as session:
        catalogue.load(session)
        part = session.scalars(select(Part).order_by(Part.id)).first()
        assert part is not None
    order = place(any_database, dima, WantedLine(dict(part.names), 1, part.id))
    place(any_database, dima)
    assert find(category=str(part.category_id)) == [order.id]
    assert find(category=str(part.category_id), q="dima", state="new") == [order.id]


def test_a_part_that_comes_into_a_category_brings_its_orders(find: Find, any_database: Database, dima: Person) -> None:
    with any_database.write() as session:
        catalogue.load(session)
        first, other = session.scalars(select(Category.id).order_by(Category.id).limit(2))
        part = session.scalars(select(Part).where(Part.category_id == first)).first()
        assert part is not None
    orders_ = [place(any_database, dima, WantedLine(dict(part.names), 1, part.id)).id for _ in range(2)]
    for _ in range(2):
        with any_database.write() as session:
            order_index.index_part(session, part.id, other)
    assert find(category=str(other)) == orders_[::-1]
    assert find(category=str(first)) == orders_[::-1]


def test_days_are_the_stations(find: Find, any_database: Database, dima: Person) -> None:
    before, after = place(any_database, dima), place(any_database, dima)
    midnight = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)  # of Jerusalem's 21st
    with any_database.write() as session:
        for order, at in ((before, midnight - timedelta(seconds=1)), (after, midnight)):
            session.execute(update(Order).where(Order.id == order.id).values(created_at=at))
    assert find(_from="2026-11-21") == [after.id]
    assert find(to="2026-11-20") == [before.id]
    assert find(_from="2026-11-20", to="2026-11-21") == [after.id, before.id]


@pytest.mark.parametrize("fields", [{}, {"q": "oil"}, {"q": "dima"}, {"state": ["new", "in_work"]}, {"q": "123"}])
def test_every_page_follows_the_one_before_whatever_comes_meanwhile(
    find: Find, any_database: Database, dima: Person, avi: Person, fields: dict[str, Any]
) -> None:
    made = [place(any_database, dima).id for _ in range(7)]
    move(any_database, made[3], Move.TAKE, avi)
    first = find(limit=3, **fields)
    place(any_database, dima)
    second = find(limit=3, before=first[-1], **fields)
    third = find(limit=3, before=second[-1], **fields)
    assert first + second + third == made[::-1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "lost"), ("person", "Dima"), ("person", "-1"), ("person", "9" * 30), ("owner", "yours"),
        ("category", "٣"), ("from", "yesterday"), ("to", "2026-02-30"), ("from", "0001-01-01"), ("overdue", "yes"),
    ],
)  # fmt: skip
def test_nonsense_is_named_and_left_out(field: str, value: str) -> None:
    understood = order_filters.read({field: [value], "q": ["oil"]}, today=date(2026, 1, 1), zone=ZONE, reader_id=1)
    assert understood.left_out == ((field, value),)
    assert understood.fields == {"q": ["oil"]}
