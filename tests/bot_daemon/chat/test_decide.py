"""What becomes of an order being written: states and events as values, no database, no bot, no clock."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_daemon.chat.conversation import Decision, State, cars, decide, drafts, events
from bot_daemon.chat.conversation.decide import DECISIONS
from bot_daemon.chat.conversation.drafts import Draft, Line, Refusal
from bot_daemon.chat.conversation.effects import Keep, Move, Place, Renew, Star, Toast
from bot_daemon.chat.conversation.events import Event, Ordered, Part
from bot_daemon.chat.conversation.state import WHOLE, Attached
from bot_daemon.chat.conversation.typed import MOST_SOUGHT, sought
from bot_daemon.chat.conversation.views import OF_THE_DRAFT, View
from common.database.models import Additives, Grade
from common.orders.moves import MAX_COMMENT, MAX_LINES, MAX_QUANTITY, MAX_WORDS

PADS = Part(7, {"en": "Front pads", "ru": "Передние колодки"})
REAR = Part(8, {"en": "Rear pads", "ru": "Задние колодки"})
WASHER, FUEL = Part(20, {"en": "Washer additive"}, additive=True), Part(21, {"en": "Fuel additive"}, additive=True)
UNNAMED = {"en": "I can't name it", "ru": "Не знаю", "he": "לא יודע"}
EMPTY = State(view=View.CATEGORIES)


def after(state: State, *happened: Event) -> Decision:
    """The last decision of a sequence of events."""
    decision = Decision(state)
    for event in happened:
        decision = decide(decision.state, event)
    return decision


def typed(text: str, *found: Part) -> events.Typed:
    return events.Typed(text, {text: found})


def photo(message_id: int, group: str = "", caption: str = "") -> events.Attach:
    return events.Attach(message_id, "photo", group, caption, UNNAMED)


def words(state: State) -> list[str]:
    return [line.words.get("") or line.words["en"] for line in state.draft.lines]


def toasts(decision: Decision) -> list[str]:
    return [effect.code for effect in decision.effects if isinstance(effect, Toast)]


def test_every_event_is_decided_somewhere() -> None:
    assert set(DECISIONS) == set(Event.__subclasses__())


# Parts and words ------------------------------------------------------------------------------------------------------


def test_a_picked_part_is_a_line_of_one_of_any_grade_and_its_line_is_shown() -> None:
    state = after(EMPTY, events.Pick(PADS)).state
    assert state.draft.lines == (Line(1, PADS.names, part_id=7),)
    assert (state.view, state.arguments) == (View.LINE, {"line": 1})


def test_a_part_that_left_the_catalogue_before_the_press_says_so_where_the_person_is() -> None:
    decision = after(EMPTY, events.Pick(None))
    assert (decision.state, toasts(decision)) == (EMPTY, [Refusal.PART_GONE])


def test_an_exact_name_is_the_part_at_once() -> None:
    exact = Part(7, PADS.names, exact=True)
    state = after(EMPTY, typed("Front pads", exact, REAR)).state
    assert (state.view, state.draft.lines[0].part_id) == (View.LINE, 7)


def test_words_that_may_mean_parts_are_a_line_as_written_and_a_question() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR)).state
    assert state.view is View.MATCHES
    assert state.draft.lines == (Line(1, {"": "колодки"}, typed="колодки", candidates=(7, 8)),)


def test_a_question_that_nobody_answers_is_sent_as_written() -> None:
    state = after(EMPTY, typed("колодки", PADS), events.Next(), typed("12345678")).state
    (placed,) = after(state, events.Send()).effects
    assert isinstance(placed, Place)
    assert [(line.words, line.part_id) for line in placed.draft.wanted()] == [({"": "колодки"}, None)]


def test_the_answer_to_the_question_is_that_part_in_that_line_with_its_quantity() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), typed("3"), events.Settle(1, REAR)).state
    (line,) = state.draft.lines
    assert (line.id, line.part_id, line.quantity, line.candidates) == (1, 8, 3, ())
    assert state.view is View.LINE


def test_a_part_taken_for_words_can_be_taken_back_to_the_words() -> None:
    state = after(EMPTY, typed("колодки", PADS, REAR), events.Settle(1, REAR), events.AsWritten(1)).state
    (line,) = state.draft.lines
    assert (line.words, line.part_id) == ({"": "колодки"}, None)


def test_words_that_mean_a_part_that_is_there_already_are_its_line() -> None:
    state = after(EMPTY, events.Pick(PADS), typed("колодки", PADS), events.Settle(2, PADS)).state
    assert [line.id for line in state.draft.lines] == [1]
    again = after(state, events.Settle(2, PADS))
    assert (again.state.draft, toasts(again)) == (state.draft, [])


def test_unknown_words_are_a_line_without_a_question() -> None:
    state = after(EMPTY, typed("трубка от кондея")).state
    assert (state.view, words(state)) == (View.LINE, ["трубка от кондея"])


def test_several_lines_of_text_are_several_lines_to_look_over() -> None:
    text = "болт\n\nFront pads\nколодки"
    found = {"Front pads": (Part(7, PADS.names, exact=True),), "колодки": (PADS, REAR)}
    assert sought(EMPTY, text) == ["болт", "Front pads", "колодки"]
    state = after(EMPTY, events.Typed(text, found)).state
    assert (state.view, words(state)) == (View.SUMMARY, ["болт", "Front pads", "колодки"])


def test_of_a_long_text_the_first_lines_are_looked_for_and_all_are_kept_as_written() -> None:
    written = [f"bolt {n}" for n in range(MAX_LINES)]
    text = "\n".join(line for line in written for _ in range(2))
    assert sought(EMPTY, text) == written[:MOST_SOUGHT]
    state = after(EMPTY, events.Typed("\n".join(written), dict.fromkeys(written[:MOST_SOUGHT], (PADS, REAR)))).state
    assert words(state) == written
    assert [bool(line.candidates) for line in state.draft.lines] == [n < MOST_SOUGHT for n in range(MAX_LINES)]


def test_more_lines_than_an_order_holds_are_refused_as_a_whole_and_said_so() -> None:
    state = after(EMPTY, events.Typed("\n".join(f"bolt {n}" for n in range(MAX_LINES + 1)))).state
    assert (state.draft.lines, state.arguments["note"]) == ((), Refusal.TOO_MANY_LINES)


def test_words_typed_where_the_car_is_asked_for_are_a_line_and_the_question_stays() -> None:
    state = after(EMPTY, typed("болт"), events.Next(), typed("гайка", PADS)).state
    assert (state.view, words(state), state.arguments["note"]) == (View.PLATE, ["болт", "гайка"], "added_as_line")


# Quantity, grade, star ------------------------------------------------------------------------------------------------


def test_a_typed_number_is_the_quantity_of_the_line_in_hand_whatever_is_shown() -> None:
    state = after(EMPTY, typed("болт"), events.Next(), typed("3")).state
    assert (state.view, state.draft.lines[0].quantity) == (View.PLATE, 3)


def test_the_grade_of_one_line_makes_an_order_mixed_and_the_grade_of_all_makes_it_plain() -> None:
    state = after(EMPTY, typed("болт"), typed("гайка"), events.SetGrade(2, Grade.ORIGINAL)).state
    assert state.draft.grades() == {Grade.ANY, Grade.ORIGINAL}
    assert after(state, events.SetGrade(None, Grade.AFTERMARKET)).state.draft.grades() == {Grade.AFTERMARKET}


def test_a_star_is_an_effect_that_names_its_result_and_leaves_the_person_where_they_are() -> None:
    state = after(EMPTY, events.Pick(PADS)).state
    for on in (True, False):
        decision = after(state, events.SetStar(PADS, on))
        assert (decision.state, decision.effects) == (state, (Star(7, on),))


def test_an_old_button_of_a_line_that_is_gone_says_so() -> None:
    state = after(EMPTY, typed("болт"), events.SetQuantity(1, 0), typed("гайка")).state
    for event in (
        events.SetQuantity(1, 4),
        events.SetGrade(1, Grade.ORIGINAL),
        events.OpenLine(1),
        events.AsWritten(1),
    ):
        assert toasts(after(state, event)) == [Refusal.LINE_GONE]


# Additives ------------------------------------------------------------------------------------------------------------


def test_with_additives_adds_them_and_taking_it_back_takes_them_out() -> None:
    asked = after(EMPTY, typed("болт"), events.SetAdditives(Additives.WITH, (WASHER, FUEL))).state
    assert words(asked) == ["болт", "Washer additive", "Fuel additive"]
    assert after(asked, events.SetAdditives(Additives.WITH, (WASHER, FUEL))).state == asked
    assert words(after(asked, events.SetAdditives(Additives.UNSAID, (WASHER, FUEL))).state) == ["болт"]


def test_an_additive_picked_by_hand_stays_when_the_choice_is_taken_back() -> None:
    by_hand = after(EMPTY, events.Pick(FUEL), events.SetAdditives(Additives.WITH, (WASHER, FUEL))).state
    assert words(after(by_hand, events.SetAdditives(Additives.UNSAID, (WASHER, FUEL))).state) == ["Fuel additive"]


def test_without_additives_takes_all_of_them_out_and_is_said_of_the_order() -> None:
    state = after(EMPTY, typed("болт"), events.Pick(FUEL), events.SetAdditives(Additives.WITHOUT, (WASHER, FUEL))).state
    assert (words(state), state.draft.additives) == (["болт"], Additives.WITHOUT)


def test_an_additive_picked_after_that_takes_the_word_back() -> None:
    state = after(EMPTY, events.SetAdditives(Additives.WITHOUT, (WASHER, FUEL)), events.Pick(FUEL)).state
    assert state.draft.additives is Additives.UNSAID


def test_a_catalogue_without_additives_says_so() -> None:
    assert toasts(after(EMPTY, events.SetAdditives(Additives.WITH))) == [Refusal.NO_ADDITIVES]


# The car --------------------------------------------------------------------------------------------------------------

AT_THE_CAR = after(EMPTY, typed("болт"), events.Next()).state


def test_a_plain_plate_is_taken_at_once() -> None:
    state = after(AT_THE_CAR, typed("12345678")).state
    assert (state.view, state.draft.plate) == (View.SUMMARY, "12345678")


@pytest.mark.parametrize("car", ["123", "1M8GDM9AXKP04278", "1M8GDM9AXKPO42788"])
def test_a_doubtful_car_is_asked_about_and_may_be_used_anyway(car: str) -> None:
    asked = after(AT_THE_CAR, typed(car)).state
    assert (asked.view, asked.draft.doubt, asked.draft.plate) == (View.PLATE, car, "")
    used = after(asked, events.UseCar(cars.mark(car))).state
    assert (used.view, used.draft.plate, used.draft.doubt) == (View.SUMMARY, car, "")
    assert after(used, events.UseCar(cars.mark(car))).state == used, "pressed twice"


def test_a_correction_is_one_press() -> None:
    asked = after(AT_THE_CAR, typed("1M8GDM9AXKPO42788")).state
    used = after(asked, events.UseCar(cars.mark("1M8GDM9AXKP042788"))).state
    assert used.draft.plate == "1M8GDM9AXKP042788"


def test_a_doubt_is_kept_while_the_person_goes_elsewhere_and_ends_with_another_car() -> None:
    asked = after(AT_THE_CAR, typed("123"), events.Open(View.CATEGORIES), typed("гайка"), events.Next()).state
    assert (asked.view, asked.draft.doubt) == (View.PLATE, "123")
    assert after(asked, typed("12345678")).state.draft.doubt == ""


def test_an_old_button_for_a_car_that_was_typed_over_does_not_set_it() -> None:
    state = after(AT_THE_CAR, typed("123"), typed("124")).state
    decision = after(state, events.UseCar(cars.mark("123")))
    assert (decision.state.draft.plate, decision.state.view, toasts(decision)) == ("", View.PLATE, [Refusal.CAR_GONE])


# Photos and voice notes -----------------------------------------------------------------------------------------------


def test_a_photo_where_parts_are_picked_is_a_line_that_nobody_can_name() -> None:
    decision = after(EMPTY, photo(50))
    assert decision.state.draft.lines == (Line(1, UNNAMED, shows=50),)
    assert decision.state.attached == (Attached(50, "photo", line=1),)
    assert decision.effects == (Keep(1),)
    assert (decision.state.view, decision.state.arguments["note"]) == (View.LINE, "to_line")


def test_its_caption_is_its_name() -> None:
    assert words(after(EMPTY, photo(50, caption="вот такая втулка")).state) == ["вот такая втулка"]


def test_a_photo_at_a_line_goes_with_the_line() -> None:
    decision = after(EMPTY, events.Pick(PADS), photo(50))
    assert (decision.effects, words(decision.state)) == ((Keep(1),), ["Front pads"])


@pytest.mark.parametrize("view", [View.SUMMARY, View.PLATE, View.COMMENT])
def test_a_photo_where_the_whole_order_is_shown_goes_with_the_order(view: View) -> None:
    decision = after(EMPTY, events.Pick(PADS), events.Open(view), photo(50))
    assert (decision.effects, decision.state.view) == ((Keep(WHOLE),), view)


def test_an_album_is_one_line_and_one_answer() -> None:
    state = after(EMPTY, photo(50, "g")).state
    for message in range(51, 60):
        decision = after(state, photo(message, "g"))
        assert (decision.effects, decision.quiet) == ((Keep(1),), True)
        state = decision.state
    assert len(state.draft.lines) == 1
    assert len(state.on_line(1)) == 10


def test_the_rest_of_an_album_follows_its_first_where_that_was_moved_to() -> None:
    state = after(EMPTY, events.Pick(PADS), photo(50, "g"), events.MoveFile(50, WHOLE)).state
    assert after(state, photo(51, "g")).effects == (Keep(WHOLE),)


def test_one_button_changes_where_it_belongs_with_its_whole_album() -> None:
    state = after(EMPTY, events.Pick(PADS), photo(50, "g"), photo(51, "g")).state
    moved = after(state, events.MoveFile(51, WHOLE))
    assert moved.effects == (Move((50, 51), WHOLE),)
    alone = after(moved.state, events.MoveFile(50, None, UNNAMED))
    assert words(alone.state) == ["Front pads", "I can't name it"]
    assert after(alone.state, events.MoveFile(50, None, UNNAMED)).state.draft == alone.state.draft, "pressed twice"


def test_a_line_that_nothing_shows_any_more_goes_unless_somebody_named_it() -> None:
    for caption, left in (("", []), ("втулка", ["втулка"])):
        state = after(EMPTY, photo(50, caption=caption), events.MoveFile(50, WHOLE)).state
        assert words(state) == left
        assert state.attached[0].line == WHOLE


def test_what_was_attached_to_a_removed_line_goes_with_the_order() -> None:
    decision = after(EMPTY, events.Pick(PADS), photo(50), events.SetQuantity(1, 0))
    assert decision.state.attached[0].line == WHOLE
    assert Move((50,), WHOLE) in decision.effects


def test_what_was_attached_to_words_goes_with_the_part_they_mean() -> None:
    state = after(EMPTY, events.Pick(PADS), typed("колодки", PADS), photo(50)).state
    decision = after(state, events.Settle(2, PADS))
    assert (decision.effects, decision.state.attached[0].line) == ((Move((50,), 1),), 1)


def test_a_photo_more_than_an_order_holds_is_refused_and_said_so() -> None:
    state = State(view=View.CATEGORIES, attached=tuple(Attached(n, "photo") for n in range(20)))
    decision = after(state, photo(50))
    assert (decision.effects, decision.state.arguments["note"]) == ((), Refusal.FILES_FULL)


# Again, sending, dropping, the catalogue ------------------------------------------------------------------------------


def test_an_order_once_more_adds_its_lines_once_as_they_were() -> None:
    past = (Ordered(PADS.names, 2, Grade.ORIGINAL, PADS), Ordered({"": "болт"}, 5, Grade.ANY, None))
    state = after(EMPTY, events.Again(past)).state
    assert [(line.quantity, line.grade) for line in state.draft.lines] == [(2, Grade.ORIGINAL), (5, Grade.ANY)]
    changed = after(state, events.SetQuantity(1, 4), events.Again(past)).state
    assert [line.quantity for line in changed.draft.lines] == [4, 5], "what is there stays as it is"


def test_sending_places_the_order_and_leaves_an_empty_draft_at_home() -> None:
    ready = after(AT_THE_CAR, typed("12345678")).state
    decision = after(ready, events.Send())
    assert decision.effects == (Place(ready.draft),)
    assert decision.state == State(view=View.HOME)


@pytest.mark.parametrize(("state", "view"), [(EMPTY, View.CATEGORIES), (AT_THE_CAR, View.PLATE)])
def test_sending_too_early_leads_to_what_is_missing(state: State, view: View) -> None:
    decision = after(state, events.Send())
    assert (decision.state.view, toasts(decision)) == (view, ["missing"])


def test_dropping_gives_the_draft_up() -> None:
    decision = after(AT_THE_CAR, events.Drop())
    assert (decision.state, decision.effects[0]) == (State(view=View.HOME), Renew())


def test_a_part_that_leaves_the_catalogue_goes_as_written_and_is_told_before_the_order_is_sent() -> None:
    ready = after(EMPTY, events.Pick(PADS), typed("12345678")).state
    told = decide(ready, events.Send(), frozenset({7}))
    assert (told.effects, told.state.view, told.state.arguments["note"]) == ((), View.SUMMARY, Refusal.PART_LEFT)
    (line,) = told.state.draft.lines
    assert (line.part_id, line.words) == (None, PADS.names)
    assert isinstance(after(told.state, events.Send()).effects[0], Place)


def test_back_and_forth_keeps_everything() -> None:
    ready = after(AT_THE_CAR, typed("12345678"), events.Open(View.COMMENT), typed("срочно"), photo(50)).state
    views = [events.Open(view) for view in (View.CATEGORIES, View.PLATE, View.HISTORY, View.COMMENT, View.DROP)]
    gone_round = after(ready, *views, events.OpenCategory(1), events.Open(View.SUMMARY, 0)).state
    assert (gone_round.draft, gone_round.attached) == (ready.draft, ready.attached)


# Whatever may happen --------------------------------------------------------------------------------------------------

PARTS = st.sampled_from([PADS, REAR, WASHER, FUEL])
texts = st.one_of(
    st.text(max_size=MAX_COMMENT + 20), st.sampled_from(["2", "12345678", "123", "колодки\nболт", "1000"])
)
ids, messages = st.integers(0, 8), st.integers(1, 12)
anything = st.one_of(
    st.builds(events.Begin),
    st.builds(events.Next),
    st.builds(events.Open, st.sampled_from(sorted(OF_THE_DRAFT)), st.none() | st.integers(0, 3)),
    st.builds(events.OpenCategory, st.none() | st.integers(1, 3), st.integers(0, 9)),
    st.builds(events.Pick, st.none() | PARTS),
    st.builds(events.Settle, ids, st.none() | PARTS),
    st.builds(events.AsWritten, ids),
    st.builds(events.OpenLine, ids),
    st.builds(events.SetQuantity, ids, st.integers(-1, MAX_QUANTITY + 1)),
    st.builds(events.SetGrade, st.none() | ids, st.none() | st.sampled_from(Grade)),
    st.builds(events.SetStar, st.none() | PARTS, st.booleans()),
    st.builds(events.SetAdditives, st.sampled_from(Additives), st.sampled_from([(), (WASHER, FUEL)])),
    st.builds(events.PickCar, st.none() | st.sampled_from(["12345678", "А123ВС77"])),
    st.builds(events.UseCar, st.sampled_from([cars.mark("123"), 5])),
    st.builds(events.Again, st.none() | st.just((Ordered(PADS.names, 2, Grade.ORIGINAL, PADS),))),
    st.builds(events.NoComment),
    st.builds(events.Drop),
    st.builds(events.Send),
    st.builds(events.MoveFile, messages, st.none() | ids, st.just(UNNAMED)),
    st.builds(events.Attach, messages, st.just("photo"), st.sampled_from(["", "g"]), texts, st.just(UNNAMED)),
    texts.map(lambda text: events.Typed(text, {"колодки": (PADS, REAR)})),
)


@given(st.lists(st.tuples(anything, st.frozensets(st.sampled_from([7, 8, 20]))), max_size=40))
def test_no_sequence_of_events_leaves_a_state_that_cannot_be(sequence: Sequence[tuple[Event, frozenset[int]]]) -> None:
    """Nothing is raised, an order's limits hold, what is attached has a place, and all of it can be stored."""
    state = EMPTY
    for event, gone in sequence:
        decision = decide(state, event, gone)
        stays(state, decision)
        state = decision.state
        assert drafts.read(json.loads(json.dumps(drafts.content(state.draft)))) == state.draft
        json.dumps(dict(state.arguments))
        within_limits(state)


def stays(before: State, decision: Decision) -> None:
    """What is attached is never lost but with its draft."""
    ended = any(isinstance(effect, Place | Renew) for effect in decision.effects)
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
def test_a_press_that_happens_twice_is_as_good_as_once(sequence: list[Event]) -> None:
    state = EMPTY
    for event in sequence:
        once = decide(state, event).state
        if event.pressed and not isinstance(event, events.Send | events.Drop):
            assert decide(once, event).state.draft == once.draft, event
        state = once


@given(st.lists(anything, max_size=25))
def test_from_every_state_an_order_can_be_finished(sequence: list[Event]) -> None:
    state = after(EMPTY, *sequence).state
    if len(state.draft.lines) < MAX_LINES:
        state = after(state, events.Begin(), events.Open(View.CATEGORIES), typed("болт")).state
    state = after(state, events.PickCar("12345678")).state
    assert isinstance(after(state, events.Send()).effects[0], Place)
    assert Draft() == after(state, events.Send()).state.draft
