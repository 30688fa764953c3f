"""An order's card in the chat: fetching it, and cancelling."""

from __future__ import annotations

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import OrderState, Person
from common.orders import moves
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import order_a_bolt, placed
from tests.support.cast import acts


def test_tapping_an_order_brings_its_card_below_and_takes_the_old_one_away(dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    old = dimas.button(buttons.CANCEL)[1]
    dimas.types("/orders")
    assert dimas.presses(buttons.ORDER, order=1).toast == "Карточка заказа 1 — ниже."
    assert dimas.message(old).deleted
    assert "Заказ 1" in dimas.last.text
    assert dimas.last.find(buttons.CANCEL, order=1) is not None


def test_somebody_elses_order_is_none(database: Database, dimas: Chat, noas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    noas.types("/orders")
    assert noas.presses_data("order:1", noas.screen.id).toast == "אין הזמנה כזאת."
    assert noas.presses_data("cancel:1", noas.screen.id).toast == "אין הזמנה כזאת."
    assert placed(database)[0].state is OrderState.NEW


def test_a_new_order_is_cancelled_when_that_is_confirmed_and_its_card_says_so(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    cancel = dimas.button(buttons.CANCEL)
    assert dimas.presses_data(*cancel).toast == ""
    assert placed(database)[0].state is OrderState.NEW
    assert dimas.screen.labels()[-1] == "↩️ Нет, оставить"
    assert dimas.presses(buttons.CANCEL_CONFIRMED).toast == "Заказ 1 отменён."
    assert dimas.presses_data(*cancel).toast == "Заказ 1 уже отменён."
    assert placed(database)[0].state is OrderState.CANCELLED
    card = dimas.message(cancel[1])
    assert "❌ Отменён" in card.text
    assert "Отменено из чата" in card.text
    assert not card.buttons
    assert not dimas.saying("отменили на складе")


def test_to_cancel_an_order_taken_meanwhile_is_asked_of_whoever_serves_it(
    database: Database, dimas: Chat, rina: Person
) -> None:
    order_a_bolt(dimas, "болт")
    cancel = dimas.button(buttons.CANCEL)
    with database.write() as session:
        moves.move_order(session, acts(rina), 1, Move.TAKE, expected_version=1)
    for _ in range(2):
        dimas.presses_data(*cancel)
        answer = dimas.presses(buttons.CANCEL_CONFIRMED)
        assert answer.alert
        assert "Rina" in answer.toast
    assert placed(database)[0].state is OrderState.IN_WORK
    card = dimas.message(cancel[1])
    assert "Rina" in card.text
    assert card.text.count("отмена заказа") == 1
    assert card.find(buttons.CANCEL) is None
