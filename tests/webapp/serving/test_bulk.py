"""Many orders moved at once: each on its own, each with a word of what became of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from common.database.engine import Database
from common.database.models import Order, OrderState, OutboxRow, Person
from common.orders.moves import Move
from tests.webapp.desks import move, place, state
from tests.webapp.visitor import Visitor


def ticked(*orders: Order) -> list[str]:
    return [f"{order.id}:{order.version}" for order in orders]


def notices(database: Database, kind: str) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(OutboxRow.kind == kind)) or 0


def test_five_are_done_and_one_is_explained(
    manager: Visitor, database: Database, dima: Person, rina: Person, avi: Person
) -> None:
    orders = [place(database, dima) for _ in range(6)]
    move(database, orders[2].id, Move.TAKE, rina)
    answer = manager.post("/orders/moves", {"move": "take", "pick": ticked(*orders), "back": "/orders?state=new"})
    assert answer.status_code == 200
    assert "5 orders moved." in answer.text
    assert "1 stays as it is" in answer.text
    assert re.search(rf'href="/orders/{orders[2].id}".*?Rina</bdi> took it', answer.text, re.DOTALL)
    assert 'href="/orders?state=new"' in answer.text
    assert state(database, orders[2].id).owner_id == rina.id
    others = [state(database, order.id) for order in orders if order is not orders[2]]
    assert {(order.state, order.owner_id) for order in others} == {(OrderState.IN_WORK, avi.id)}


def test_each_mechanic_gets_their_notice(
    manager: Visitor, database: Database, dima: Person, noa: Person, avi: Person
) -> None:
    orders = [move(database, place(database, person).id, Move.TAKE, avi) for person in (dima, noa, dima)]
    manager.post("/orders/moves", {"move": "ready", "pick": ticked(*orders)})
    assert notices(database, "notice.ready") == 3


def test_the_whole_page_without_a_tick(manager: Visitor, database: Database, dima: Person) -> None:
    orders = [place(database, dima) for _ in range(3)]
    text = manager.text("/orders")
    shown = re.findall(r'name="shown" value="([^"]+)"', text)
    assert sorted(shown) == sorted(ticked(*orders)) == sorted(re.findall(r'name="pick" value="([^"]+)"', text))
    answer = manager.post("/orders/moves", {"move": "take", "all": "1", "shown": shown})
    assert "3 orders moved." in answer.text


def test_pressed_twice_it_is_done_once(manager: Visitor, database: Database, dima: Person) -> None:
    orders = [place(database, dima) for _ in range(2)]
    fields = {"move": "take", "pick": ticked(*orders)}
    manager.post("/orders/moves", fields)
    again = manager.post("/orders/moves", fields)
    assert "2 stay as they are" in again.text
    assert {state(database, order.id).version for order in orders} == {2}


def test_who_took_them_and_why_they_are_not_wanted_are_kept(
    manager: Visitor, database: Database, dima: Person, avi: Person
) -> None:
    ready = [place(database, dima) for _ in range(2)]
    for order in ready:
        move(database, order.id, Move.TAKE, avi)
    now = [move(database, order.id, Move.READY, avi) for order in ready]
    manager.post("/orders/moves", {"move": "issue", "pick": ticked(*now), "collector": "Lev from the bay"})
    assert {state(database, order.id).issued_to for order in now} == {"Lev from the bay"}
    new = place(database, dima)
    manager.post("/orders/moves", {"move": "cancel", "pick": ticked(new), "reason": "twice the same"})
    assert (state(database, new.id).state, state(database, new.id).reason) == (OrderState.CANCELLED, "twice the same")


def test_a_state_that_does_not_allow_it_is_named(manager: Visitor, database: Database, dima: Person) -> None:
    new = place(database, dima)
    answer = manager.post("/orders/moves", {"move": "issue", "pick": ticked(new)})
    assert "Its state does not allow it: New." in answer.text
    assert state(database, new.id).state is OrderState.NEW


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"move": "take"}, "Tick the orders first"),
        ({"move": "cancel", "pick": "1:1"}, "Give the reason"),
        ({"move": "reopen", "pick": "1:1"}, "not complete"),
        ({"move": "take", "pick": "1"}, "not complete"),
        ({"move": "take", "pick": "9" * 16 + ":1"}, "not complete"),
        ({"move": "take", "pick": [f"{n}:1" for n in range(101)]}, "at most 100"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_done(
    manager: Visitor, database: Database, dima: Person, fields: dict[str, str], words: str
) -> None:
    order = place(database, dima)
    answer = manager.post("/orders/moves", fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert state(database, order.id).version == 1


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/orders", "//evil.example/orders", "/people", "javascript:x", "http://[", "/orders/../x"],
)
def test_it_leads_back_to_the_list_and_nowhere_else(
    manager: Visitor, database: Database, dima: Person, back: str
) -> None:
    answer = manager.post("/orders/moves", {"move": "take", "pick": ticked(place(database, dima)), "back": back})
    assert 'class="button main" href="/orders"' in answer.text


def test_they_are_given_to_somebody_each_with_a_word(
    manager: Visitor, database: Database, dima: Person, rina: Person, avi: Person
) -> None:
    orders = [place(database, dima) for _ in range(3)]
    move(database, orders[0].id, Move.CANCEL, avi, reason="twice")
    now = [state(database, order.id) for order in orders]
    answer = manager.post("/orders/moves", {"move": "assign", "owner": str(rina.id), "pick": ticked(*now)})
    assert "Its state does not allow it: Cancelled." in answer.text
    assert [state(database, order.id).owner_id for order in orders] == [None, rina.id, rina.id]


@pytest.mark.parametrize("owner", ["9999", "x", "-1"])
def test_nobody_of_that_number_is_said_beside_each(
    manager: Visitor, database: Database, dima: Person, owner: str
) -> None:
    order = place(database, dima)
    answer = manager.post("/orders/moves", {"move": "assign", "owner": owner, "pick": ticked(order)})
    assert answer.status_code == 200
    assert "1 stays as it is" in answer.text
    assert state(database, order.id).version == 1
