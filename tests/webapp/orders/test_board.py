"""The board: what it shows, what a press does, what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from common import clock
from common.database.engine import Database, bump_revision
from common.database.models import (
    Grade,
    LineState,
    Order,
    OrderLine,
    OrderState,
    OutboxRow,
    OutboxState,
    Person,
)
from common.orders.moves import Move
from tests.support.days import today
from tests.webapp.desks import line, move, place, state
from tests.webapp.visitor import OWN, Visitor
from webapp.orders import board_page

HTMX = {**OWN, "HX-Request": "true"}


def press(visitor: Visitor, order_id: int, what: str, version: int) -> tuple[int, str]:
    answer = visitor.post(f"/orders/{order_id}/moves", {"move": what, "version": str(version), "back": "board"}, HTMX)
    return answer.status_code, answer.text


def test_a_card_says_what_a_storekeeper_must_know(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima, line("oil filter", 4, Grade.ORIGINAL), line("трубка", 1), plate="12345678")
    text = manager.text("/")
    for wanted in (
        f">{order.id}<",
        "123-45-678",
        "Dima",
        "4 ×",
        "oil filter",
        "original",
        "трубка",
        "nobody has it",
        "Take",
    ):
        assert wanted in text


def test_each_state_has_its_column_and_closed_orders_have_none(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    orders = [place(database, dima) for _ in range(4)]
    move(database, orders[1].id, Move.TAKE, avi)
    move(database, orders[2].id, Move.TAKE, avi)
    move(database, orders[2].id, Move.READY, avi)
    move(database, orders[3].id, Move.CANCEL, avi, reason="wrong car")
    with database.read() as session:
        seen = board_page.read_board(session, may_move=True)
    counts = {column.state: column.count for column in seen.columns if column.count}
    assert counts == {OrderState.NEW: 1, OrderState.IN_WORK: 1, OrderState.READY: 1}
    assert f"card-{orders[3].id}" not in manager.text("/")


def test_the_oldest_stands_first_and_late_is_a_word(manager: Visitor, database: Database, dima: Person) -> None:
    young, old = place(database, dima), place(database, dima)
    with database.write() as session:
        session.execute(
            update(Order).where(Order.id == old.id).values(state_since=clock.utcnow() - timedelta(minutes=20))
        )
    text = manager.text("/")
    assert text.index(f"card-{old.id}") < text.index(f"card-{young.id}")
    assert 'data-level="late"' in text


def test_one_press_takes_it_and_the_board_comes_back(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    status, text = press(manager, order.id, Move.TAKE, 1)
    assert status == 200
    assert "<html" not in text
    assert "Avi" in text
    now = state(database, order.id)
    assert (now.state, now.owner_id, now.version) == (OrderState.IN_WORK, avi.id, 2)


def test_of_two_who_take_it_one_wins_and_the_other_is_told(
    manager: Visitor, storekeeper: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    assert press(storekeeper, order.id, Move.TAKE, 1)[0] == 200
    status, text = press(manager, order.id, Move.TAKE, 1)
    assert status == 409
    assert "<bdi>Rina</bdi> took it" in text
    assert state(database, order.id).owner_id == rina.id


def test_without_scripts_a_press_leads_back_to_the_board(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    answer = manager.post(f"/orders/{order.id}/moves", {"move": Move.TAKE, "version": "1", "back": "board"})
    assert (answer.status_code, answer.location) == (303, "/")


def test_names_and_parts_cannot_write_the_page(manager: Visitor, database: Database, dima: Person) -> None:
    place(database, dima, line('<img src=x onerror="alert(1)">'), plate="<script>", comment="<b>")
    text = manager.text("/")
    assert "<img" not in text
    assert "<script>" not in text
    assert "&lt;img" in text


@pytest.mark.parametrize(
    ("become", "mark"),
    [
        (OutboxState.FAILED, "undelivered"),
        (OutboxState.UNREACHABLE, "undelivered"),
        (OutboxState.HELD, "undelivered"),
        (OutboxState.EXPIRED, "undelivered"),
    ],
)
def test_an_undelivered_message_marks_the_card(
    manager: Visitor, database: Database, dima: Person, become: OutboxState, mark: str
) -> None:
    order = place(database, dima)
    assert mark not in manager.text("/")
    _all_become(database, become)
    assert mark in manager.text("/")
    assert f"/orders/{order.id}#messages" in manager.text("/")


def test_a_message_that_waits_too_long_marks_the_card(manager: Visitor, database: Database, dima: Person) -> None:
    place(database, dima)
    with clock.travel(timedelta(minutes=1)):
        assert "not sent yet" in manager.text("/")


def test_a_failure_is_over_once_a_later_message_of_its_kind_arrived(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima)
    _all_become(database, OutboxState.FAILED)
    move(database, order.id, Move.TAKE, avi)
    with database.write() as session:
        session.execute(update(OutboxRow).where(OutboxRow.state == OutboxState.PENDING).values(state=OutboxState.SENT))
    assert "undelivered" not in manager.text("/")


def _all_become(database: Database, become: OutboxState) -> None:
    with database.write() as session:
        session.execute(update(OutboxRow).values(state=become))


def test_the_number_of_queries_does_not_grow_with_the_orders(
    app: Flask, manager: Visitor, database: Database, dima: Person
) -> None:
    place(database, dima)
    few = _queries(database, manager, "/")
    for _ in range(20):
        place(database, dima, *[line() for _ in range(5)])
    assert _queries(database, manager, "/") == few
    assert few <= 13


def _queries(database: Database, visitor: Visitor, path: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    visitor.text(path)
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_full_column_says_how_many_more_there_are(
    manager: Visitor, database: Database, dima: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_page, "MAX_CARDS", 3)
    for _ in range(5):
        place(database, dima)
    text = manager.text("/")
    assert text.count('class="card"') == 3
    assert "2 more" in text


def test_an_empty_board_says_what_will_appear(manager: Visitor) -> None:
    assert "appear here by themselves" in manager.text("/")


def test_looking_writes_nothing(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN DEFERRED", "COMMIT", "ROLLBACK")):
            written.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    for path in ("/", "/board/columns", f"/orders/{order.id}", "/orders", "/people", "/system", "/account"):
        manager.text(path)
    event.remove(database.engine, "before_cursor_execute", note)
    assert [statement for statement in written if "PRAGMA" not in statement] == []


@pytest.mark.parametrize(
    ("referer", "focused"),
    [
        ("http://localhost/login", True),
        ("http://localhost/login?next=/", True),
        ("http://localhost/login/link/k3J", True),
        ("http://localhost/orders?q=/login", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_whoever_has_just_signed_in_may_type_what_they_look_for(manager: Visitor, referer: str, focused: bool) -> None:
    answer = manager.get("/", headers={"Referer": referer} if referer else {})
    assert answer.status_code == 200
    text = answer.text
    box = text[text.index('<input type="search"') :].partition(">")[0]
    assert ("autofocus" in box) is focused


def test_a_card_says_how_many_parts_should_have_come(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    order = place(database, dima, line("oil filter"), line("bolt"))
    move(database, order.id, Move.TAKE, avi)
    for days, words in ((0, ""), (-1, "2 parts are overdue")):
        with database.write() as session:
            ordered = {"state": LineState.ORDERED, "expected_on": today() + timedelta(days=days)}
            session.execute(update(OrderLine).where(OrderLine.order_id == order.id).values(ordered))
            bump_revision(session)
        text = manager.text("/board/columns")
        assert ("overdue" in text, words in text) == (bool(words), True)
