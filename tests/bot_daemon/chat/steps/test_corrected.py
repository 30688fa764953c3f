"""A message that was corrected in Telegram, before and after the order was sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot_daemon.chat import buttons
from bot_daemon.chat.conversation.drafts import Draft
from bot_daemon.chat.draft_store import load_draft
from common.database.engine import Database
from common.database.models import ChatMessage, OrderLine, Person
from tests.bot_daemon.chat.driver import Chat, look
from tests.bot_daemon.chat.steps.ordering import placed


def ordered(database: Database) -> list[tuple[int, str, str]]:
    rows = look(database, lambda s: list(s.scalars(select(OrderLine).order_by(OrderLine.id))))
    return [(line.quantity, line.words.get("ru") or line.words[""], line.remark) for line in rows]


def draft_of(database: Database, person: Person) -> Draft:
    return look(database, lambda session: load_draft(session, person)).draft


def test_a_correction_changes_the_line_of_the_draft_and_keeps_the_quantity_that_was_tapped(
    database: Database, dimas: Chat
) -> None:
    dimas.types("помпа")
    corrected = dimas.written_last
    dimas.types("3")
    dimas.edits(corrected, "термостат")
    assert "Исправлено" in dimas.last.text
    dimas.types("12345678")
    dimas.presses(buttons.SEND)
    assert ordered(database) == [(3, "Термостат", "")]


def test_a_correction_may_change_the_car_and_the_comment(database: Database, dimas: Chat) -> None:
    dimas.types("помпа 12-345-67, клиент ждёт")
    dimas.edits(dimas.written_last, "помпа 12-345-68, до обеда")
    dimas.presses(buttons.SEND)
    (order,) = placed(database)
    vehicle = look(database, lambda s: s.get_one(type(order), order.id).vehicle)
    assert vehicle is not None
    assert vehicle.key == "1234568"
    assert order.comment == "до обеда"


@pytest.mark.parametrize("said", ["12-345-67", "12-345-67 12-345-68", "А12", "без машины"])
def test_a_car_that_is_taken_out_of_the_message_is_the_orders_no_more(
    database: Database, dimas: Chat, dima: Person, said: str
) -> None:
    dimas.types(f"помпа {said}")
    dimas.edits(dimas.written_last, "помпа")
    draft = draft_of(database, dima)
    assert (draft.plate, draft.doubt, draft.other_cars, draft.without_number) == ("", "", (), None)
    assert [line.part_id is not None for line in draft.lines] == [True]


def test_a_car_that_another_message_named_stays(database: Database, dimas: Chat, dima: Person) -> None:
    dimas.types("помпа 12-345-67")
    corrected = dimas.written_last
    dimas.types("12-345-68")
    dimas.edits(corrected, "термостат")
    draft = draft_of(database, dima)
    assert draft.plate == "12-345-68"


def test_words_that_no_line_could_take_are_corrected_too(database: Database, dimas: Chat, dima: Person) -> None:
    dimas.types("12-345-67 левая")
    dimas.edits(dimas.written_last, "12-345-67 правая")
    draft = draft_of(database, dima)
    assert "левая" not in f"{draft.comment} {[line.typed for line in draft.lines]}"
    assert "правая" in f"{draft.comment} {[line.typed for line in draft.lines]}"


def test_the_caption_of_a_photo_may_be_corrected_and_the_photo_stays(database: Database, dimas: Chat) -> None:
    dimas.sends_photo(1, caption="трубка")
    dimas.edits(dimas.written_last, "шланг тонкий")
    assert "📎1" in dimas.last.text
    assert "шланг тонкий" in dimas.last.text


def test_after_the_order_was_sent_the_desk_gets_the_new_words_once(database: Database, dimas: Chat) -> None:
    dimas.types("помпа 12-345-67")
    corrected = dimas.written_last
    dimas.presses(buttons.SEND)
    for text in ("термостат 12-345-67", "термостат и прокладка 12-345-67"):
        dimas.edits(corrected, text)
    messages = look(database, lambda s: list(s.scalars(select(ChatMessage.text))))
    assert messages == ["термостат и прокладка 12-345-67"]
    assert dimas.saying("Передал складу (заказ 1)")


def test_a_reply_to_what_was_ordered_goes_to_that_order(database: Database, dimas: Chat) -> None:
    dimas.types("помпа 12-345-67")
    replied = dimas.written_last
    dimas.presses(buttons.SEND)
    dimas.replies("нужна сегодня", replied)
    assert look(database, lambda s: list(s.scalars(select(ChatMessage.order_id)))) == [1]


@pytest.mark.parametrize("message", [1, 10**9])
def test_a_correction_of_what_nobody_took_changes_nothing(database: Database, dimas: Chat, message: int) -> None:
    dimas.types("помпа")
    before = dimas.last.text
    dimas.edits(message, "термостат")
    assert dimas.last.text == before
