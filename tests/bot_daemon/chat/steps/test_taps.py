"""How many taps an order takes. A typed message or a photo is no tap."""

from __future__ import annotations

import pytest

from bot_daemon.chat import buttons
from common.database.engine import Database
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import placed

PADS, REAR_PADS, DISCS = 1, 2, 3


@pytest.fixture
def starred(database: Database, dimas: Chat) -> Chat:
    """Dima, who has just ordered for a car, with three favourites."""
    dimas.types("трубка 12-345-67")
    dimas.presses(buttons.SEND)
    for part in (PADS, REAR_PADS, DISCS):
        dimas.presses_data(f"star:{part}:1", dimas.screen.id)
    dimas.types("/start")
    dimas.received.clear()
    return dimas


def taps(chat: Chat) -> int:
    return sum("callback_query" in update for update in chat.received)


def sent(database: Database, chat: Chat, lines: int) -> None:
    """The last order has so many lines, and its car was on the button."""
    chat.presses(buttons.SEND)
    order = placed(database)[-1]
    assert f"Заказ {order.id} отправлен" in chat.screen.text
    assert order.vehicle_id is not None
    assert lines == len(chat_lines(database, order.id))


def chat_lines(database: Database, number: int) -> list[int]:
    with database.read() as session:
        order = next(one for one in placed(database) if one.id == number)
        return [line.id for line in session.get_one(type(order), number).lines]


def test_a_favourite_for_the_same_car_is_three(database: Database, starred: Chat) -> None:
    starred.presses(buttons.NEW_ORDER)
    starred.presses(buttons.PART, part=PADS)
    sent(database, starred, 1)
    assert taps(starred) == 3


def test_three_favourites_are_five(database: Database, starred: Chat) -> None:
    starred.presses(buttons.NEW_ORDER)
    for part in (PADS, REAR_PADS, DISCS):
        starred.presses(buttons.PART, part=part)
    sent(database, starred, 3)
    assert taps(starred) == 5


def test_the_last_order_again_is_three_and_brings_its_car(database: Database, starred: Chat) -> None:
    starred.presses(buttons.NEW_ORDER)
    starred.presses(buttons.AGAIN)
    sent(database, starred, 1)
    assert taps(starred) == 3


def test_the_last_order_again_is_one_with_words(database: Database, starred: Chat) -> None:
    starred.types("как в прошлый раз")
    sent(database, starred, 1)
    assert taps(starred) == 1


def test_three_exact_parts_with_the_plate_in_one_message_are_one(database: Database, dimas: Chat) -> None:
    dimas.types("помпа, 2 термостата; передние тормозные колодки 12-345-67")
    sent(database, dimas, 3)
    assert taps(dimas) == 1


def test_three_parts_as_three_messages_are_one(database: Database, starred: Chat) -> None:
    for text in ("помпа", "термостат", "передние тормозные колодки"):
        starred.types(text)
    sent(database, starred, 3)
    assert taps(starred) == 1


def test_three_ambiguous_words_are_four(database: Database, dimas: Chat) -> None:
    dimas.types("колодки, суппорт, амортизаторы 12-345-67")
    for _ in range(3):
        dimas.presses(buttons.IS_PART)
    sent(database, dimas, 3)
    assert taps(dimas) == 4


def test_a_photo_with_the_plate_under_it_is_one_with_orders_open_or_not(database: Database, starred: Chat) -> None:
    starred.sends_photo(1, caption="передние тормозные колодки 12-345-67")
    sent(database, starred, 1)
    assert taps(starred) == 1


def test_something_for_the_workshop_is_one_with_words_and_two_with_a_button(database: Database, dimas: Chat) -> None:
    dimas.types("трубка в цех")
    dimas.presses(buttons.SEND)
    assert taps(dimas) == 1
    dimas.types("трубка")
    dimas.presses(buttons.NEXT)
    dimas.presses(buttons.WITHOUT_NUMBER, choice="no_car")
    dimas.presses(buttons.SEND)
    assert [order.comment for order in placed(database)] == ["🛠 Без машины (для цеха)"] * 2
