"""What becomes of typed words: where nothing is asked, at a line, and at the car."""

from __future__ import annotations

import pytest

from bot_daemon.chat.conversation import State, actions, cars
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, DraftLine
from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Unit
from tests.bot_daemon.chat.conversation.decisions import AT_THE_CAR, EMPTY, PADS, PLUGS, REAR, after, typed, words

ALL = (PADS, REAR, PLUGS)


def said(text: str) -> actions.TypeText:
    return typed(text, *ALL)


def the_line(state: State) -> DraftLine:
    (line,) = state.draft.lines
    return line


# Lines ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["4 свечи", "свечи 4шт", "свечи - 4", "четыре свечи", "свечи x4", "свечи х4"])
def test_a_quantity_in_digits_or_words_before_or_behind_is_the_quantity(text: str) -> None:
    line = the_line(after(EMPTY, said(text)).state)
    assert (line.part_id, line.quantity, line.asks_quantity) == (PLUGS.id, 4, False)


def test_a_part_that_is_counted_asks_how_many_and_the_answer_is_never_a_part() -> None:
    asked = after(EMPTY, said("свечи")).state
    assert asked.view is ScreenView.HOW_MANY
    for text in ("две", "x2", "2 шт", "две штуки", "שתיים"):
        line = the_line(after(asked, said(text)).state)
        assert (line.part_id, line.quantity) == (PLUGS.id, 2)


def test_choosing_a_part_keeps_quantity_size_and_brand() -> None:
    state = after(EMPTY, said("2 колодки SKF"), actions.SetPart(1, PADS, "SKF")).state
    line = the_line(state)
    assert (line.part_id, line.quantity, line.remark) == (PADS.id, 2, "SKF")
    as_typed = the_line(after(state, actions.KeepAsWritten(1)).state)
    assert (as_typed.words, as_typed.quantity, as_typed.remark) == ({"": "колодки SKF"}, 2, "")


def test_one_message_is_as_many_lines_as_it_has_parts_and_one_button_makes_it_one() -> None:
    text = "передние колодки, 4 свечи; трубка"
    state = after(EMPTY, said(text)).state
    assert [(line.quantity, line.part_id) for line in state.draft.lines] == [(1, PADS.id), (4, PLUGS.id), (1, None)]
    joined = after(state, actions.JoinLines(state.draft.sources[-1].message)).state
    assert words(joined) == [text]


def test_each_answer_leads_to_the_next_question_and_the_last_to_the_whole_order() -> None:
    first = after(EMPTY, said("колодки, свечи, 12-345-67")).state
    assert (first.view, first.number("line")) == (ScreenView.MATCHES, 1)
    second = after(first, actions.SetPart(1, REAR)).state
    assert (second.view, second.number("line")) == (ScreenView.HOW_MANY, 2)
    assert after(second, actions.SetQuantity(2, 4)).state.view is ScreenView.SUMMARY
    assert after(second, actions.AskLater(2)).state.view is ScreenView.SUMMARY


def test_a_word_for_the_place_chooses_between_two() -> None:
    state = after(EMPTY, said("колодки"), said("задние")).state
    assert (the_line(state).part_id, state.view) == (REAR.id, ScreenView.SUMMARY)


def test_another_part_typed_at_a_question_is_a_line_of_its_own() -> None:
    state = after(EMPTY, said("колодки"), said("4 свечи")).state
    assert [line.part_id for line in state.draft.lines] == [None, PLUGS.id]


def test_other_words_at_a_line_are_noted_on_it_and_one_press_makes_them_a_part() -> None:
    noted = after(EMPTY, said("4 свечи"), actions.OpenLine(1), said("иридиевые NGK")).state
    assert the_line(noted).remark == "иридиевые NGK"
    part = after(noted, actions.TakeAsPart(said("иридиевые NGK"), 1)).state
    assert (words(part), part.draft.lines[0].remark) == (["Spark plugs", "иридиевые NGK"], "")


def test_a_correction_changes_the_line_and_keeps_its_quantity() -> None:
    state = after(EMPTY, said("2 передние колодки"), said("не передние колодки, а свечи")).state
    assert (the_line(state).part_id, the_line(state).quantity) == (PLUGS.id, 2)


def test_what_is_taken_back_in_words_can_be_put_back() -> None:
    taken = after(EMPTY, said("4 свечи"), said("свечи не надо")).state
    assert taken.draft.lines == ()
    assert the_line(after(taken, actions.PutBack()).state).quantity == 4


