"""What is pressed twice, late, on an old message, or in another order than it was done."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import Category, Draft, Order, Part
from tests.bot_daemon.chat.driver import Chat, look


def count(database: Database) -> int:
    return look(database, lambda session: session.scalar(select(func.count()).select_from(Order)) or 0)


def with_a_bolt(chat: Chat) -> None:
    chat.types("втулка")
    chat.types("1234567")


def test_confirming_twice_is_one_order_and_says_so(database: Database, dimas: Chat) -> None:
    with_a_bolt(dimas)
    data, message_id = dimas.button(buttons.SEND)
    dimas.deliver_at_once = False
    assert dimas.presses_data(data, message_id).toast == "Отправлен заказ 1."
    assert dimas.presses_data(data, message_id).toast == "Уже отправлен: заказ 1."
    dimas.deliver()
    assert count(database) == 1
    assert "Заказ 1 отправлен" in dimas.screen.text


def test_a_confirmation_sent_again_much_later_is_the_same_order(database: Database, dimas: Chat) -> None:
    with_a_bolt(dimas)
    data, message_id = dimas.button(buttons.SEND)
    dimas.presses_data(data, message_id)
    with_a_bolt(dimas)
    assert dimas.presses_data(data, message_id).toast == "Уже отправлен: заказ 1."
    assert count(database) == 1
    assert "Проверь заказ" in dimas.screen.text, "the present draft stays where it was"


def test_a_button_of_a_sent_draft_does_not_touch_the_next_one(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    quantity = dimas.button(buttons.QUANTITY, quantity=4)
    dimas.types("1234567")
    dimas.presses(buttons.SEND)
    dimas.types("гайка")
    assert dimas.presses_data(*quantity).toast == "Уже отправлен: заказ 1."
    assert "<b>1 ×</b> гайка" in dimas.screen.text


def test_a_button_of_a_dropped_draft_says_that_it_is_gone(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    quantity = dimas.button(buttons.QUANTITY, quantity=4)
    dimas.types("/cancel")
    dimas.presses(buttons.DROP)
    dimas.presses(buttons.DROP_CONFIRMED)
    assert "уже нет" in dimas.presses_data(*quantity).toast


def test_an_old_button_whose_result_is_still_allowed_is_simply_done(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    quantity = dimas.button(buttons.QUANTITY, quantity=4)
    dimas.types("гайка")
    assert dimas.presses_data(*quantity).toast == ""
    assert "<b>4 ×</b> втулка" in dimas.last.text
    assert dimas.last.id == dimas.screen.id, "shown below, where the person looks"


def test_an_old_button_of_a_removed_line_says_so(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    quantity = dimas.button(buttons.QUANTITY, quantity=4)
    dimas.presses(buttons.QUANTITY, quantity=0)
    assert dimas.presses_data(*quantity).toast == "Этой строки в заказе уже нет."


def test_a_press_sent_again_with_a_new_number_has_the_same_effect_once(dimas: Chat) -> None:
    dimas.types("/new")
    dimas.presses(buttons.CATEGORY, category=1)
    part = dimas.button(buttons.PART, part=1)
    dimas.presses_data(*part)
    dimas.types("3")
    dimas.presses_data(*part)
    assert dimas.screen.text.count("Передние тормозные колодки") == 1
    assert "<b>3 ×</b>" in dimas.screen.text


def test_the_language_pressed_twice_welcomes_once(database: Database, dimas: Chat) -> None:
    dimas.types("/language")
    language = dimas.button(buttons.LANGUAGE, language="he")
    dimas.presses_data(*language)
    dimas.presses_data(*language)
    assert "מה צריך" in dimas.screen.text
    assert not dimas.saying("👋")


def test_a_part_archived_meanwhile_cannot_be_added_and_says_what_to_do(database: Database, dimas: Chat) -> None:
    dimas.types("/new")
    dimas.presses(buttons.CATEGORY, category=1)
    part = dimas.button(buttons.PART, part=1)
    archive(database, Part)
    assert "в каталоге больше нет" in dimas.presses_data(*part).toast
    assert dimas.screen.find(buttons.PART, part=1) is None
    dimas.types("Передние тормозные колодки")
    assert dimas.screen.find(buttons.IS_PART, part=1) is None
    assert "Передние тормозные колодки ✍️" in dimas.screen.text


def test_a_category_archived_meanwhile_leads_back_to_the_others(database: Database, dimas: Chat) -> None:
    dimas.types("/new")
    category = dimas.button(buttons.CATEGORY, category=1)
    dimas.presses_data(*category)
    archive(database, Category)
    assert "Этого раздела" in dimas.presses_data(*category).toast
    assert dimas.screen.find(buttons.CATEGORY, category=2) is not None
    assert dimas.screen.find(buttons.CATEGORY, category=1) is None


def archive(database: Database, table: type[Part] | type[Category]) -> None:
    with database.write() as session:
        session.execute(update(table).where(table.id == 1).values(archived_at=clock.utcnow()))


def test_sending_before_there_is_a_plate_asks_for_it(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    key = look(database, lambda session: session.scalars(select(Draft.key)).one())
    assert dimas.presses_data(buttons.SEND.data(key=key), dimas.screen.id).toast.startswith("Рано")
    assert "Какая машина" in dimas.screen.text
    assert count(database) == 0


@pytest.mark.parametrize("data", ["nonsense", "d:someone-elses-key:send", "order:999", "cancel:999", "orders:999"])
def test_a_forged_or_foreign_button_does_no_harm(database: Database, dimas: Chat, data: str) -> None:
    dimas.types("втулка")
    dimas.presses_data(data, dimas.screen.id)
    assert count(database) == 0
    assert dimas.screen.buttons


def test_a_plate_that_overtakes_the_press_that_asks_for_it_is_the_plate(dimas: Chat) -> None:
    dimas.types("втулка")
    pressed = dimas.button(buttons.NEXT)
    dimas.types("12345678")
    dimas.presses_data(*pressed)
    assert "123-45-678" in dimas.screen.text
    assert dimas.screen.find(buttons.SEND) is not None
    assert "Нет в каталоге" not in dimas.screen.text


def test_a_quantity_that_is_overtaken_by_the_press_that_leaves_the_line_is_the_quantity(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.NEXT)
    dimas.types("3")
    assert "<b>3 ×</b> втулка" in dimas.screen.text
    assert "Какая машина" in dimas.screen.text


def test_a_part_that_is_overtaken_by_the_press_for_the_plate_is_a_line(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.NEXT)
    dimas.types("Передние тормозные колодки")
    assert "Передние тормозные колодки" in dimas.screen.text
    assert "Какая машина" in dimas.screen.text
    dimas.types("1234567")
    assert dimas.screen.find(buttons.SEND) is not None


def test_two_quick_taps_on_different_quantities_end_with_the_later(dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.LINE, line=1)
    two, four = (dimas.button(buttons.QUANTITY, quantity=n) for n in (2, 4))
    dimas.deliver_at_once = False
    dimas.presses_data(*two)
    dimas.presses_data(*four)
    dimas.deliver()
    assert "<b>4 ×</b> втулка" in dimas.screen.text
