"""Orders found by filters: state, owner, days, overdue, undelivered, category; page after page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from common import clock, order_index
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
from common.finding import order_filters
from common.messaging.kinds import MessageKind
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.bot_daemon.rows import queue
from tests.common.finding.finder import ZONE, Find
from tests.support.seed import SMALL
from tests.webapp.desks import line, move, place


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
        catalogue.load(session, SMALL)
        part = session.scalars(select(Part).order_by(Part.id)).first()
        assert part is not None
    order = place(any_database, dima, WantedLine(dict(part.names), 1, part.id))
    place(any_database, dima)
    assert find(category=str(part.category_id)) == [order.id]
    assert find(category=str(part.category_id), q="dima", state="new") == [order.id]


def test_a_part_that_comes_into_a_category_brings_its_orders(find: Find, any_database: Database, dima: Person) -> None:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
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
        ("state", "lost"),
        ("person", "Dima"),
        ("person", "-1"),
        ("person", "9" * 30),
        ("owner", "yours"),
        ("category", "٣"),
        ("from", "yesterday"),
        ("to", "2026-02-30"),
        ("from", "0001-01-01"),
        ("overdue", "yes"),
    ],
)
def test_nonsense_is_named_and_left_out(field: str, value: str) -> None:
    understood = order_filters.read({field: [value], "q": ["oil"]}, today=date(2026, 1, 1), zone=ZONE, reader_id=1)
    assert understood.left_out == ((field, value),)
    assert understood.fields == {"q": ["oil"]}
