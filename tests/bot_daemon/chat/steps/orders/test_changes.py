"""A mechanic changes an order: at once until it is taken, by a wish afterwards."""

from __future__ import annotations

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.orders import reading
from common.orders.moves import Move
from common.talk import change_requests
from tests.bot_daemon.chat.driver import Chat, look
from tests.bot_daemon.chat.steps.ordering import order_a_bolt, placed
from tests.bot_daemon.chat.steps.orders.serving import Desk, card
from tests.support.cast import acts


def test_until_it_is_taken_an_order_is_changed_at_once(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    dimas.presses(buttons.CHANGE, order=1)
    dimas.presses(buttons.ADD_LINE, order=1)
    dimas.types("гайка\nшайба")
    assert "Готово." in dimas.screen.text
    dimas.presses(buttons.CHANGE_LINE, order=1, line=1)
    dimas.presses(buttons.LINE_QUANTITY, quantity=4)
    dimas.presses(buttons.CHANGE_LINE, order=1, line=2)
    dimas.types("12")
    dimas.presses(buttons.CHANGE_LINE, order=1, line=3)
    dimas.presses(buttons.LINE_QUANTITY, quantity=0)
    (order,) = placed(database)
    assert look(database, lambda s: [(x.words[""], x.quantity) for x in reading.get_order(s, order.id).lines]) == [
        ("болт", 4),
        ("гайка", 12),
    ]
    assert "<b>12 ×</b> гайка" in card(dimas).text


def test_once_it_is_taken_a_change_is_asked_for_and_a_refusal_is_told(
    database: Database, desk: Desk, dimas: Chat
) -> None:
    dimas.presses(buttons.CHANGE, order=1)
    dimas.presses(buttons.CHANGE_LINE, order=1, line=1)
    assert "Передал складу" in dimas.presses(buttons.LINE_QUANTITY, quantity=3).toast
    assert "болт: нужно 3" in card(dimas).text
    with database.write() as session:
        change_requests.refuse(session, acts(desk.rina), 1, expected_version=2)
    dimas.deliver()
    assert "Склад не может это сделать" in dimas.last.text
    assert "нужно 3" not in card(dimas).text


def test_the_last_line_and_nonsense_are_refused_in_words(dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    dimas.presses(buttons.CHANGE, order=1)
    dimas.presses(buttons.CHANGE_LINE, order=1, line=1)
    assert "единственная" in dimas.presses(buttons.LINE_QUANTITY, quantity=0).toast
    assert "от 1 до" in dimas.presses_data("o:1:line:1:quantity:10000", dimas.screen.id).toast
    assert "уже нет" in dimas.presses_data("o:1:line:99:quantity:2", dimas.screen.id).toast
    dimas.presses_data("o:1:add", dimas.screen.id)
    dimas.types("x" * 201)
    assert "слишком длинно" in dimas.screen.text.lower()


def test_a_change_that_comes_too_late_says_so(desk: Desk, dimas: Chat) -> None:
    dimas.presses(buttons.CHANGE, order=1)
    dimas.presses(buttons.ADD_LINE, order=1)
    desk.moves(1, Move.READY)
    dimas.types("гайка")
    assert "Здесь уже не изменить" in dimas.screen.text
    assert "Поздно: заказ 1 уже готов" in dimas.presses_data("o:1:change:0", 1).toast
