"""What the pages ask of the database: no more with many orders than with few, and along indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text, update

from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import OutboxRow, OutboxState, Part, Person
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.support.cast import AVI, DIMA, hire
from tests.support.seed import SMALL
from tests.webapp.desks import OpenApp, line, move, place, signed_in
from tests.webapp.visitor import Visitor

FEW, MANY = 3, 60
LISTS = [
    "/orders",
    "/orders?before=50",
    "/orders?q=12-345-67",
    "/orders?q=45-67",
    "/orders?q=filter",
    "/orders?q=масляный+фильтр",
    "/orders?q=ма",
    "/orders?q=dima+filter",
    "/orders?state=new",
    "/orders?state=new&state=in_work&state=issued",
    "/orders?person=1",
    "/orders?owner=mine",
    "/orders?owner=nobody",
    "/orders?category=1",
    "/orders?from=2020-01-01&to=2090-01-01",
    "/orders?overdue=1",
    "/orders?undelivered=1",
    "/orders?q=filter&state=new&person=1&category=1&from=2020-01-01&undelivered=1",
]
PEOPLE = ["/people", "/people?q=dima", "/people/1", "/catalogue", "/catalogue?q=filter", "/catalogue/parts/1", "/audit"]
PAGES = ["/", "/board/columns", *LISTS, "/views", *PEOPLE]
Said = list[tuple[str, Any]]


@contextmanager
def statements(database: Database) -> Iterator[Said]:
    said: Said = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def furnish(database: Database, dima: Person, avi: Person, count: int) -> None:
    with database.write() as session:
        part = session.get_one(Part, 1)
        words = dict(part.names)
    for number in range(count):
        order = place(
            database,
            dima,
            line("масляный фильтр"),
            WantedLine(words, 1, 1),
            line("oil filter"),
            plate=f"12345{number % 90 + 10}" if number % 2 else "1234567",
            comment=f"marked {number}",
        )
        if number % 3 == 0:
            move(database, order.id, Move.TAKE, avi)
    with database.write() as session:
        session.execute(
            update(OutboxRow).where(OutboxRow.order_id % 3 == 0).values(state=OutboxState.FAILED, reason_detail="no")
        )


@pytest.fixture
def people(any_database: Database) -> tuple[Person, Person]:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
    return hire(any_database, DIMA), hire(any_database, AVI)


@pytest.fixture
def avi(any_database: Database, any_database_url: str, people: tuple[Person, Person], app_on: OpenApp) -> Visitor:
    return signed_in(app_on(any_database, any_database_url), any_database, people[1])


def test_no_page_asks_more_of_the_database_because_there_are_more_orders(
    avi: Visitor, any_database: Database, people: tuple[Person, Person]
) -> None:
    furnish(any_database, *people, FEW)
    few = {path: asked(avi, any_database, path) for path in [*PAGES, "/orders/2"]}
    furnish(any_database, *people, MANY - FEW)
    many = {path: asked(avi, any_database, path) for path in few}
    assert {path: count for path, count in many.items() if count > few[path]} == {}
    assert max(many.values()) < 40


def asked(visitor: Visitor, database: Database, path: str) -> int:
    with statements(database) as said:
        assert visitor.get(path).status_code == 200, path
    return len([statement for statement, _ in said if not statement.startswith("BEGIN")])


# Tables that grow with every order. The others are a station's: people, categories, chats.
GROWING = "orders|order_line|order_word|car_word|vehicle|event|outbox|delivery|media|question|chat_message"
# A walk from the newest order on stops after a page, or after the sample at a day's edge.
WALKS = re.compile(r"ORDER BY orders\.(id|created_at)( DESC)?(, orders\.id( DESC)?)?\s+LIMIT")


def test_every_list_goes_along_an_index(avi: Visitor, any_database: Database, people: tuple[Person, Person]) -> None:
    furnish(any_database, *people, MANY)
    with any_database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))
    wrong = []
    for path in ["/", *LISTS, "/orders/2", *PEOPLE]:
        with statements(any_database) as said:
            assert avi.get(path).status_code == 200
        for statement, parameters in said:
            if statement.startswith(("SELECT", "WITH")):
                plan = explained(any_database, statement, parameters)
                wrong += [f"{path}: {step}\n{statement}" for step in plan if is_slow(step, statement)]
    assert wrong == []


def explained(database: Database, statement: str, parameters: Any) -> list[str]:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [str(row[3]) for row in plan]
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return [str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def is_slow(step: str, statement: str) -> bool:
    """A whole table or a whole index, one row after the other: `SCAN orders`, `Seq Scan on orders`."""
    if re.search(rf"Seq Scan on ({GROWING})\b", step):
        return True
    scanned = re.match(rf"SCAN ({GROWING})\b", step)
    return scanned is not None and not (scanned[1] == "orders" and WALKS.search(statement))


def test_the_measure_measures(any_database: Database) -> None:
    slow = "SELECT orders.id FROM orders WHERE orders.comment = 'x'"
    steps = explained(any_database, slow, ())
    assert any(is_slow(step, slow) for step in steps)


def test_a_saved_list_asks_once_for_its_view(avi: Visitor, any_database: Database) -> None:
    avi.post("/views", {"name": "new", "state": "new"})
    assert asked(avi, any_database, "/orders?view=1") <= asked(avi, any_database, "/orders?state=new") + 1
