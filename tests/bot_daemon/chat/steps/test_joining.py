"""Who is let in, who is not, and who comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import Chat as ChatRow
from common.database.models import Order, OutboxRow, Person, Role
from common.messaging.kinds import MessageKind
from common.people import invitations, people
from tests.bot_daemon.chat.driver import Chat, look, queued
from tests.bot_daemon.chat.steps.ordering import cancel, invited, order_a_bolt, placed
from tests.support.cast import acts


def test_a_stranger_meets_a_polite_wall_in_the_language_of_their_telegram(database: Database) -> None:
    for user_id, (code, words) in enumerate({"ru-RU": "ссылку", "iw": "קישור", "fr": "link"}.items()):
        chat = Chat(database, 9000 + user_id, "Stranger", code)
        chat.types("болт")
        assert words in chat.last.text
        assert list(chat.last.buttons.values()) == ["ask"]


def test_a_stranger_who_knocks_ten_times_is_answered_once_while_the_answer_waits(charlies: Chat) -> None:
    charlies.deliver_at_once = False
    for _ in range(10):
        charlies.types("hello")
    charlies.deliver()
    assert len(charlies.messages) == 1


def test_a_strangers_press_and_photo_change_nothing(database: Database, charlies: Chat) -> None:
    charlies.presses_data("new", 1)
    charlies.sends(photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}])
    assert {row.kind for row in look(database, lambda s: list(s.scalars(select(OutboxRow))))} == {
        MessageKind.REPLY_WALL
    }


def test_an_invitation_with_a_language_welcomes_at_once(database: Database, avi: Person) -> None:
    with database.write() as session:
        _invitation, code = invitations.invite(session, acts(avi), name="Саша", language="ru")
    chat = Chat(database, 5005, "Sasha", "en")
    chat.types(f"/start {code}")
    assert chat.saying("Привет, Саша")
    assert "Саша, что нужно" in chat.last.text


def test_a_second_person_with_the_same_link_is_told_that_it_is_used(
    database: Database, avi: Person, charlies: Chat, dimas: Chat
) -> None:
    code = invited(database, avi, "Sasha")
    Chat(database, 5005, "Sasha", "en").types(f"/start {code}")
    charlies.types(f"/start {code}")
    assert "has been used" in charlies.last.text
    dimas.types(f"/start {code}")
    assert len(dimas.saying("уже использована")) == 1
    assert "что нужно" in dimas.last.text, "who is known goes home all the same"


def test_expired_revoked_and_unknown_invitations_are_refused_once(database: Database, avi: Person) -> None:
    expired, revoked = invited(database, avi, "A"), invited(database, avi, "B")
    with database.write() as session:
        invitations.revoke(session, acts(avi), 2)
    chat = Chat(database, 5005, "Sasha", "en")
    with clock.travel(timedelta(hours=25)):
        chat.types(f"/start {expired}")
    chat.types(f"/start {revoked}")
    chat.types("/start unknown")
    for words in ("has expired", "was withdrawn", "is incomplete"):
        assert len(chat.saying(words)) == 1
    assert look(database, lambda s: people.by_telegram(s, 5005)) is None


def test_opening_ones_own_link_again_is_coming_home(database: Database, avi: Person) -> None:
    code = invited(database, avi, "Sasha")
    chat = Chat(database, 5005, "Sasha", "en")
    chat.types(f"/start {code}")
    chat.presses(buttons.LANGUAGE, language="en")
    chat.types(f"/start {code}")
    assert "what does the car need" in chat.last.text
    assert not chat.saying("has been used")


def test_the_language_is_asked_until_it_is_answered(database: Database, avi: Person) -> None:
    chat = Chat(database, 5005, "Sasha", "ru")
    chat.types(f"/start {invited(database, avi, 'Sasha')}")
    chat.types("прокладка")
    assert chat.last.find(buttons.LANGUAGE, language="ru") is not None
    chat.presses(buttons.LANGUAGE, language="ru")
    assert "Список не отправлен" in chat.last.text, "what was typed before is in the list"


def test_a_language_we_do_not_speak_is_not_taken(dimas: Chat) -> None:
    dimas.types("/language")
    assert "устарела" in dimas.presses_data("language:fr", dimas.screen.id).toast


def test_a_removed_person_finds_the_door_closed_at_the_next_tap_or_text(
    database: Database, dima: Person, avi: Person, dimas: Chat
) -> None:
    order_a_bolt(dimas, "болт")
    home = dimas.button(buttons.NEW_ORDER)
    cancel = dimas.button(buttons.CANCEL)
    with database.write() as session:
        people.archive(session, acts(avi), dima.id)
    for press in (home, cancel):
        dimas.presses_data(*press)
        assert "Доступ закрыт" in dimas.last.text
    dimas.types("гайка")
    dimas.types("/start")
    assert "Доступ закрыт" in dimas.last.text
    assert [order.state.value for order in placed(database)] == ["new"]


def test_a_removed_person_with_a_new_invitation_is_back(
    database: Database, dima: Person, avi: Person, dimas: Chat
) -> None:
    with database.write() as session:
        people.archive(session, acts(avi), dima.id)
    dimas.types(f"/start {invited(database, avi, 'Dima')}")
    assert "что нужно" in dimas.last.text


def test_who_comes_back_after_blocking_gets_each_open_card_once_as_it_is_now(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    order_a_bolt(dimas, "гайка")
    cancel(dimas, 2)
    dimas.blocks()
    assert look(database, lambda s: s.get_one(ChatRow, dimas.user_id).unreachable) == "blocked"
    dimas.blocks(False)
    dimas.types("/start")
    assert look(database, lambda s: s.get_one(ChatRow, dimas.user_id).unreachable) == ""
    assert len([m for m in dimas.visible() if "Заказ 1" in m.text and "🚗" in m.text]) == 1
    assert "что нужно" in dimas.last.text


def test_who_starts_again_is_reachable_even_if_no_unblocking_was_told(database: Database, dimas: Chat) -> None:
    order_a_bolt(dimas, "болт")
    with database.write() as session:
        session.add(ChatRow(chat_id=dimas.user_id, unreachable="blocked"))
    old = dimas.button(buttons.CANCEL)[1]
    dimas.types("/start")
    dimas.types("/start")
    assert dimas.message(old).deleted
    assert len([m for m in dimas.visible() if m.find(buttons.CANCEL)]) == 1
    assert len(dimas.saying("Привет")) == 1


def test_a_group_is_left_alone(database: Database, dimas: Chat) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Bay"}
    message = {**dimas.written("болт")["message"], "chat": group}
    dimas.receive({"message": message})
    dimas.receive({"message": {**dimas.written("/start")["message"], "chat": group}})
    press = dimas.pressed("new", 5)
    press["callback_query"]["message"]["chat"] = group
    dimas.receive(press)
    dimas.receive({"my_chat_member": {**dimas.membership("kicked")["my_chat_member"], "chat": group}})
    assert look(database, lambda s: s.scalar(select(func.count()).select_from(OutboxRow))) == 0


def test_an_edited_message_is_not_a_new_one(database: Database, dimas: Chat) -> None:
    dimas.receive({"edited_message": {**dimas.written("болт")["message"], "edit_date": 1}})
    assert not queued(database, "screen")


def test_staff_may_order_in_the_chat_too(database: Database) -> None:
    with database.write() as session:
        people.add_person(session, name="Rina", role=Role.STOREKEEPER, language="en", telegram_id=77, chosen=True)
    chat = Chat(database, 77, "Rina", "en")
    order_a_bolt(chat, "bolt")
    assert look(database, lambda s: s.get_one(Order, 1).person.name) == "Rina"


@pytest.mark.parametrize("text", ["/start", "/help", "болт"])
def test_the_same_update_three_times_is_the_callers_to_stop_but_its_messages_are_queued_once(
    database: Database, dimas: Chat, text: str
) -> None:
    """The inbox lets an update in once; should one run again all the same, the outbox keys hold."""
    dimas.deliver_at_once = False
    update = {"update_id": 5, **dimas.written(text)}
    for _ in range(3):
        dimas.receive(update)
    rows = look(database, lambda s: list(s.scalars(select(OutboxRow))))
    assert len({row.key for row in rows}) == len(rows) <= 2
