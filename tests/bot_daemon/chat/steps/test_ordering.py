"""Ordering as a mechanic does it, over the real steps: in few taps, by name, by photo, for a car of last time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import Additives, Category, Grade, Media, Order, OrderLine, Part, Person, Vehicle
from common.orders import moves
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat, look
from tests.bot_daemon.chat.steps.ordering import order_a_bolt, placed
from tests.support.cast import acts

PADS = "Передние тормозные колодки"


def photo(number: int, **more: Any) -> dict[str, Any]:
    return {"photo": [{"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90}], **more}


def lines(database: Database, number: int) -> list[OrderLine]:
    return look(database, lambda session: session.get_one(Order, number).lines[:])


def files(database: Database) -> list[Media]:
    return look(database, lambda session: list(session.scalars(select(Media).order_by(Media.id))))


def starred(chat: Chat) -> None:
    chat.types(PADS)
    chat.presses(buttons.LINE, line=1)
    chat.presses(buttons.STAR, on=1)


# At hand --------------------------------------------------------------------------------------------------------------


def test_favourites_come_first_then_what_was_ordered_last_then_categories(dimas: Chat) -> None:
    starred(dimas)
    dimas.types("Задние тормозные колодки")
    dimas.types("12345678")
    dimas.presses(buttons.SEND)
    dimas.presses(buttons.NEW_ORDER)
    data = list(dimas.screen.buttons.values())
    expected = (buttons.AGAIN, buttons.PART, buttons.PART, buttons.CATEGORY)
    assert all(kind.pattern.match(one) for kind, one in zip(expected, data, strict=False))
    assert [label[:1] for label in dimas.screen.labels()[1:3]] == ["⭐", "🕘"]


def test_a_star_is_set_and_cleared_by_buttons_that_say_so_however_often_they_are_pressed(dimas: Chat) -> None:
    dimas.types(PADS)
    dimas.presses(buttons.LINE, line=1)
    on = dimas.button(buttons.STAR, on=1)
    assert dimas.presses_data(*on).toast == dimas.presses_data(*on).toast == "Теперь в избранном: будет первой."
    off = dimas.button(buttons.STAR, on=0)
    assert dimas.presses_data(*off).toast == dimas.presses_data(*off).toast == "Больше не в избранном."
    assert dimas.screen.find(buttons.STAR, on=1)


# Typing ---------------------------------------------------------------------------------------------------------------


def test_a_word_brings_at_most_six_parts_and_one_tap_says_which(database: Database, dimas: Chat) -> None:
    dimas.types("колодки")
    offered = [data for data in dimas.screen.buttons.values() if buttons.IS_PART.pattern.match(data)]
    assert 1 < len(offered) <= 6
    dimas.presses(buttons.IS_PART, part=1)
    assert PADS in dimas.screen.text
    assert "❔" not in dimas.screen.text


def test_a_word_nobody_answers_about_is_marked_in_the_summary_and_sent_as_written(
    database: Database, dimas: Chat
) -> None:
    dimas.types("колодки")
    dimas.presses(buttons.ASK_LATER)
    dimas.types("12345678")
    assert "колодки ✍️ ❔" in dimas.screen.text
    dimas.presses(buttons.SEND)
    assert [line.words for line in lines(database, 1)] == [{"": "колодки"}]


def test_grades_are_set_for_one_line_or_all_and_mixed_ones_are_said_so(database: Database, dimas: Chat) -> None:
    dimas.types("втулка\nгайка М8")
    dimas.presses(buttons.LINE, line=1)
    dimas.presses(buttons.GRADE, line=1, grade="original")
    dimas.types("12345678")
    assert "Тип: вперемешку" in dimas.screen.text
    dimas.presses(buttons.LINE, line=2)
    dimas.presses(buttons.GRADE, line=2, grade="aftermarket")
    dimas.presses(buttons.GRADES, grade="aftermarket")
    dimas.presses(buttons.SUMMARY)
    assert "Тип: вперемешку" not in dimas.screen.text
    dimas.presses(buttons.SEND)
    assert {line.grade for line in lines(database, 1)} == {Grade.AFTERMARKET}


# Additives ------------------------------------------------------------------------------------------------------------


def test_without_additives_is_said_on_the_card_and_with_them_they_are_lines(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.types("12345678")
    dimas.presses(buttons.ADDITIVES, choice="with")
    assert "Присадка для топлива" in dimas.screen.text
    dimas.presses(buttons.ADDITIVES, choice="without")
    assert "Присадка" not in dimas.screen.text
    dimas.presses(buttons.SEND)
    assert "🚫 Без присадок" in dimas.last.text
    (order,) = placed(database)
    assert order.additives is Additives.WITHOUT
    assert [line.words for line in lines(database, 1)] == [{"": "втулка"}]


# The car --------------------------------------------------------------------------------------------------------------


def test_the_car_of_the_last_hour_is_assumed_by_name_and_comes_first_among_the_others(
    database: Database, dimas: Chat
) -> None:
    order_a_bolt(dimas, "болт М8")
    dimas.types("гайка М8")
    assert "✅ Отправить · 12-345-67" in dimas.screen.labels()
    dimas.presses(buttons.PLATE)
    assert any(label.startswith("🔁 Та же: 12-345-67") for label in dimas.screen.labels())
    dimas.types("/cancel")
    dimas.presses(buttons.DROP)
    dimas.presses(buttons.DROP_CONFIRMED)
    with clock.travel(timedelta(minutes=61)):
        dimas.types("гайка М8")
        dimas.presses(buttons.NEXT)
    assert any(label.startswith("🚗 12-345-67") for label in dimas.screen.labels())


def test_a_known_car_shows_its_last_order_and_any_of_them_is_had_again_with_one_tap(
    database: Database, dimas: Chat, noas: Chat
) -> None:
    order_a_bolt(noas, "בורג")
    dimas.types("гайка М8")
    dimas.types("1234567")
    assert "В прошлый раз" in dimas.screen.text
    assert "בורג" in dimas.screen.text
    dimas.presses(buttons.HISTORY)
    dimas.presses(buttons.AGAIN, order=1)
    assert "гайка М8" in dimas.screen.text
    assert "<b>1 ×</b> בורג" in dimas.screen.text


def test_an_order_for_another_car_by_somebody_else_is_not_had_with_a_forged_button(
    database: Database, dimas: Chat, noas: Chat
) -> None:
    order_a_bolt(noas, "בורג")
    dimas.types("гайка М8")
    dimas.types("7654321")
    key = buttons.SEND.read(dimas.button(buttons.SEND)[0])["key"]
    assert dimas.presses_data(buttons.AGAIN.data(key=key, order=1), dimas.screen.id).toast == "Такого заказа нет."
    assert "בורג" not in dimas.screen.text


def test_a_vin_with_a_letter_no_vin_has_is_told_and_put_right_by_one_tap(database: Database, dimas: Chat) -> None:
    dimas.types("втулка")
    dimas.presses(buttons.NEXT)
    dimas.types("1M8GDM9AXKPO42788")
    assert "Букв I, O и Q" in dimas.screen.text
    correction = next(label for label in dimas.screen.labels() if "1M8GDM9AXKP042788" in label)
    dimas.presses_data(dimas.screen.buttons[correction], dimas.screen.id)
    dimas.presses(buttons.SEND)
    vehicle = look(database, lambda session: session.scalars(select(Vehicle)).one())
    assert (vehicle.key, vehicle.vin) == ("1M8GDM9AXKP042788", "1M8GDM9AXKP042788")


# Photos and voice notes -----------------------------------------------------------------------------------------------


def test_a_photo_alone_is_an_order_that_the_desk_can_read(database: Database, dimas: Chat, rina: Person) -> None:
    dimas.sends(**photo(1))
    assert "отдельной строкой" in dimas.screen.text
    dimas.types("12345678")
    dimas.presses(buttons.SEND)
    (line,) = lines(database, 1)
    assert set(line.words) == {"ru", "he", "en"}
    assert line.words["en"] == "I can't name it: see the photo"
    (file,) = files(database)
    assert (file.order_id, file.line_id) == (1, line.id)


def test_a_photo_and_a_voice_note_go_with_the_line_on_the_screen_and_the_bot_says_so(
    database: Database, dimas: Chat
) -> None:
    dimas.types("трубка от кондея")
    dimas.presses(buttons.LINE, line=1)
    dimas.sends(**photo(1))
    dimas.sends(voice={"file_id": "v", "file_unique_id": "v", "duration": 8})
    assert "Принято: к строке трубка от кондея" in dimas.screen.text
    assert "📎2" in dimas.screen.text
    dimas.presses(buttons.FILE_TO, line=0)
    assert "Принято: ко всему заказу" in dimas.screen.text
    dimas.types("12345678")
    assert "1 файл ко всему заказу" in dimas.screen.text
    dimas.presses(buttons.SEND)
    (line,) = lines(database, 1)
    assert [file.line_id for file in files(database)] == [line.id, None]
    assert files(database)[1].seconds == 8


def test_ten_photos_of_an_album_are_one_line_and_one_answer(database: Database, dimas: Chat) -> None:
    dimas.sends(**photo(1, media_group_id="album", caption="трубка от кондея"))
    below = dimas.screen.id
    for number in range(2, 11):
        dimas.sends(**photo(number, media_group_id="album"))
    assert dimas.screen.id == below, "edited in place, not sent ten times"
    assert "всего 10" in dimas.screen.text
    assert dimas.screen.text.count("<b>1 ×</b> трубка от кондея") == 1
    assert {file.draft_line for file in files(database)} == {1}


def test_a_photo_sent_before_the_language_was_chosen_is_not_lost(database: Database, dimas: Chat, dima: Person) -> None:
    with database.write() as session:
        session.execute(update(Person).values(language_chosen=False))
    dimas.types("/start")
    dimas.sends(**photo(1))
    assert dimas.screen.find(buttons.LANGUAGE, language="ru")
    dimas.presses(buttons.LANGUAGE, language="ru")
    dimas.presses(buttons.NEW_ORDER)
    assert "📎1" in dimas.screen.text


# The catalogue under a draft ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [Part, Category])
def test_a_part_that_leaves_the_catalogue_is_told_once_and_sent_as_written(
    database: Database, dimas: Chat, table: type[Part] | type[Category]
) -> None:
    dimas.types(PADS)
    dimas.types("12345678")
    with database.write() as session:
        session.execute(update(table).values(archived_at=clock.utcnow()))
    dimas.presses(buttons.SEND)
    assert "В каталоге этого больше нет" in dimas.screen.text
    assert PADS in dimas.screen.text
    assert not placed(database)
    dimas.presses(buttons.SEND)
    (line,) = lines(database, 1)
    assert (line.part_id, line.words["ru"]) == (None, PADS)


# After sending --------------------------------------------------------------------------------------------------------


def test_the_place_in_the_queue_is_that_of_the_moment_it_is_shown(
    database: Database, dimas: Chat, noas: Chat, rina: Person
) -> None:
    order_a_bolt(noas, "בורג")
    order_a_bolt(dimas, "болт М8")
    assert "Место в очереди: 2" in dimas.screen.text
    with database.write() as session:
        moves.move_order(session, acts(rina), 1, Move.TAKE, expected_version=1)
    dimas.presses(buttons.NEW_ORDER)
    dimas.types("/start")
    assert "Место в очереди" not in dimas.screen.text
    order_a_bolt(dimas, "гайка М8")
    assert "Место в очереди: 2" in dimas.screen.text
