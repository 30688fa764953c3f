"""A stranger wants to join, and a manager decides with a button."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import JoinRequest, JoinRequestState, OutboxRow, OutboxState, Person, Role, Via
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import moves
from common.people import invitations, join_requests, people
from common.permissions import Actor
from tests.bot_daemon.chat.driver import Chat, chat_of, look, plain, queued, together
from tests.bot_daemon.chat.steps.ordering import cancel, order_a_bolt
from tests.support.cast import acts


def manager(database: Database, name: str, telegram_id: int, language: str = "en") -> Chat:
    with database.write() as session:
        person = people.add_person(
            session, name=name, role=Role.MANAGER, language=language, telegram_id=telegram_id, chosen=True
        )
    return chat_of(database, person)


@pytest.fixture
def eves(database: Database, charlies: Chat) -> Chat:
    """The chat of a manager who linked her Telegram, beside the stranger's."""
    chat = manager(database, "Eve", 1004)
    together(charlies, chat)
    return chat


def state(database: Database) -> JoinRequestState:
    return look(database, lambda s: s.scalars(select(JoinRequest.state)).one())


def test_a_stranger_asks_is_let_in_chooses_a_language_and_orders(
    database: Database, charlies: Chat, eves: Chat
) -> None:
    charlies.types("hello")
    assert "Request sent" in charlies.presses(buttons.ASK).toast
    assert "Request sent. You will hear" in charlies.last.text
    assert "<b>Charlie</b> wants to join" in eves.last.text
    assert plain(eves.presses(buttons.LET_IN).toast) == "Charlie: access given."
    assert "Charlie, a manager has approved you" in charlies.last.text
    charlies.presses(buttons.LANGUAGE, language="ru")
    assert charlies.saying("Привет, Charlie")
    order_a_bolt(charlies, "болт")
    assert charlies.saying("Заказ 1")


def test_a_refusal_is_told_once_and_the_wall_has_no_button_for_a_day(charlies: Chat, eves: Chat) -> None:
    charlies.types("hello")
    ask = charlies.button(buttons.ASK)
    charlies.presses_data(*ask)
    assert plain(eves.presses(buttons.REFUSE).toast) == "Charlie: refused."
    assert len(charlies.saying("was declined")) == 1
    charlies.types("hello?")
    assert not charlies.last.buttons
    assert "declined" in charlies.presses_data(*ask).toast
    assert len(eves.saying("wants to join")) == 1
    with clock.travel(timedelta(days=1)):
        charlies.types("hello again")
        charlies.presses(buttons.ASK)
    assert len(eves.saying("wants to join")) == 2


def test_in_a_flood_a_manager_is_told_how_many_ask(database: Database, eves: Chat) -> None:
    for number in range(join_requests.NOTICED + 5):
        chat = Chat(database, 7000 + number, f"Stranger {number}")
        together(chat, eves)
        chat.presses_data("ask", 1)
    assert len(eves.saying("wants to join")) == join_requests.NOTICED
    assert len(eves.saying("people want to join")) == 1


def test_asking_again_and_again_is_one_request(charlies: Chat, eves: Chat) -> None:
    charlies.types("hello")
    ask = charlies.button(buttons.ASK)
    for _ in range(5):
        charlies.presses_data(*ask)
    assert "Already asked" in charlies.answers[-1].toast
    assert len(eves.saying("wants to join")) == 1
    assert len(charlies.saying("Request sent")) == 1


def test_the_second_manager_is_told_what_stands_and_who_decided(database: Database, charlies: Chat, eves: Chat) -> None:
    avis = manager(database, "Avi", 1005, "ru")
    together(charlies, eves, avis)
    charlies.types("hello")
    charlies.presses(buttons.ASK)
    eves.presses(buttons.LET_IN)
    answer = avis.presses(buttons.REFUSE)
    assert answer.alert
    assert "Charlie" in answer.toast
    assert "Eve" in answer.toast
    assert state(database) is JoinRequestState.APPROVED
    assert "access given" in eves.presses(buttons.LET_IN).toast, "one's own press again is simply done"
    assert "Avi" not in eves.presses(buttons.REFUSE).toast
    assert len(charlies.saying("a manager has approved you")) == 1


def test_a_decided_request_is_no_news(database: Database, charlies: Chat, eves: Chat) -> None:
    charlies.deliver_at_once = False
    charlies.presses_data("ask", 1)
    with database.write() as session:
        join_requests.decide(session, Actor(None, Role.MANAGER, Via.DESK), 1, JoinRequestState.APPROVED)
    charlies.deliver()
    assert not eves.messages
    assert charlies.saying("a manager has approved you")


