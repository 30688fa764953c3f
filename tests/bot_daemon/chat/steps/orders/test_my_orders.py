"""My orders: what can be acted on first, and each row says what was ordered."""

from __future__ import annotations

from datetime import date

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import LineState, Part, Person
from common.orders import placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.serving import Desk, order_four
from tests.support.cast import acts


def listed(chat: Chat) -> list[str]:
    """The labels of the orders on the screen, from above."""
    return [text for text, data in chat.screen.buttons.items() if buttons.ORDER.pattern.match(data)]


def numbers(chat: Chat) -> list[str]:
    return [text.split()[0] for text in listed(chat)]


def test_a_person_without_orders_is_told_so(dimas: Chat) -> None:
    dimas.types("/orders")
    assert "Открытых заказов нет" in dimas.screen.text
    dimas.presses(buttons.ORDERS_SHOWN, show="all")
    assert "Пока пусто" in dimas.screen.text


def test_open_orders_come_first_what_can_be_acted_on_before_what_waits(desk: Desk, dimas: Chat) -> None:
    for words in ("новый", "ждёт", "спрошен", "готов", "отменён"):
        order_a_bolt(dimas, words)
    desk.moves(3, Move.TAKE, Move.WAIT)
    desk.moves(4, Move.TAKE)
    desk.asks(4)
    desk.moves(5, Move.TAKE, Move.READY)
    desk.moves(6, Move.CANCEL)
    dimas.types("/orders")
    assert numbers(dimas) == ["5", "4", "3", "1", "2"]
    assert "есть вопрос" in dimas.screen.text
    dimas.presses(buttons.ORDERS_SHOWN, show="all", page=0)
    dimas.presses(buttons.ORDERS_SHOWN, show="all", page=1)
    assert numbers(dimas) == ["6"], "closed orders come after the open ones"


def test_a_row_says_what_was_ordered_and_for_which_car(desk: Desk, dimas: Chat) -> None:
    order_four(dimas)
    desk.sets(1, LineState.ORDERED, date(2026, 11, 27))
    dimas.types("/orders")
    assert listed(dimas) == ["1 🔧 болт · 12-345-67", "2 🆕 гайка и ещё 3 · 12-345-67"]
    assert "1 · 🔧 В работе · болт · 12-345-67" in dimas.screen.text.replace("<b>", "").replace("</b>", "")


def test_a_long_name_is_cut_and_the_plate_and_the_count_stay(database: Database, dima: Person, dimas: Chat) -> None:
    with database.write() as session:
        part = session.query(Part).first()
        assert part is not None
        part.button_names = {"ru": "Короткое имя"}
        lines = [WantedLine({"": "очень " * 20}), WantedLine({"": "болт"})]
        placing.place_order(session, key="long", person=dima, lines=lines, actor=acts(dima))
        lines = [WantedLine(dict(part.names), part_id=part.id)]
        placing.place_order(session, key="short", person=dima, lines=lines, actor=acts(dima))
    dimas.types("/orders")
    assert listed(dimas)[0] == "2 🆕 Короткое имя"
    assert listed(dimas)[1].endswith("… и ещё 1")
    assert len(listed(dimas)[1]) <= 36


def test_orders_are_listed_five_at_a_time_the_newest_first(dimas: Chat) -> None:
    for number in range(7):
        order_a_bolt(dimas, f"болт {number}")
    dimas.types("/orders")
    assert numbers(dimas) == ["7", "6", "5", "4", "3"]
    dimas.presses(buttons.ORDERS_SHOWN, page=1)
    assert "2/2" in dimas.screen.text
    assert numbers(dimas) == ["2", "1"]
    assert dimas.screen.find(buttons.ORDERS_SHOWN, page=2) is None


def test_an_old_button_of_ready_orders_and_the_list_of_a_car_still_work(desk: Desk, dimas: Chat) -> None:
    order_a_bolt(dimas, "гайка")
    desk.moves(1, Move.READY)
    desk.moves(2, Move.CANCEL)
    dimas.types("/orders")
    dimas.presses_data("orders:ready:0", dimas.screen.id)
    assert numbers(dimas) == ["1"]
    dimas.presses(buttons.CARS)
    dimas.presses(buttons.ORDERS_OF_CAR)
    assert numbers(dimas) == ["1", "2"]
