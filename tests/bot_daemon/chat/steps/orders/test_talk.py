"""Writing about an order: where it goes, that nothing is lost, and that one line says so."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot_daemon.chat import buttons
from common import clock
from common.database.engine import Database
from common.database.models import ChatMessage, Media, Person, Question
from common.messaging.kinds import MessageKind
from tests.bot_daemon.chat.driver import Chat, Message, look, queued
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.talking import answer_of, asks, lines_of_draft, said, writes


def written(served: Chat, text: str) -> Message:
    """The message in which the desk says this."""
    return next(message for message in served.saying(text) if message.text.startswith("💬"))


def test_a_reply_goes_to_the_order_of_what_it_replies_to(database: Database, served: Chat, rina: Person) -> None:
    order_a_bolt(served, "гайка")
    first = next(m.id for m in served.saying("Заказ 1") if m.find(buttons.WRITE, order=1))
    served.replies("нужна левая", first)
    assert said(database, 1) == ["нужна левая"]
    assert "Передал складу (заказ 1)" in served.last.text
    served.replies("и ещё одна", served.written_last)
    assert said(database, 1) == ["нужна левая", "и ещё одна"], "a reply to one's own message, too"


def test_a_reply_to_a_message_of_the_desk_finds_its_order(database: Database, served: Chat, rina: Person) -> None:
    order_a_bolt(served, "гайка")
    writes(database, rina, 1, "Есть только M8")
    served.deliver()
    message = written(served, "Есть только M8")
    assert "Rina" in message.text
    served.replies("подойдёт", message.id)
    assert said(database, 1) == ["Есть только M8", "подойдёт"]


def test_a_draft_on_the_screen_is_not_interrupted_unless_it_is_a_reply(
    database: Database, served: Chat, rina: Person
) -> None:
    writes(database, rina, 1, "Есть только M8")
    served.presses(buttons.NEW_ORDER)
    served.types("гайка")
    assert said(database, 1) == ["Есть только M8"]
    assert lines_of_draft(database) == ["гайка"]
    served.replies("подойдёт", written(served, "Есть только M8").id)
    assert said(database, 1) == ["Есть только M8", "подойдёт"]
    assert lines_of_draft(database) == ["гайка"]


def test_what_is_typed_at_home_with_nothing_spoken_of_begins_an_order(database: Database, served: Chat) -> None:
    served.types("масляный насос")
    assert lines_of_draft(database) == ["масляный насос"]
    assert said(database, 1) == []


def test_the_order_that_was_spoken_of_is_what_the_next_message_is_about_for_half_an_hour(
    database: Database, served: Chat, rina: Person
) -> None:
    writes(database, rina, 1, "Есть только M8")
    served.types("подойдёт, неси")
    assert said(database, 1) == ["Есть только M8", "подойдёт, неси"]
    with clock.travel(timedelta(minutes=31)):
        served.types("трубка от кондея")
    assert lines_of_draft(database) == ["трубка от кондея"]


def test_the_name_of_a_part_begins_an_order_whatever_was_spoken_of(
    database: Database, served: Chat, rina: Person
) -> None:
    writes(database, rina, 1, "Есть только M8")
    served.types("масляный фильтр")
    assert said(database, 1) == ["Есть только M8"]
    assert lines_of_draft(database) == ["масляный фильтр"]


def test_two_orders_that_were_spoken_of_are_asked_about(database: Database, served: Chat, rina: Person) -> None:
    order_a_bolt(served, "гайка")
    for number in (1, 2):
        writes(database, rina, number, f"о заказе {number}")
    served.types("да")
    served.types("и побыстрее")
    assert said(database, None) == ["да", "и побыстрее"]
    for _ in range(2):
        served.presses_data(*served.button(buttons.BELONGS, order=2)) if served.screen.find(buttons.BELONGS) else None
    assert said(database, 2) == ["о заказе 2", "да", "и побыстрее"], "whatever waited goes with it"


def test_a_list_that_is_not_sent_competes(database: Database, served: Chat, rina: Person) -> None:
    served.types("трубка")
    served.types("/cancel")
    writes(database, rina, 1, "Есть только M8")
    served.types("та, что поменьше")
    assert said(database, None) == ["та, что поменьше"]
    served.presses(buttons.STARTS_ORDER)
    assert lines_of_draft(database) == ["трубка", "та, что поменьше"]
    assert said(database, None) == []


def test_whoever_wants_to_write_about_an_order_presses_that_first(database: Database, served: Chat) -> None:
    served.presses(buttons.WRITE, order=1)
    assert "Пиши, пришли" in served.screen.text
    served.types("масляный фильтр")
    assert said(database, 1) == ["масляный фильтр"]


def test_an_open_question_takes_the_next_words_as_its_answer(database: Database, served: Chat, rina: Person) -> None:
    question_id = asks(database, rina, 1)
    served.deliver()
    served.types("левую, и побыстрее")
    assert answer_of(database, question_id) == said(database, 1)[0] == "левую, и побыстрее"
    assert not served.saying("Какая сторона?")[0].buttons, "the notice has no buttons any more"


def test_what_went_to_the_wrong_order_is_moved_and_the_question_is_open_again(
    database: Database, served: Chat, rina: Person
) -> None:
    question_id = asks(database, rina, 1)
    served.deliver()
    served.types("слева трубка от кондея")
    served.presses(buttons.WHICH)
    served.presses(buttons.STARTS_ORDER)
    assert said(database, 1) == []
    assert lines_of_draft(database) == ["слева трубка от кондея"]
    question = look(database, lambda s: s.get_one(Question, question_id))
    assert (question.answer, question.answered_at) == ("", None)


def test_a_photo_is_kept_with_the_order_it_replies_to_and_an_album_stays_together(
    database: Database, served: Chat
) -> None:
    card = served.button(buttons.WRITE, order=1)[1]
    served.replies("", card, **photo(1, "album"))
    for number in (2, 3):
        served.sends_photo(number, "album")
    kept = look(database, lambda s: list(s.scalars(select(Media))))
    assert {media.order_id for media in kept} == {1}
    assert all(media.chat_message_id for media in kept)
    assert len(kept) == 3
    assert len(served.saying("Передал складу (заказ 1)")) == 1


def photo(number: int, group: str = "") -> dict[str, object]:
    size = {"file_id": f"photo{number}", "file_unique_id": f"p{number}", "width": 90, "height": 90}
    return {"photo": [size], "media_group_id": group}


def test_a_photo_out_of_the_blue_is_asked_about_while_orders_are_open(database: Database, served: Chat) -> None:
    served.sends_photo(1, caption="вот такая")
    assert said(database, None) == ["вот такая"]
    served.presses(buttons.STARTS_ORDER)
    assert said(database, None) == []
    (kept,) = look(database, lambda s: list(s.scalars(select(Media))))
    assert kept.draft_key
    assert kept.chat_message_id is None


def test_a_photo_of_somebody_without_orders_begins_one(database: Database, dimas: Chat) -> None:
    dimas.sends_photo()
    (kept,) = look(database, lambda s: list(s.scalars(select(Media))))
    assert kept.draft_key


def test_a_corrected_message_is_corrected_at_the_desk(database: Database, served: Chat) -> None:
    served.presses(buttons.WRITE, order=1)
    served.types("нужна левая")
    served.edits(served.written_last, "нужна правая")
    assert said(database, 1) == ["нужна правая"]
    assert "(изменено)" in served.message(served.button(buttons.WRITE, order=1)[1]).text
    served.edits(12345, "nothing of ours")


def test_nobody_writes_into_or_moves_to_somebody_elses_order(database: Database, served: Chat, noas: Chat) -> None:
    assert "אין הזמנה" in noas.presses_data("o:1:write", 1).toast
    noas.types("אני")
    served.presses(buttons.WRITE, order=1)
    served.types("моё")
    message = look(database, lambda s: s.scalars(select(ChatMessage.id).order_by(ChatMessage.id.desc())).first())
    order_a_bolt(noas, "אום")
    for data in (f"m:{message}:order:2", f"m:{message}:which", f"m:{message}:new"):
        noas.presses_data(data, 1)
    assert said(database, 1)[-1] == "моё"


def test_an_update_that_runs_twice_passes_on_once(database: Database, served: Chat) -> None:
    served.presses(buttons.WRITE, order=1)
    update = {"update_id": 77, **served.written("один раз")}
    for _ in range(3):
        served.receive(update)
    assert said(database, 1) == ["один раз"]
    assert len(queued(database, MessageKind.REPLY_PASSED_ON)) == 1


def test_what_found_no_room_is_said(database: Database, served: Chat) -> None:
    served.presses(buttons.WRITE, order=1)
    for number in range(21):
        served.sends_photo(number)
    assert "не сохранено" in served.last.text
