"""What a mechanic sees of an order that is served: its card, what is ready, notices that are switched off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import LineState, OrderState, OutboxState, Person
from common.messaging.kinds import MessageKind
from common.orders import moves as orders
from common.orders import reading
from common.orders.moves import Collector, Move
from common.talk import chat
from tests.bot_daemon.chat.driver import Chat, look, plain, queued
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.serving import Desk, card, order_four
from tests.support.cast import acts


def test_a_line_that_is_ordered_changes_the_card_and_sends_nothing(desk: Desk, dimas: Chat) -> None:
    messages = len(dimas.messages)
    desk.sets(1, LineState.ORDERED, date(2026, 11, 27))
    assert len(dimas.messages) == messages
    assert "🚚 Заказано, пт, 27 нояб." in card(dimas).text


def test_that_some_parts_are_here_is_one_ping_for_whoever_wishes_it(desk: Desk, dimas: Chat) -> None:
    order_four(dimas)
    desk.moves(2, Move.TAKE)
    desk.sets(2, LineState.HERE)
    with clock.travel(timedelta(minutes=1)):
        dimas.deliver()
    assert "на месте" not in dimas.last.text, "nobody hears it who did not ask"
    dimas.types("/start")
    dimas.presses(buttons.NOTICES)
    dimas.presses(buttons.NOTICE, kind="partly_ready", switch="on")
    messages = len(dimas.messages)
    desk.sets(2, LineState.HERE, line=1)
    desk.sets(2, LineState.ORDERED, line=2)
    desk.sets(2, LineState.HERE, line=2)
    assert len(dimas.messages) == messages, "the delivery is still being ticked off"
    with clock.travel(timedelta(seconds=10)):
        dimas.deliver()
        assert len(dimas.messages) == messages + 1
        assert plain(dimas.last.text).startswith("📦 Есть 3 из 4: ")
        desk.sets(2, LineState.ORDERED, line=3)
    with clock.travel(timedelta(seconds=30)):
        dimas.deliver()
        assert len(dimas.messages) == messages + 1, "another one is still to come"
        desk.sets(2, LineState.HERE, line=3)
    with clock.travel(timedelta(minutes=1)):
        dimas.deliver()
        assert len(dimas.messages) == messages + 1, "all are here: the next word is ready"


def test_that_some_parts_are_here_is_not_said_once_the_order_is_ready(desk: Desk, dimas: Chat) -> None:
    dimas.types("/start")
    dimas.presses(buttons.NOTICES)
    dimas.presses(buttons.NOTICE, kind="partly_ready", switch="on")
    order_four(dimas)
    desk.moves(2, Move.TAKE)
    desk.sets(2, LineState.HERE)
    desk.moves(2, Move.READY)
    with clock.travel(timedelta(minutes=1)):
        dimas.deliver()
    assert not any("Есть 1 из 4" in plain(message.text) for message in dimas.messages)


def test_that_some_parts_are_here_is_not_said_when_it_was_a_mistake(desk: Desk, dimas: Chat) -> None:
    dimas.types("/start")
    dimas.presses(buttons.NOTICES)
    dimas.presses(buttons.NOTICE, kind="partly_ready", switch="on")
    order_four(dimas)
    desk.moves(2, Move.TAKE)
    desk.sets(2, LineState.HERE)
    desk.sets(2, LineState.REQUESTED)
    messages = len(dimas.messages)
    with clock.travel(timedelta(minutes=1)):
        dimas.deliver()
    assert len(dimas.messages) == messages


def test_ready_sounds_and_the_answers_to_it_are_facts(desk: Desk, dimas: Chat) -> None:
    desk.moves(1, Move.READY)
    assert dimas.last.find(buttons.COMING, order=1)
    assert "идёшь" in dimas.presses(buttons.COMING, order=1).toast
    assert "Склад знает: идёшь" in card(dimas).text
    dimas.presses(buttons.LATER, order=1)
    assert "Склад знает: придёшь позже" in card(dimas).text


def test_somebody_else_collects_with_a_code_and_the_card_ends_with_their_name(desk: Desk, dimas: Chat) -> None:
    desk.moves(1, Move.READY)
    notice = dimas.last.id
    answer = dimas.presses(buttons.SOMEBODY_ELSE, order=1)
    code = look(desk.database, lambda s: reading.get_order(s, 1).pickup_code)
    assert answer.alert
    assert code in answer.toast
    assert code in card(dimas).text
    old = dimas.button(buttons.LATER, order=1)
    with clock.travel(timedelta(hours=1)):
        desk.moves(1, Move.ISSUE, collector=Collector("Саша", code))
        when = (clock.utcnow()).strftime("%H:%M")
        assert f"Выдан: Саша, {when}" in card(dimas).text
        assert not card(dimas).buttons
        assert not dimas.message(notice).buttons
        assert "Выдан" in dimas.message(notice).text
        late = dimas.presses_data(*old)
    assert late.alert
    assert "уже выдан" in late.toast


def test_the_place_in_the_queue_stays_true(dimas: Chat, noas: Chat, database: Database, rina: Person) -> None:
    order_a_bolt(noas, "אום")
    order_a_bolt(dimas, "болт")
    assert "В очереди перед ним: 1." in card(dimas, 2).text
    Desk(database, rina, dimas).moves(1, Move.TAKE)
    assert "Твой заказ следующий" in card(dimas, 2).text


def test_a_notice_that_is_switched_off_does_not_come_and_can_be_wanted_again(desk: Desk, dimas: Chat) -> None:
    dimas.types("/cancel")
    dimas.presses(buttons.NOTICES)
    for _ in range(2):
        dimas.presses_data("notice:ready:off", dimas.screen.id)
    assert "🔕 Готов: выкл." in dimas.screen.labels()
    messages = len(dimas.messages)
    desk.moves(1, Move.READY)
    assert len(dimas.messages) == messages
    assert "✅ Готов" in card(dimas).text
    dimas.presses(buttons.NOTICE, kind="ready", switch="on")
    assert "🔔 Готов: включено" in dimas.screen.labels()
    desk.moves(1, Move.REOPEN, Move.READY)
    assert dimas.last.find(buttons.COMING)
    for forged in ("notice:question:off", "notice:card:off", "quiet:1:99999"):
        dimas.presses_data(forged, dimas.screen.id)
    desk.asks(1)
    assert dimas.last.find(buttons.ANSWER)


def test_in_quiet_hours_a_notice_comes_at_once_and_without_a_sound(desk: Desk, dimas: Chat) -> None:
    dimas.types("/cancel")
    dimas.presses(buttons.NOTICES)
    now = clock.utcnow()
    start = now.hour * 60
    dimas.presses_data(f"quiet:{start}:{(start + 120) % 1440}", dimas.screen.id)
    desk.moves(1, Move.READY)
    assert dimas.last.id in dimas.silent
    dimas.presses(buttons.ANY_HOUR)
    desk.moves(1, Move.REOPEN)
    assert dimas.last.id not in dimas.silent


def test_whoever_comes_back_sees_the_present_state_once_and_no_old_messages(
    database: Database, desk: Desk, dimas: Chat
) -> None:
    dimas.blocks()
    dimas.deliver_at_once = False
    desk_moves = (Move.WAIT, Move.RESUME, Move.READY)
    for move in desk_moves:
        with database.write() as session:
            orders.move_order(
                session,
                acts(desk.rina),
                1,
                move,
                expected_version=reading.get_order(session, 1).version,
                reason="why",
                day_unknown=True,
            )
    with database.write() as session:
        chat.write(session, acts(desk.rina), 1, "Где ты?", key="k")
    before = len(dimas.messages)
    dimas.blocks(False)
    dimas.deliver_at_once = True
    dimas.types("/start")
    new = [message.text for message in dimas.messages[before:] if not message.deleted]
    cards = [text for text in new if text.startswith("<b>Заказ 1</b>")]
    assert len(cards) == 1
    assert "✅ Готов" in cards[0]
    assert not any("подождать" in text or "Забирай" in text for text in new)
    states = {row.state for row in queued(database, MessageKind.NOTICE_READY)}
    assert states == {OutboxState.UNREACHABLE}, "the desk sees that it did not arrive"


def test_old_buttons_of_a_new_order_answer_sensibly_ever_after(desk: Desk, dimas: Chat) -> None:
    desk.moves(1, Move.READY, Move.ISSUE)
    for data in (
        "o:1:change:0",
        "o:1:line:1",
        "o:1:line:1:quantity:2",
        "o:1:add",
        "o:1:coming",
        "o:1:later",
        "o:1:code",
    ):
        assert "уже выдан" in dimas.presses_data(data, 1).toast, data
    assert "уже выдан" in dimas.presses_data("cancel:1", 1).toast
    assert look(desk.database, lambda s: reading.get_order(s, 1).state) is OrderState.ISSUED
    assert isinstance(clock.utcnow(), datetime)
