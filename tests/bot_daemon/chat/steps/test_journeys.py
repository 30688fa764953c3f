"""The whole way, in each language: join, order, confirm, hear of it."""

from __future__ import annotations

import pytest

from bot_daemon.chat import buttons
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Grade, Order, OrderState, Person, Via
from common.languages import NAMES
from common.orders import moves
from common.orders.moves import Move
from common.permissions import Actor
from tests.bot_daemon.chat.driver import Chat, chat_of, look
from tests.bot_daemon.chat.steps.ordering import cancel, invited, order_a_bolt, placed
from tests.support.cast import DIMA, hire
from tests.support.seed import SMALL

WORDS = {
    "ru": ("Привет", "что нужно", "Заказ 1 отправлен", "Новый", "Готов"),
    "he": ("היי", "מה צריך", "הזמנה 1 נשלחה", "חדשה", "מוכנה"),
    "en": ("Hi", "what does", "Order 1 is sent", "New", "Ready"),
}


@pytest.mark.parametrize("language", ["ru", "he", "en"])
def test_a_new_person_joins_orders_and_hears_when_it_is_ready(
    database: Database, avi: Person, rina: Person, language: str
) -> None:
    hi, what, sent, new, ready = WORDS[language]
    chat = Chat(database, 5005, "Sasha", "fr")
    chat.types(f"/start {invited(database, avi, 'Саша')}")
    assert chat.screen.labels() == list(NAMES.values())

    chat.presses(buttons.LANGUAGE, language=language)
    assert len(chat.saying(hi)) == 1
    assert what in chat.last.text
    assert "Саша" in chat.last.text

    chat.presses(buttons.NEW_ORDER)
    chat.presses(buttons.CATEGORY, category=1)
    chat.presses(buttons.PART, part=1)
    chat.presses(buttons.LINE, line=1)
    chat.presses(buttons.QUANTITY, quantity=2)
    chat.presses(buttons.GRADE, grade="original")
    chat.presses(buttons.SUMMARY)
    chat.presses(buttons.NEXT)
    chat.types("12345678")
    assert "123-45-678" in chat.screen.text
    chat.presses(buttons.SEND)
    assert sent in chat.screen.text
    assert new in chat.last.text

    with database.write() as session:
        actor = Actor.of(rina, Via.DESK)
        moves.move_order(session, actor, 1, Move.TAKE, expected_version=1)
        moves.move_order(session, actor, 1, Move.READY, expected_version=2)
    chat.deliver()
    cards = [m for m in chat.visible() if "🚗" in m.text]
    assert len(cards) == 1, "the card is edited, not sent again"
    assert "✅" in cards[0].text
    assert ready in chat.last.text

    (order,) = placed(database)
    (line,) = look(database, lambda session: session.get_one(Order, order.id).lines[:])
    assert (line.quantity, line.grade, line.part_id) == (2, Grade.ORIGINAL, 1)
    assert set(line.words) == {"ru", "he", "en"}


def test_two_orders_in_a_row_are_two_orders(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "втулка М8")
    order_a_bolt(dimas, "втулка М10")
    assert [order.id for order in placed(database)] == [1, 2]
    assert len({order.key for order in placed(database)}) == 2


def test_orders_cars_lists_and_cards_work_on_both_databases(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session, SMALL)
    chat = chat_of(any_database, hire(any_database, DIMA))
    order_a_bolt(chat, "втулка")
    chat.types("передние тормозные колодки")
    chat.presses(buttons.PLATE)
    chat.presses(buttons.CAR)
    chat.presses(buttons.SEND)
    chat.types("/orders")
    chat.presses(buttons.ORDER, order=1)
    cancel(chat, 2)
    assert chat.saying("12-345-67")
    assert [order.state for order in placed(any_database)] == [OrderState.NEW, OrderState.CANCELLED]


def test_a_car_ordered_for_before_is_one_tap(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "втулка")
    dimas.types("гайка")
    dimas.presses(buttons.PLATE)
    assert any("12-345-67" in label for label in dimas.screen.labels())
    dimas.presses(buttons.CAR)
    dimas.presses(buttons.SEND)
    first, second = placed(database)
    assert first.vehicle_id == second.vehicle_id


def test_a_car_somebody_else_ordered_for_cannot_be_had_with_a_forged_button(
    database: Database, dimas: Chat, noas: Chat
) -> None:
    order_a_bolt(dimas, "втулка")
    noas.types("אום")
    noas.presses(buttons.NEXT)
    key = buttons.NEXT.read(noas.button(buttons.CATEGORIES)[0].replace("categories", "next"))["key"]
    noas.presses_data(buttons.CAR.data(key=key, vehicle=1), noas.screen.id)
    assert "12-345-67" not in noas.screen.text


def test_what_is_not_in_the_catalogue_is_sent_as_written(database: Database, dimas: Chat) -> None:
    dimas.types("трубка от <кондея> & муфта")
    assert "✍️" in dimas.screen.text
    assert "трубка от &lt;кондея&gt; &amp; муфта" in dimas.screen.text
    dimas.types("3")
    dimas.presses(buttons.NEXT)
    dimas.types("1234567")
    dimas.presses(buttons.SEND)
    (line,) = look(database, lambda session: session.get_one(Order, 1).lines[:])
    assert (line.words, line.quantity, line.part_id) == ({"": "трубка от <кондея> & муфта"}, 3, None)


