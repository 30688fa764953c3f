"""Who has an order open, and what nobody at the desk has seen: on the cards, on the order's page, for half a minute."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from common import clock
from common.database.engine import Database, revision
from common.database.models import Order, Person, StaffSession
from common.orders import reading
from common.orders.moves import Move
from common.talk import chat, questions
from tests.support.cast import acts
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor


@pytest.fixture
def order(database: Database, dima: Person, avi: Person) -> Order:
    placed = place(database, dima)
    return move(database, placed.id, Move.TAKE, avi)


def look(visitor: Visitor, order: Order, gone: bool = False) -> None:
    assert visitor.post(f"/orders/{order.id}/look", {"gone": "1"} if gone else {}).status_code == 204


def raised(database: Database) -> int:
    with database.read() as session:
        return revision(session)


def writes(database: Database, dima: Person, order: Order, number: int = 1) -> None:
    with database.write() as session:
        chat.receive(
            session, session.get_one(Person, dima.id), "left?", chat_id=1001, message_id=number, order_id=order.id
        )


def test_others_see_who_has_it_open_and_oneself_does_not(
    manager: Visitor, storekeeper: Visitor, order: Order, database: Database
) -> None:
    before = raised(database)
    look(storekeeper, order)
    assert raised(database) > before
    assert "<bdi>Rina</bdi> has it open" in manager.text("/")
    assert "<bdi>Rina</bdi> has it open too" in manager.text(f"/orders/{order.id}")
    assert 'data-tone="wait"><svg' not in storekeeper.text("/")


def test_it_ends_when_the_page_goes_or_is_silent(
    manager: Visitor, storekeeper: Visitor, order: Order, database: Database
) -> None:
    look(storekeeper, order)
    with clock.travel(timedelta(seconds=31)):
        assert "has it open" not in manager.text("/")
    before = raised(database)
    look(storekeeper, order, gone=True)
    assert raised(database) > before
    assert "has it open" not in manager.text("/")


def test_to_go_on_looking_disturbs_nobody(storekeeper: Visitor, order: Order, database: Database) -> None:
    look(storekeeper, order)
    before = raised(database)
    look(storekeeper, order)
    assert raised(database) == before


def test_a_message_is_unread_until_somebody_looks_or_answers(
    manager: Visitor, storekeeper: Visitor, order: Order, database: Database, dima: Person, avi: Person
) -> None:
    writes(database, dima, order)
    assert re.search(r"1 unread message\s*<", manager.text("/"))
    before = raised(database)
    look(storekeeper, order)
    assert "unread" not in manager.text("/")
    assert raised(database) > before
    with clock.travel(timedelta(seconds=1)):
        writes(database, dima, order, 2)
        writes(database, dima, order, 3)
        assert re.search(r"2 unread messages\s*<", manager.text("/"))
        with database.write() as session:
            chat.write(session, acts(avi), order.id, "yes", key="answered")
        assert "unread" not in manager.text("/")


def test_an_answer_stands_on_the_card_until_somebody_looks(
    manager: Visitor, order: Order, database: Database, dima: Person, avi: Person
) -> None:
    with database.write() as session:
        version = reading.get_order(session, order.id).version
        asked = questions.ask(session, acts(avi), order.id, "side", "Which?", expected_version=version).id
    assert "no answer yet" in manager.text("/")
    with database.write() as session:
        questions.answer(session, acts(dima), asked, "left")
    assert re.search(r"1 answer\s*<", manager.text("/"))
    look(manager, order)
    assert not re.search(r"1 answer\s*<", manager.text("/"))


def test_an_open_page_keeps_nobody_signed_in(manager: Visitor, order: Order, database: Database) -> None:
    def seen_at() -> object:
        with database.read() as session:
            return session.query(StaffSession.seen_at).scalar()

    before = seen_at()
    with clock.travel(timedelta(minutes=30)):
        look(manager, order)
        assert seen_at() == before


def test_the_marks_of_many_cards_cost_as_many_queries_as_those_of_one(
    manager: Visitor, order: Order, database: Database, dima: Person
) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        manager.text("/")
        event.remove(database.engine, "before_cursor_execute", note)
        return len(seen)

    writes(database, dima, order)
    few = queries()
    for number in range(5):
        writes(database, dima, place(database, dima), 10 + number)
    assert queries() == few
