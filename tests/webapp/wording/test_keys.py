"""What the scripts of keys, drag and palette live on, and the switch that puts single keys out."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor


def test_a_card_says_what_it_can_do(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    order = place(database, dima)
    assert 'data-moves="take:in_work cancel:cancelled!"' in manager.text("/")
    move(database, order.id, Move.TAKE, avi)
    assert 'data-moves="ready:ready wait:waiting! cancel:cancelled!"' in manager.text("/")


def test_single_keys_are_switched_off_for_one_person_everywhere(manager: Visitor, storekeeper: Visitor) -> None:
    assert 'data-keys="on"' in manager.text("/")
    assert manager.post("/account/keys", {"single_keys": "off"}).location == "/account"
    assert 'data-keys="off"' in manager.text("/orders")
    assert 'data-keys="on"' in storekeeper.text("/")
    manager.post("/account/keys", {"single_keys": "on"})
    assert 'data-keys="on"' in manager.text("/")


@pytest.mark.parametrize("ask", ["wait", "cancel"])
def test_an_address_opens_the_form_that_asks_for_a_reason(
    manager: Visitor, database: Database, dima: Person, avi: Person, ask: str
) -> None:
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    assert f'id="ask-{ask}" open' in manager.text(f"/orders/{order.id}?ask={ask}")
    assert " open>" not in manager.text(f"/orders/{order.id}?ask=nothing")


def test_the_palette_has_the_pages_its_reader_may_see_in_every_language(storekeeper: Visitor, manager: Visitor) -> None:
    text = storekeeper.text("/")
    assert "Board" in text
    assert "Доска" in text
    assert 'data-href="/audit"' not in text
    assert 'data-href="/audit"' in manager.text("/")
