"""Undo at the desk: offered to whoever moved, on the board and on the order's page, and what a refusal says."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from common.database.engine import Database
from common.database.models import OrderState, Person
from common.orders.moves import Move
from tests.webapp.desks import move, place, state
from tests.webapp.visitor import OWN, Visitor

HTMX = {**OWN, "HX-Request": "true"}


def press(visitor: Visitor, order_id: int, version: int, back: str = "") -> tuple[int, str]:
    answer = visitor.post(f"/orders/{order_id}/undo", {"version": str(version), "back": back}, HTMX if back else OWN)
    return answer.status_code, answer.text


def take(visitor: Visitor, order_id: int, back: str = "") -> str:
    data = {"move": Move.TAKE, "version": "1", "back": back}
    return visitor.post(f"/orders/{order_id}/moves", data, HTMX if back else OWN).text


def test_a_move_on_the_board_can_be_undone_there(
    manager: Visitor, storekeeper: Visitor, database: Database, dima: Person
) -> None:
    order = place(database, dima)
    assert " data-undo>" in take(manager, order.id, "board")
    assert " data-undo>" not in storekeeper.text("/")
    status, text = press(manager, order.id, 2, "board")
    assert status == 200
    assert " data-undo>" not in text
    now = state(database, order.id)
    assert (now.state, now.owner_id, now.version) == (OrderState.NEW, None, 3)


def test_without_scripts_the_next_page_offers_it(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    take(manager, order.id)
    assert f'action="/orders/{order.id}/undo"' in manager.text("/")
    assert f'action="/orders/{order.id}/undo"' in manager.text(f"/orders/{order.id}")
    answer = manager.post(f"/orders/{order.id}/undo", {"version": "2"})
    assert (answer.status_code, answer.location) == (303, f"/orders/{order.id}")
    assert "undid the last move; it is back in: <bdi>New</bdi>" in manager.text(f"/orders/{order.id}")


def test_it_is_offered_for_ten_seconds(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    take(manager, order.id)
    with clock.travel(timedelta(seconds=10)):
        assert " data-undo>" not in manager.text("/")
    with clock.travel(timedelta(seconds=30)):
        for back in ("", "board"):
            status, text = press(manager, order.id, 2, back)
            assert (status, "Too late to undo it" in text) == (409, True)


def test_what_somebody_did_meanwhile_is_said_instead(
    manager: Visitor, database: Database, dima: Person, rina: Person
) -> None:
    order = place(database, dima)
    take(manager, order.id)
    move(database, order.id, Move.READY, rina)
    for back in ("", "board"):
        status, text = press(manager, order.id, 2, back)
        assert (status, "<bdi>Rina</bdi> marked it ready" in text) == (409, True)
    assert press(manager, order.id, 3)[0] == 409
    assert state(database, order.id).state is OrderState.READY
