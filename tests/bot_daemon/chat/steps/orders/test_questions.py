"""Questions and substitutes in the mechanic's chat: one tap answers."""

from __future__ import annotations

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import Question
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat, look, plain
from tests.bot_daemon.chat.steps.orders.serving import Desk, card


def test_a_question_is_one_ping_with_buttons_and_one_tap_answers_it(
    database: Database, desk: Desk, dimas: Chat
) -> None:
    messages = len(dimas.messages)
    question_id = desk.asks(1)
    assert len(dimas.messages) == messages + 1
    assert dimas.last.labels() == ["Левая", "Правая", "Обе"]
    assert "Левая или правая?" in card(dimas).text
    left = dimas.button(buttons.ANSWER, answer="left")
    right = dimas.button(buttons.ANSWER, answer="right")
    assert "Левая" in dimas.presses_data(*left).toast
    assert len(dimas.messages) == messages + 1, "the answer is on the notice itself"
    assert "✅ Левая" in dimas.message(left[1]).text
    assert not dimas.message(left[1]).buttons
    assert "Левая или правая?" not in card(dimas).text
    assert "Левая" in dimas.presses_data(*left).toast, "a second press of the same is harmless"
    again = dimas.presses_data(*right)
    assert again.alert
    assert "Ответ уже есть: Левая" in plain(again.toast)
    assert look(database, lambda s: s.get_one(Question, question_id).answer) == "left"


def test_a_substitute_is_accepted_with_one_tap_and_stands_on_the_card(desk: Desk, dimas: Chat) -> None:
    desk.asks(1, "substitute", "Bosch <0986>")
    assert "Есть замена: <b>Bosch &lt;0986&gt;</b>" in dimas.last.text
    assert "🔁" in card(dimas).text
    dimas.presses(buttons.ANSWER, answer="accept")
    assert "→ Bosch &lt;0986&gt;" in card(dimas).text


def test_call_me_leaves_the_other_answers(desk: Desk, dimas: Chat) -> None:
    desk.asks(1, "substitute", "Bosch")
    assert "Тебе позвонят" in dimas.presses(buttons.ANSWER, answer="call").toast
    assert dimas.last.labels() == ["✅ Беру", "❌ Не беру"]
    dimas.presses(buttons.ANSWER, answer="refuse")
    assert not dimas.last.buttons


def test_an_answer_to_a_closed_order_is_told_what_became_of_it(desk: Desk, dimas: Chat) -> None:
    desk.asks(1)
    left = dimas.button(buttons.ANSWER, answer="left")
    desk.moves(1, Move.CANCEL)
    assert not dimas.message(left[1]).buttons
    assert "уже отменён" in dimas.presses_data(*left).toast


def test_nobody_answers_with_forged_data(desk: Desk, dimas: Chat, noas: Chat) -> None:
    question_id = desk.asks(1)
    assert "כבר לא קיימת" in noas.presses_data(f"q:{question_id}:left", 1).toast
    assert "Такого вопроса уже нет" in dimas.presses_data("q:999:left", 1).toast
    substitute = desk.asks(1, "substitute", "Bosch")
    assert "Такого вопроса уже нет" in dimas.presses_data(f"q:{substitute}:left", 1).toast