def test_a_number_alone_counts_the_line_typed_last() -> None:
    assert the_line(after(EMPTY, said("передние колодки"), said("нет, две")).state).quantity == 2


def test_half_a_litre_is_counted_in_millilitres() -> None:
    line = the_line(after(EMPTY, said("трубка 0.5 л")).state)
    assert (line.quantity, line.unit) == (500, Unit.MILLILITRE)


# Nothing is too long --------------------------------------------------------------------------------------------------


def test_a_long_sentence_has_a_title_and_goes_as_a_whole_with_the_order() -> None:
    text = "непонятная штуковина " * 20
    state = after(EMPTY, said(text)).state
    assert the_line(state).typed.endswith("…")
    assert [one.text for one in state.draft.long_texts] == [text]
    assert state.arguments["note"] == "long_text"


def test_of_more_lines_than_an_order_holds_the_text_goes_with_it() -> None:
    text = "\n".join(f"штуковина{chr(1072 + n // 30)}{chr(1072 + n % 30)}" for n in range(60))
    state = after(EMPTY, said(text)).state
    assert len(state.draft.lines) == 50
    assert [one.text for one in state.draft.long_texts] == [text]


def test_a_long_comment_is_kept_as_a_whole() -> None:
    state = after(AT_THE_CAR, actions.OpenView(ScreenView.COMMENT), said("слово " * 300)).state
    assert len(state.draft.long_texts) == 1


# The car --------------------------------------------------------------------------------------------------------------


def test_a_sentence_has_its_car_its_urgency_and_its_comment() -> None:
    state = after(EMPTY, said("на белую мазду 12-345-67 срочно передние колодки, клиент ждёт")).state
    draft = state.draft
    assert (draft.plate, draft.car_remark, draft.urgent, draft.comment) == (
        "12-345-67",
        "белую мазду",
        True,
        "клиент ждёт",
    )
    assert draft.is_complete


def test_while_a_doubtful_number_waits_nothing_is_sent_with_the_car_before() -> None:
    state = after(EMPTY, said("передние колодки 12-345-67"), actions.OpenView(ScreenView.PLATE)).state
    asked = after(state, said("WVWZZZ1KZ8W12345")).state
    assert (asked.view, asked.draft.is_complete) == (ScreenView.PLATE, False)
    for way in (actions.GoOn(), actions.OpenView(ScreenView.SUMMARY, 0)):
        assert after(asked, way, actions.SendOrder()).state.draft == asked.draft
    used = after(asked, actions.UseCar(cars.car_mark("12-345-67"))).state
    assert (used.draft.plate, used.draft.is_complete) == ("12-345-67", True)


def test_two_numbers_in_one_message_are_a_question() -> None:
    state = after(EMPTY, said("передние колодки 12-345-67 и 76-543-21")).state
    assert (state.view, state.draft.plate, state.draft.is_complete) == (ScreenView.PLATE, "", False)


def test_words_where_the_car_is_asked_for_are_never_a_part_by_themselves() -> None:
    asked = after(AT_THE_CAR, said("тойота")).state
    assert (words(asked), asked.draft.car_words, asked.view) == (["болт"], "тойота", ScreenView.PLATE)
    assert words(after(asked, actions.TakeAsPart(said("тойота"))).state)[0] == "болт"
    without = after(asked, actions.GoWithoutNumber(CarWithoutNumber.WORDS)).state
    assert (without.draft.car_remark, without.view) == ("тойота", ScreenView.SUMMARY)
    typing = after(asked, actions.TypeNumber(), said("12-345-67")).state
    assert (typing.draft.plate, typing.draft.car_remark) == ("12-345-67", "тойота")


def test_a_number_among_words_is_the_car_and_the_words_describe_it() -> None:
    state = after(AT_THE_CAR, said("мазда 12345678")).state
    assert (state.draft.plate, state.draft.car_remark) == ("12345678", "мазда")


@pytest.mark.parametrize("text", ["без машины", "в цех"])
def test_there_may_be_no_car(text: str) -> None:
    state = after(AT_THE_CAR, said(text)).state
    assert (state.draft.without_number, state.view) == (CarWithoutNumber.NO_CAR, ScreenView.SUMMARY)
    assert state.draft.is_complete


def test_a_part_where_the_car_is_asked_for_is_added_and_the_question_stays() -> None:
    state = after(AT_THE_CAR, said("передние колодки")).state
    assert (words(state), state.view) == (["болт", "Front pads"], ScreenView.PLATE)