@pytest.mark.parametrize("press", ["join:1:in", "join:1:refuse", "join:999999999:in"])
def test_a_forged_press_lets_nobody_in(database: Database, charlies: Chat, eves: Chat, dimas: Chat, press: str) -> None:
    charlies.presses_data("ask", 1)
    charlies.presses_data(press, 1)
    assert dimas.presses_data(press, 1).toast
    assert state(database) is JoinRequestState.ASKED
    assert look(database, lambda s: people.by_telegram(s, charlies.user_id)) is None


def test_somebody_removed_cannot_ask_only_be_let_in_again(
    database: Database, dima: Person, avi: Person, dimas: Chat
) -> None:
    with database.write() as session:
        people.archive(session, acts(avi), dima.id)
    dimas.presses_data("ask", 1)
    assert "Доступ закрыт" in dimas.last.text
    assert look(database, lambda s: s.scalars(select(JoinRequest)).all()) == []
    with database.write() as session:
        people.restore(session, acts(avi), dima.id)
    dimas.presses_data("ask", 1)
    assert "что нужно" in dimas.last.text


def test_a_member_who_presses_the_old_wall_goes_home(dimas: Chat) -> None:
    dimas.presses_data("ask", 1)
    assert "что нужно" in dimas.last.text


@pytest.mark.parametrize("name", ["<b>&\u202e\u2069</b>\n%(x)s {y}", "🧨" * 64, "\u200b\u2060", "Avi (manager)"])
def test_a_strangers_name_is_data(database: Database, eves: Chat, name: str) -> None:
    chat = Chat(database, 7007, name, "ru")
    together(chat, eves)
    chat.presses_data("ask", 1)
    assert "wants to join" in eves.last.text
    assert eves.presses(buttons.LET_IN).toast
    assert "открыл тебе доступ" in chat.last.text


def test_a_group_asks_for_nothing(database: Database, charlies: Chat) -> None:
    press = charlies.pressed("ask", 5)
    press["callback_query"]["message"]["chat"] = {"id": -100, "type": "supergroup", "title": "Bay"}
    charlies.receive(press)
    assert look(database, lambda s: s.scalars(select(JoinRequest)).all()) == []


# A new phone --------------------------------------------------------------------------------------------------------


def test_a_mechanic_with_a_new_phone_finds_the_open_orders_there_and_nowhere_else(
    database: Database, dima: Person, avi: Person, dimas: Chat
) -> None:
    new = Chat(database, 2001, "Dima", "ru")
    together(dimas, new)
    for words in ("болт", "гайка"):
        order_a_bolt(dimas, words)
    cancel(dimas, 2)
    with database.write() as session:
        code = invitations.invite_again(session, acts(avi), dima.id)[1]
    new.types(f"/start {code}")
    assert len([m for m in new.visible() if "🚗" in m.text]) == 1
    assert "что нужно" in new.last.text
    assert "отвязан от имени" in dimas.last.text
    assert len(new.saying("Привет")) == 1
    dimas.types("болт")
    assert dimas.last.find(buttons.ASK) is not None
    new.types(f"/start {code}")
    assert len([m for m in new.visible() if "🚗" in m.text]) == 1


def test_who_opens_the_link_of_somebody_else_is_told_so(
    database: Database, noa: Person, avi: Person, dimas: Chat
) -> None:
    with database.write() as session:
        code = invitations.invite_again(session, acts(avi), noa.id)[1]
    dimas.types(f"/start {code}")
    assert dimas.saying("для другого")


def test_whoever_writes_can_be_reached_even_if_nobody_told_us(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    dimas.blocks()
    dimas.types("гайка")
    assert len([m for m in dimas.visible() if m.find(buttons.CANCEL)]) == 1
    assert queued(database, "screen")
    assert "гайка" in dimas.last.text


def test_a_message_sent_again_by_hand_does_not_reach_whoever_has_the_chat_now(
    database: Database, dima: Person, rina: Person, avi: Person, dimas: Chat
) -> None:
    """The desk may resend what failed; by then the account can be somebody else's."""
    order_a_bolt(dimas, "болт")
    with database.write() as session:
        moves.move_order(session, acts(rina), 1, moves.Move.TAKE, expected_version=1)
        moves.move_order(session, acts(rina), 1, moves.Move.READY, expected_version=2)
        row = session.scalars(select(OutboxRow).where(OutboxRow.kind == MessageKind.NOTICE_READY)).one()
        row.state = OutboxState.FAILED
        code = invitations.invite_again(session, acts(avi), dima.id)[1]
    Chat(database, 2001, "Dima", "ru").types(f"/start {code}")
    with database.write() as session:
        newcomer = invitations.invite(session, acts(avi), name="Igor", language="ru")[1]
    dimas.types(f"/start {newcomer}")
    before = len(dimas.messages)
    with database.write() as session:
        outbox.resend(session, row.id)
    dimas.deliver()
    assert len(dimas.messages) == before
