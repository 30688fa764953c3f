"""What becomes of an order being written: states and events as values, no database, no bot, no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.chat.conversation import Decision, State, actions, cars, decide, drafts
from bot_daemon.chat.conversation.actions import Action, LivePart, PastLine
from bot_daemon.chat.conversation.decide import DECISIONS
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal
from bot_daemon.chat.conversation.effects import DiscardDraft, KeepFile, MoveFiles, PlaceOrder, StarPart, Toast
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile
from bot_daemon.chat.conversation.typed import MOST_SOUGHT, words_to_look_up
from common.database.models import Additives, Grade
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_QUANTITY, MAX_WORDS

PADS = LivePart(7, {"en": "Front pads", "ru": "Передние колодки"})
REAR = LivePart(8, {"en": "Rear pads", "ru": "Задние колодки"})
WASHER, FUEL = (
    LivePart(20, {"en": "Washer additive"}, additive=True),
    LivePart(21, {"en": "Fuel additive"}, additive=True),
)
UNNAMED = {"en": "I can't name it", "ru": "Не знаю", "he": "לא יודע"}
EMPTY = State(view=ScreenView.CATEGORIES)


def after(state: State, *happened: Action) -> Decision:
    """The last decision of a sequence of events."""
    decision = Decision(state)
    for action in happened:
        decision = decide(decision.state, action)
    return decision


def typed(text: str, *found: LivePart) -> actions.TypeText:
    return actions.TypeText(text, {text: found})


def photo(message_id: int, group: str = "", caption: str = "") -> actions.AttachFile:
    return actions.AttachFile(message_id, "photo", group, caption, UNNAMED)


def words(state: State) -> list[str]:
    return [line.words.get("") or line.words["en"] for line in state.draft.lines]


def toasts(decision: Decision) -> list[str]:
    return [effect.code for effect in decision.effects if isinstance(effect, Toast)]


def test_every_event_is_decided_somewhere() -> None:
    assert set(DECISIONS) == set(Action.__subclasses__())


# Parts and words ------------------------------------------------------------------------------------------------------


def test_a_picked_part_is_a_line_of_one_of_any_grade_and_its_line_is_shown() -> None:
    state = after(EMPTY, actions.PickPart(PADS)).state
    assert state.draft.lines == (DraftLine(1, PADS.names, part_id=7),)
    assert (state.view, state.arguments) == (ScreenView.LINE, {"line": 1})


def test_a_part_that_left_the_catalogue_before_the_press_says_so_where_the_person_is() -> None:
    decision = after(EMPTY, actions.PickPart(None))
    assert (decision.state, toasts(decision)) == (EMPTY, [Refusal.PART_GONE])


def test_an_exact_name_is_the_part_at_once() -> None:
    exact = LivePart(7, PADS.names, exact=True)
    state = after(EMPTY, typed("Front pads", exact, REAR)).state
    assert (state.view, state.draft.lines[0].part_id) == (ScreenView.LINE, 7)


def test_words_that_may_mean_parts_are_a_line_as_written_and_a_question() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR)).state
    assert state.view is ScreenView.MATCHES
    assert state.draft.lines == (DraftLine(1, {"": "колодки"}, typed="колодки", candidates=(7, 8)),)


def test_a_question_that_nobody_answers_is_sent_as_written() -> None:
    state = after(EMPTY, typed("колодки", PADS), actions.GoOn(), typed("12345678")).state
    (placed,) = after(state, actions.SendOrder()).effects
    assert isinstance(placed, PlaceOrder)
    assert [(line.words, line.part_id) for line in placed.draft.wanted()] == [({"": "колодки"}, None)]


def test_the_answer_to_the_question_is_that_part_in_that_line_with_its_quantity() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), typed("3"), actions.SetPart(1, REAR)).state
    (line,) = state.draft.lines
    assert (line.id, line.part_id, line.quantity, line.candidates) == (1, 8, 3, ())
    assert state.view is ScreenView.LINE


def test_a_part_taken_for_words_can_be_taken_back_to_the_words() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), actions.SetPart(1, REAR), actions.KeepAsWritten(1)).state
    (line,) = state.draft.lines
    assert (line.words, line.part_id) == ({"": "колодки"}, None)


def test_words_that_mean_a_part_that_is_there_already_are_its_line() -> None:
    state = after(EMPTY, actions.PickPart(PADS), typed("колодки", PADS), actions.SetPart(2, PADS)).state
    assert [line.id for line in state.draft.lines] == [1]
    again = after(state, actions.SetPart(2, PADS))
    assert (again.state.draft, toasts(again)) == (state.draft, [])


def test_unknown_words_are_a_line_without_a_question() -> None:
    state = after(EMPTY, typed("трубка от кондея")).state
    assert (state.view, words(state)) == (ScreenView.LINE, ["трубка от кондея"])


def test_several_lines_of_text_are_several_lines_to_look_over() -> None:
    text = "болт\n\nFront pads\nколодки"
    found = {"Front pads": (LivePart(7, PADS.names, exact=True),), "колодки": (PADS, REAR)}
    assert words_to_look_up(EMPTY, text) == ["болт", "Front pads", "колодки"]
    state = after(EMPTY, actions.TypeText(text, found)).state
    assert (state.view, words(state)) == (ScreenView.SUMMARY, ["болт", "Front pads", "колодки"])


def test_of_a_long_text_the_first_lines_are_looked_for_and_all_are_kept_as_written() -> None:
    written = [f"bolt {n}" for n in range(MAX_LINES)]
    text = "\n".join(line for line in written for _ in range(2))
    assert words_to_look_up(EMPTY, text) == written[:MOST_SOUGHT]
    state = after(EMPTY, actions.TypeText("\n".join(written), dict.fromkeys(written[:MOST_SOUGHT], (PADS, REAR)))).state
    assert words(state) == written
    assert [bool(line.candidates) for line in state.draft.lines] == [n < MOST_SOUGHT for n in range(MAX_LINES)]


def test_more_lines_than_an_order_holds_are_refused_as_a_whole_and_said_so() -> None:
    state = after(EMPTY, actions.TypeText("\n".join(f"bolt {n}" for n in range(MAX_LINES + 1)))).state
    assert (state.draft.lines, state.arguments["note"]) == ((), Refusal.TOO_MANY_LINES)


def test_words_typed_where_the_car_is_asked_for_are_a_line_and_the_question_stays() -> None:
    state = after(EMPTY, typed("болт"), actions.GoOn(), typed("гайка", PADS)).state
    assert (state.view, words(state), state.arguments["note"]) == (ScreenView.PLATE, ["болт", "гайка"], "added_as_line")


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


# The car --------------------------------------------------------------------------------------------------------------

AT_THE_CAR = after(EMPTY, typed("болт"), actions.GoOn()).state


def test_a_plain_plate_is_taken_at_once() -> None:
    state = after(AT_THE_CAR, typed("12345678")).state
    assert (state.view, state.draft.plate) == (ScreenView.SUMMARY, "12345678")


@pytest.mark.parametrize("car", ["123", "1M8GDM9AXKP04278", "1M8GDM9AXKPO42788"])
def test_a_doubtful_car_is_asked_about_and_may_be_used_anyway(car: str) -> None:
    asked = after(AT_THE_CAR, typed(car)).state
    assert (asked.view, asked.draft.doubt, asked.draft.plate) == (ScreenView.PLATE, car, "")
    used = after(asked, actions.UseCar(cars.car_mark(car))).state
    assert (used.view, used.draft.plate, used.draft.doubt) == (ScreenView.SUMMARY, car, "")
    assert after(used, actions.UseCar(cars.car_mark(car))).state == used, "pressed twice"


def test_a_correction_is_one_press() -> None:
    asked = after(AT_THE_CAR, typed("1M8GDM9AXKPO42788")).state
    used = after(asked, actions.UseCar(cars.car_mark("1M8GDM9AXKP042788"))).state
    assert used.draft.plate == "1M8GDM9AXKP042788"


def test_a_doubt_is_kept_while_the_person_goes_elsewhere_and_ends_with_another_car() -> None:
    asked = after(
        AT_THE_CAR, typed("123"), actions.OpenView(ScreenView.CATEGORIES), typed("гайка"), actions.GoOn()
    ).state
    assert (asked.view, asked.draft.doubt) == (ScreenView.PLATE, "123")
    assert after(asked, typed("12345678")).state.draft.doubt == ""


def test_an_old_button_for_a_car_that_was_typed_over_does_not_set_it() -> None:
    state = after(AT_THE_CAR, typed("123"), typed("124")).state
    decision = after(state, actions.UseCar(cars.car_mark("123")))
    assert (decision.state.draft.plate, decision.state.view, toasts(decision)) == (
        "",
        ScreenView.PLATE,
        [Refusal.CAR_GONE],
    )


# Photos and voice notes -----------------------------------------------------------------------------------------------


def test_a_photo_where_parts_are_picked_is_a_line_that_nobody_can_name() -> None:
    decision = after(EMPTY, photo(50))
    assert decision.state.draft.lines == (DraftLine(1, UNNAMED, shows=50),)
    assert decision.state.attached == (AttachedFile(50, "photo", line=1),)
    assert decision.effects == (KeepFile(1),)
    assert (decision.state.view, decision.state.arguments["note"]) == (ScreenView.LINE, "to_line")


def test_its_caption_is_its_name() -> None:
    assert words(after(EMPTY, photo(50, caption="вот такая втулка")).state) == ["вот такая втулка"]


def test_a_photo_at_a_line_goes_with_the_line() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), photo(50))
    assert (decision.effects, words(decision.state)) == ((KeepFile(1),), ["Front pads"])


@pytest.mark.parametrize("view", [ScreenView.SUMMARY, ScreenView.PLATE, ScreenView.COMMENT])
def test_a_photo_where_the_whole_order_is_shown_goes_with_the_order(view: ScreenView) -> None:
    decision = after(EMPTY, actions.PickPart(PADS), actions.OpenView(view), photo(50))
    assert (decision.effects, decision.state.view) == ((KeepFile(WHOLE),), view)


def test_an_album_is_one_line_and_one_answer() -> None:
    state = after(EMPTY, photo(50, "g")).state
    for message in range(51, 60):
        decision = after(state, photo(message, "g"))
        assert (decision.effects, decision.quiet) == ((KeepFile(1),), True)
        state = decision.state
    assert len(state.draft.lines) == 1
    assert len(state.on_line(1)) == 10


def test_the_rest_of_an_album_follows_its_first_where_that_was_moved_to() -> None:
    state = after(EMPTY, actions.PickPart(PADS), photo(50, "g"), actions.MoveFile(50, WHOLE)).state
    assert after(state, photo(51, "g")).effects == (KeepFile(WHOLE),)


def test_one_button_changes_where_it_belongs_with_its_whole_album() -> None:
    state = after(EMPTY, actions.PickPart(PADS), photo(50, "g"), photo(51, "g")).state
    moved = after(state, actions.MoveFile(51, WHOLE))
    assert moved.effects == (MoveFiles((50, 51), WHOLE),)
    alone = after(moved.state, actions.MoveFile(50, None, UNNAMED))
    assert words(alone.state) == ["Front pads", "I can't name it"]
    assert after(alone.state, actions.MoveFile(50, None, UNNAMED)).state.draft == alone.state.draft, "pressed twice"


def test_a_line_that_nothing_shows_any_more_goes_unless_somebody_named_it() -> None:
    for caption, left in (("", []), ("втулка", ["втулка"])):
        state = after(EMPTY, photo(50, caption=caption), actions.MoveFile(50, WHOLE)).state
        assert words(state) == left
        assert state.attached[0].line == WHOLE


def test_what_was_attached_to_a_removed_line_goes_with_the_order() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), photo(50), actions.SetQuantity(1, 0))
    assert decision.state.attached[0].line == WHOLE
    assert MoveFiles((50,), WHOLE) in decision.effects


def test_what_was_attached_to_words_goes_with_the_part_they_mean() -> None:
    state = after(EMPTY, actions.PickPart(PADS), typed("колодки", PADS), photo(50)).state
    decision = after(state, actions.SetPart(2, PADS))
    assert (decision.effects, decision.state.attached[0].line) == ((MoveFiles((50,), 1),), 1)


def test_a_photo_more_than_an_order_holds_is_refused_and_said_so() -> None:
    state = State(view=ScreenView.CATEGORIES, attached=tuple(AttachedFile(n, "photo") for n in range(20)))
    decision = after(state, photo(50))
    assert (decision.effects, decision.state.arguments["note"]) == ((), Refusal.FILES_FULL)


# Again, sending, dropping, the catalogue ------------------------------------------------------------------------------


def test_an_order_once_more_adds_its_lines_once_as_they_were() -> None:
    past = (PastLine(PADS.names, 2, Grade.ORIGINAL, PADS), PastLine({"": "болт"}, 5, Grade.ANY, None))
    state = after(EMPTY, actions.OrderAgain(past)).state
    assert [(line.quantity, line.grade) for line in state.draft.lines] == [(2, Grade.ORIGINAL), (5, Grade.ANY)]
    changed = after(state, actions.SetQuantity(1, 4), actions.OrderAgain(past)).state
    assert [line.quantity for line in changed.draft.lines] == [4, 5], "what is there stays as it is"


def test_sending_places_the_order_and_leaves_an_empty_draft_at_home() -> None:
    ready = after(AT_THE_CAR, typed("12345678")).state
    decision = after(ready, actions.SendOrder())
    assert decision.effects == (PlaceOrder(ready.draft),)
    assert decision.state == State(view=ScreenView.HOME)


@pytest.mark.parametrize(("state", "view"), [(EMPTY, ScreenView.CATEGORIES), (AT_THE_CAR, ScreenView.PLATE)])
def test_sending_too_early_leads_to_what_is_missing(state: State, view: ScreenView) -> None:
    decision = after(state, actions.SendOrder())
    assert (decision.state.view, toasts(decision)) == (view, ["missing"])


def test_dropping_gives_the_draft_up() -> None:
    decision = after(AT_THE_CAR, actions.DropDraft())
    assert (decision.state, decision.effects[0]) == (State(view=ScreenView.HOME), DiscardDraft())


def test_a_part_that_leaves_the_catalogue_goes_as_written_and_is_told_before_the_order_is_sent() -> None:
    ready = after(EMPTY, actions.PickPart(PADS), typed("12345678")).state
    told = decide(ready, actions.SendOrder(), frozenset({7}))
    assert (told.effects, told.state.view, told.state.arguments["note"]) == ((), ScreenView.SUMMARY, Refusal.PART_LEFT)
    (line,) = told.state.draft.lines
    assert (line.part_id, line.words) == (None, PADS.names)
    assert isinstance(after(told.state, actions.SendOrder()).effects[0], PlaceOrder)


def test_back_and_forth_keeps_everything() -> None:
    ready = after(AT_THE_CAR, typed("12345678"), actions.OpenView(ScreenView.COMMENT), typed("срочно"), photo(50)).state
    views = [
        actions.OpenView(view)
        for view in (ScreenView.CATEGORIES, ScreenView.PLATE, ScreenView.HISTORY, ScreenView.COMMENT, ScreenView.DROP)
    ]
    gone_round = after(ready, *views, actions.OpenCategory(1), actions.OpenView(ScreenView.SUMMARY, 0)).state
    assert (gone_round.draft, gone_round.attached) == (ready.draft, ready.attached)


# Whatever may happen --------------------------------------------------------------------------------------------------

PARTS = st.sampled_from([PADS, REAR, WASHER, FUEL])
texts = st.one_of(
    st.text(max_size=MAX_COMMENT + 20), st.sampled_from(["2", "12345678", "123", "колодки\nболт", "1000"])
)
ids, messages = st.integers(0, 8), st.integers(1, 12)
anything = st.one_of(
    st.builds(actions.BeginOrder),
    st.builds(actions.GoOn),
    st.builds(actions.OpenView, st.sampled_from(sorted(OF_THE_DRAFT)), st.none() | st.integers(0, 3)),
    st.builds(actions.OpenCategory, st.none() | st.integers(1, 3), st.integers(0, 9)),
    st.builds(actions.PickPart, st.none() | PARTS),
    st.builds(actions.SetPart, ids, st.none() | PARTS),
    st.builds(actions.KeepAsWritten, ids),
    st.builds(actions.OpenLine, ids),
    st.builds(actions.SetQuantity, ids, st.integers(-1, MAX_QUANTITY + 1)),
    st.builds(actions.SetGrade, st.none() | ids, st.none() | st.sampled_from(Grade)),
    st.builds(actions.SetStar, st.none() | PARTS, st.booleans()),
    st.builds(actions.SetAdditives, st.sampled_from(Additives), st.sampled_from([(), (WASHER, FUEL)])),
    st.builds(actions.PickCar, st.none() | st.sampled_from(["12345678", "А123ВС77"])),
    st.builds(actions.UseCar, st.sampled_from([cars.car_mark("123"), 5])),
    st.builds(actions.OrderAgain, st.none() | st.just((PastLine(PADS.names, 2, Grade.ORIGINAL, PADS),))),
    st.builds(actions.ClearComment),
    st.builds(actions.DropDraft),
    st.builds(actions.SendOrder),
    st.builds(actions.MoveFile, messages, st.none() | ids, st.just(UNNAMED)),
    st.builds(actions.AttachFile, messages, st.just("photo"), st.sampled_from(["", "g"]), texts, st.just(UNNAMED)),
    texts.map(lambda text: actions.TypeText(text, {"колодки": (PADS, REAR)})),
)


@given(st.lists(st.tuples(anything, st.frozensets(st.sampled_from([7, 8, 20]))), max_size=40))
def test_no_sequence_of_events_leaves_a_state_that_cannot_be(sequence: Sequence[tuple[Action, frozenset[int]]]) -> None:
    """Nothing is raised, an order's limits hold, what is attached has a place, and all of it can be stored."""
    state = EMPTY
    for action, gone in sequence:
        decision = decide(state, action, gone)
        stays(state, decision)
        state = decision.state
        assert drafts.from_stored(json.loads(json.dumps(drafts.to_stored(state.draft)))) == state.draft
        json.dumps(dict(state.arguments))
        within_limits(state)


