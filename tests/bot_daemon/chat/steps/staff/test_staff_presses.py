"""Presses of staff that come second, late, forged or from somebody who was removed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from bot_daemon.chat import buttons
from common.database.engine import Database
from common.database.models import Event, Order, Person
from common.events.kinds import EventKind
from common.people import people
from tests.bot_daemon.chat.driver import Chat, look, plain
from tests.bot_daemon.chat.steps.ordering import cancel, order_a_bolt
from tests.bot_daemon.chat.steps.staff.staff_chats import S, staff_card, state
from tests.support.cast import acts


def test_the_second_who_takes_it_is_told_who_was_first_and_sees_the_present_card(
    database: Database, dimas: Chat, rinas: Chat, avis: Chat
) -> None:
    order_a_bolt(dimas, "болт")
    late = avis.button(buttons.MOVE, move="take")
    rinas.presses(buttons.MOVE, move="take")
    answer = avis.presses_data(*late)
    assert answer.alert
    assert plain(answer.toast).startswith("Not done: Rina was first.")
    assert "Rina is on this" in staff_card(avis).text
    assert look(database, lambda s: s.get_one(Order, 1).version) == 2


def test_ones_own_press_again_is_simply_done(database: Database, dimas: Chat, rinas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    take = rinas.button(buttons.MOVE, move="take")
    first, again = rinas.presses_data(*take), rinas.presses_data(*take)
    assert first == again
    assert not again.alert
    assert len(look(database, lambda s: s.scalars(select(Event).where(Event.kind == EventKind.ORDER_TAKEN)).all())) == 1


def test_of_two_who_press_at_once_one_wins(database: Database, dimas: Chat, rinas: Chat, avis: Chat) -> None:
    order_a_bolt(dimas, "болт")
    for chat in (rinas, avis):
        chat.deliver_at_once = False
    start, alerts = threading.Barrier(2), []

    def press(chat: Chat, button: tuple[str, int]) -> None:
        start.wait(10)
        alerts.append(chat.presses_data(*button).alert)

    pairs = [(chat, chat.button(buttons.MOVE, move="take")) for chat in (rinas, avis)]
    threads = [threading.Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(alerts) == [False, True]


def test_a_change_of_the_mechanics_makes_the_button_stale(database: Database, dimas: Chat, rinas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    take = rinas.button(buttons.MOVE, move="take")
    cancel(dimas, 1)
    answer = rinas.presses_data(*take)
    assert answer.alert
    assert "Dima" in answer.toast
    assert "Cancelled" in answer.toast
    assert staff_card(rinas).find(buttons.MOVE, move="take") is None


@pytest.mark.parametrize(
    "press",
    ["move:1:1:take", "move:1:1:cancel:twice", "why:1:1:cancel", "desk:new:0", "staff:order:1", "move:1:1:explode"],
)
def test_a_mechanic_who_forges_a_press_moves_nothing(database: Database, dimas: Chat, press: str) -> None:
    order_a_bolt(dimas, "болт")
    assert "устарела" in dimas.presses_data(press, 1).toast
    assert state(database) is S.NEW


@pytest.mark.parametrize(
    "press",
    [
        "move:1:1:explode",
        "move:1:1:cancel",
        "move:1:1:cancel:because",
        "move:1:1:issue",
        "move:1:1:wait:twice",
        "move:999999999:1:take",
        "why:1:1:take",
        "why:999:1:wait",
        "staff:order:999",
    ],
)
def test_a_press_that_makes_no_sense_changes_nothing(database: Database, dimas: Chat, rinas: Chat, press: str) -> None:
    order_a_bolt(dimas, "болт")
    assert rinas.presses_data(press, 1).toast
    assert state(database) is S.NEW
    assert look(database, lambda s: s.get_one(Order, 1).version) == 1


def test_somebody_removed_is_out_at_the_next_press(database: Database, dimas: Chat, rinas: Chat, avi: Person) -> None:
    order_a_bolt(dimas, "болт")
    take = rinas.button(buttons.MOVE, move="take")
    with database.write() as session:
        rina = people.by_telegram(session, 77)
        assert rina is not None
        people.archive(session, acts(avi), rina.id)
    before = staff_card(rinas).text
    rinas.presses_data(*take)
    assert state(database) is S.NEW
    assert "access is closed" in rinas.last.text
    cancel(dimas, 1)
    assert staff_card(rinas).text == before
