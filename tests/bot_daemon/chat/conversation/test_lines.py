"""Parts, typed words, quantities, grades and additives: what becomes of the lines of an order."""

from __future__ import annotations

from bot_daemon.chat.conversation import actions
from bot_daemon.chat.conversation.drafts import DraftLine, Refusal
from bot_daemon.chat.conversation.effects import PlaceOrder, StarPart
from bot_daemon.chat.conversation.screen_views import ScreenView
from common.database.models import Additives, Grade
from tests.bot_daemon.chat.conversation.decisions import (
    EMPTY,
    FUEL,
    PADS,
    PLUGS,
    REAR,
    WASHER,
    after,
    toasts,
    typed,
    words,
)

# Parts and words ------------------------------------------------------------------------------------------------------


def test_a_picked_part_is_a_line_of_one_of_any_grade_and_the_list_stays() -> None:
    state = after(EMPTY, actions.PickPart(PADS)).state
    assert state.draft.lines == (DraftLine(1, PADS.names, part_id=7),)
    assert state.view is ScreenView.CATEGORIES
    assert after(state, actions.PickPart(PADS)).state == state, "pressed twice"


def test_a_picked_part_of_which_one_orders_several_asks_how_many_and_leads_back_to_the_list() -> None:
    state = after(EMPTY, actions.PickPart(PLUGS)).state
    assert (state.view, state.draft.lines[0].asks_quantity) == (ScreenView.HOW_MANY, True)
    counted = after(state, actions.SetQuantity(1, 4)).state
    assert (counted.view, counted.draft.lines[0].quantity) == (ScreenView.CATEGORIES, 4)


def test_a_part_that_left_the_catalogue_before_the_press_says_so_where_the_person_is() -> None:
    decision = after(EMPTY, actions.PickPart(None))
    assert (decision.state, toasts(decision)) == (EMPTY, [Refusal.PART_GONE])


def test_an_exact_name_is_the_part_at_once() -> None:
    state = after(EMPTY, typed("Front pads", PADS, REAR)).state
    assert (state.view, state.draft.lines[0].part_id) == (ScreenView.SUMMARY, 7)


def test_words_that_may_mean_parts_are_a_line_as_written_and_a_question() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR)).state
    (line,) = state.draft.lines
    assert state.view is ScreenView.MATCHES
    assert (line.words, line.candidates) == ({"": "колодки"}, (7, 8))


def test_a_question_that_nobody_answers_is_sent_as_written() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), actions.GoOn(), typed("12345678")).state
    (placed,) = after(state, actions.SendOrder()).effects
    assert isinstance(placed, PlaceOrder)
    assert [(line.words, line.part_id) for line in placed.draft.wanted()] == [({"": "колодки"}, None)]


def test_the_answer_to_the_question_is_that_part_in_that_line_with_its_quantity() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), typed("3"), actions.SetPart(1, REAR)).state
    (line,) = state.draft.lines
    assert (line.id, line.part_id, line.quantity, line.candidates) == (1, 8, 3, ())
    assert state.view is ScreenView.SUMMARY


def test_a_part_taken_for_words_can_be_taken_back_to_the_words() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), actions.SetPart(1, REAR), actions.KeepAsWritten(1)).state
    (line,) = state.draft.lines
    assert (line.words, line.part_id) == ({"": "колодки"}, None)


def test_words_that_mean_a_part_that_is_there_already_are_its_line() -> None:
    state = after(EMPTY, actions.PickPart(PADS), typed("колодки", PADS, REAR), actions.SetPart(2, PADS)).state
    assert [line.id for line in state.draft.lines] == [1]
    again = after(state, actions.SetPart(2, PADS))
    assert (again.state.draft, toasts(again)) == (state.draft, [])


def test_unknown_words_are_a_line_without_a_question() -> None:
    state = after(EMPTY, typed("трубка от кондея")).state
    assert (state.view, words(state)) == (ScreenView.SUMMARY, ["трубка от кондея"])


# Quantity, grade, star ------------------------------------------------------------------------------------------------


def test_a_typed_number_is_the_quantity_of_the_line_in_hand_whatever_is_shown() -> None:
    state = after(EMPTY, typed("болт"), actions.GoOn(), typed("3")).state
    assert (state.view, state.draft.lines[0].quantity) == (ScreenView.PLATE, 3)


def test_the_grade_of_one_line_makes_an_order_mixed_and_the_grade_of_all_makes_it_plain() -> None:
    state = after(EMPTY, typed("болт"), typed("гайка"), actions.SetGrade(2, Grade.ORIGINAL)).state
    assert state.draft.grades() == {Grade.ANY, Grade.ORIGINAL}
    assert after(state, actions.SetGrade(None, Grade.AFTERMARKET)).state.draft.grades() == {Grade.AFTERMARKET}


def test_a_star_is_an_effect_that_names_its_result_and_leaves_the_person_where_they_are() -> None:
    state = after(EMPTY, actions.PickPart(PADS)).state
    for on in (True, False):
        decision = after(state, actions.SetStar(PADS, on))
        assert (decision.state, decision.effects) == (state, (StarPart(7, on),))


def test_an_old_button_of_a_line_that_is_gone_says_so() -> None:
    state = after(EMPTY, typed("болт"), actions.SetQuantity(1, 0), typed("гайка")).state
    for action in (
        actions.SetQuantity(1, 4),
        actions.SetGrade(1, Grade.ORIGINAL),
        actions.OpenLine(1),
        actions.KeepAsWritten(1),
    ):
        assert toasts(after(state, action)) == [Refusal.LINE_GONE]


# Additives ------------------------------------------------------------------------------------------------------------


def test_with_additives_adds_them_and_taking_it_back_takes_them_out() -> None:
    asked = after(EMPTY, typed("болт"), actions.SetAdditives(Additives.WITH, (WASHER, FUEL))).state
    assert words(asked) == ["болт", "Washer additive", "Fuel additive"]
    assert after(asked, actions.SetAdditives(Additives.WITH, (WASHER, FUEL))).state == asked
    assert words(after(asked, actions.SetAdditives(Additives.UNSAID, (WASHER, FUEL))).state) == ["болт"]


def test_an_additive_picked_by_hand_stays_when_the_choice_is_taken_back() -> None:
    by_hand = after(EMPTY, actions.PickPart(FUEL), actions.SetAdditives(Additives.WITH, (WASHER, FUEL))).state
    assert words(after(by_hand, actions.SetAdditives(Additives.UNSAID, (WASHER, FUEL))).state) == ["Fuel additive"]


def test_without_additives_takes_all_of_them_out_and_is_said_of_the_order() -> None:
    state = after(
        EMPTY, typed("болт"), actions.PickPart(FUEL), actions.SetAdditives(Additives.WITHOUT, (WASHER, FUEL))
    ).state
    assert (words(state), state.draft.additives) == (["болт"], Additives.WITHOUT)


def test_an_additive_picked_after_that_takes_the_word_back() -> None:
    state = after(EMPTY, actions.SetAdditives(Additives.WITHOUT, (WASHER, FUEL)), actions.PickPart(FUEL)).state
    assert state.draft.additives is Additives.UNSAID


def test_a_catalogue_without_additives_says_so() -> None:
    assert toasts(after(EMPTY, actions.SetAdditives(Additives.WITH))) == [Refusal.NO_ADDITIVES]