def stays(before: State, decision: Decision) -> None:
    """What is attached is never lost but with its draft."""
    ended = any(isinstance(effect, PlaceOrder | DiscardDraft) for effect in decision.effects)
    kept = {one.message_id for one in decision.state.attached}
    assert ended or {one.message_id for one in before.attached} <= kept


def within_limits(state: State) -> None:
    draft, line_ids = state.draft, {line.id for line in state.draft.lines}
    assert len(line_ids) == len(draft.lines) <= MAX_LINES
    assert all(1 <= line.quantity <= MAX_QUANTITY for line in draft.lines)
    assert all(0 < len(text) <= MAX_WORDS for line in draft.lines for text in line.words.values())
    assert (draft.current in line_ids) == bool(line_ids)
    assert {one.line for one in state.attached} <= line_ids | {WHOLE}
    parts = [line.part_id for line in draft.lines if line.part_id is not None]
    assert len(parts) == len(set(parts)), "no part twice"


@given(st.lists(anything, max_size=25))
def test_a_press_that_happens_twice_is_as_good_as_once(sequence: list[Action]) -> None:
    state = EMPTY
    for action in sequence:
        once = decide(state, action).state
        if action.pressed and not isinstance(action, actions.SendOrder | actions.DropDraft):
            assert decide(once, action).state.draft == once.draft, action
        state = once


@given(st.lists(anything, max_size=25))
def test_from_every_state_an_order_can_be_finished(sequence: list[Action]) -> None:
    state = after(EMPTY, *sequence).state
    if len(state.draft.lines) < MAX_LINES:
        state = after(state, actions.BeginOrder(), actions.OpenView(ScreenView.CATEGORIES), typed("болт")).state
    state = after(state, actions.PickCar("12345678")).state
    assert isinstance(after(state, actions.SendOrder()).effects[0], PlaceOrder)
    assert Draft() == after(state, actions.SendOrder()).state.draft