@pytest.mark.parametrize("typed", ["передние тормозные колодки", "РЕФИДОТ", "front PADS", "  רפידות קדמיות "])
def test_a_typed_name_or_synonym_in_any_language_is_the_part(database: Database, dimas: Chat, typed: str) -> None:
    dimas.types(typed)
    known = typed != "РЕФИДОТ"
    assert ("✍️" not in dimas.screen.text.partition("\n")[2]) == known
    assert ("Передние тормозные колодки" in dimas.screen.text) == known


def test_several_lines_typed_at_once_are_several_lines(dimas: Chat) -> None:
    dimas.types("втулка М8\n\nгайка М8\nFront pads")
    for words in ("втулка М8", "гайка М8", "Передние тормозные колодки"):
        assert words in dimas.screen.text


def test_every_line_can_be_changed_from_the_summary(dimas: Chat) -> None:
    dimas.types("втулка\nгайка\nшайба")
    dimas.presses(buttons.LINE, line=2)
    dimas.types("7")
    assert "<b>7 ×</b> гайка" in dimas.screen.text
    dimas.presses(buttons.QUANTITY, line=2, quantity=0)
    assert "<b>7 ×</b> гайка" not in dimas.screen.text
    assert "шайба" in dimas.screen.text
    dimas.presses(buttons.PUT_BACK)
    assert "<b>7 ×</b> гайка" in dimas.screen.text


def test_a_comment_is_optional_and_can_be_taken_back(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.NEXT)
    dimas.types("1234567")
    dimas.presses(buttons.COMMENT)
    dimas.types("до обеда")
    assert "💬 до обеда" in dimas.screen.text
    dimas.presses(buttons.COMMENT)
    dimas.presses(buttons.NO_COMMENT)
    assert "до обеда" not in dimas.screen.text
    dimas.presses(buttons.SEND)
    assert placed(database)[0].comment == ""


def test_a_short_plate_is_told_and_taken(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.NEXT)
    dimas.types("123")
    assert "Коротковато" in dimas.screen.text
    dimas.presses(buttons.USE_CAR)
    assert "Проверь заказ" in dimas.screen.text
    dimas.presses(buttons.SEND)
    assert placed(database)[0].state is OrderState.NEW


@pytest.mark.parametrize("view", ["language", "orders", "new"])
def test_the_commands_work_from_every_state(dimas: Chat, view: str) -> None:
    dimas.types(f"/{view}")
    dimas.types("/cancel")
    assert "что нужно" in dimas.screen.text
    dimas.types(f"/{view}")
    dimas.types("/help")
    assert dimas.saying("Как это работает")
    assert dimas.saying("О тебе хранятся имя, язык, заказы")
    dimas.types("/start")
    assert "что нужно" in dimas.last.text


def test_leaving_keeps_the_list_and_dropping_it_is_asked_twice(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.types("/cancel")
    assert "1 позиция" in dimas.screen.text
    dimas.presses(buttons.DROP)
    dimas.presses(buttons.HOME)
    dimas.presses(buttons.NEW_ORDER)
    assert "втулка" in dimas.screen.text
    dimas.types("/cancel")
    dimas.presses(buttons.DROP)
    dimas.presses(buttons.DROP_CONFIRMED)
    assert "что нужно" in dimas.screen.text


def test_an_unknown_command_is_answered_with_help_and_the_conversation_stays_where_it_was(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.types("/frobnicate")
    assert dimas.saying("Как это работает")
    assert "втулка" in dimas.last.text


def test_a_place_on_the_map_is_answered_with_one_line_and_changes_nothing(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.sends(location={"latitude": 1.0, "longitude": 1.0})
    assert "фото и голосовые" in dimas.last.text
    assert "втулка" in dimas.last.text
    dimas.types("2")
    assert "фото и голосовые" not in dimas.last.text


def test_typed_text_moves_the_screen_below_it_and_takes_the_old_one_away(dimas: Chat) -> None:
    dimas.types("втулка")
    before = dimas.screen
    dimas.types("гайка")
    assert before.deleted
    assert len([m for m in dimas.visible() if m.buttons]) == 1


def test_a_press_edits_the_screen_in_place(dimas: Chat) -> None:
    dimas.types("/new")
    before = dimas.screen.id
    dimas.presses(buttons.CATEGORY, category=2)
    assert dimas.screen.id == before


def test_ten_presses_while_telegram_was_slow_are_one_edit_with_the_latest_state(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    dimas.deliver_at_once = False
    pressed = [dimas.button(buttons.QUANTITY, quantity=n) for n in (2, 3, 4, 1, 2, 3, 4, 1, 2, 3)]
    for data, message_id in pressed:
        dimas.presses_data(data, message_id)
    dimas.calls.clear()
    dimas.deliver()
    assert dimas.calls == ["editMessageText"]
    assert "<b>3 ×</b> втулка" in dimas.screen.text
