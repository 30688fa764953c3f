"""Photos and voice notes: where they go, and where they are when a line goes."""

from __future__ import annotations

from bot_daemon.chat.conversation import State, actions
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, DraftLine, Refusal
from bot_daemon.chat.conversation.effects import KeepFile, MoveFiles
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile
from tests.bot_daemon.chat.conversation.decisions import EMPTY, PADS, REAR, UNNAMED, after, photo, typed, words


def test_a_photo_where_parts_are_picked_is_a_line_that_nobody_can_name() -> None:
    decision = after(EMPTY, photo(50))
    assert decision.state.draft.lines == (DraftLine(1, UNNAMED, shows=50, message=50),)
    assert decision.state.attached == (AttachedFile(50, "photo", line=1),)
    assert decision.effects == (KeepFile(1),)
    assert (decision.state.view, decision.state.arguments["note"]) == (ScreenView.PLATE, "to_line")


def test_its_caption_is_read_like_typed_words() -> None:
    assert words(after(EMPTY, photo(50, "", "такая втулка")).state) == ["такая втулка"]
    state = after(EMPTY, photo(50, "", "задние колодки 12-345-67", PADS, REAR)).state
    assert (words(state), state.draft.plate, state.attached[0].line) == (["Rear pads"], "12-345-67", 1)


def test_each_photo_with_words_is_a_line_of_its_own() -> None:
    decision = after(EMPTY, photo(50, "", "трубка"), photo(51, "", "диски"), photo(52, "", "2 пыльника"))
    assert words(decision.state) == ["трубка", "диски", "пыльника"]
    assert [one.line for one in decision.state.attached] == [1, 2, 3]
    assert decision.state.draft.lines[2].quantity == 2


def test_in_an_album_a_photo_without_words_goes_to_the_words_before_it() -> None:
    state = after(EMPTY, photo(50, "g", "трубка"), photo(51, "g"), photo(52, "g", "диски"), photo(53, "g")).state
    assert (words(state), [one.line for one in state.attached]) == (["трубка", "диски"], [1, 1, 2, 2])


def test_a_photo_at_a_line_goes_with_the_line() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), actions.OpenLine(1), photo(50))
    assert (decision.effects, words(decision.state)) == ((KeepFile(1),), ["Front pads"])


def test_a_photo_after_a_part_of_the_catalogue_is_a_line_of_its_own() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), photo(50))
    assert (decision.effects, words(decision.state)) == ((KeepFile(2),), ["Front pads", "I can't name it"])


def test_a_photo_after_words_that_are_no_part_shows_what_they_mean() -> None:
    state = after(EMPTY, typed("12-345-67"), typed("трубка от кондея")).state
    assert after(state, photo(50)).effects == (KeepFile(1),)


def test_a_photo_where_the_car_is_asked_for_shows_its_number() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), actions.OpenView(ScreenView.PLATE), photo(50))
    assert decision.state.draft.without_number is CarWithoutNumber.PHOTO
    assert decision.effects == (KeepFile(WHOLE),)
    assert decision.state.view is ScreenView.SUMMARY


def test_an_album_is_one_line_and_one_answer() -> None:
    state = after(EMPTY, photo(50, "g")).state
    for message in range(51, 60):
        decision = after(state, photo(message, "g"))
        assert (decision.effects, decision.quiet) == ((KeepFile(1),), True)
        state = decision.state
    assert len(state.draft.lines) == 1
    assert len(state.on_line(1)) == 10


def test_the_rest_of_an_album_follows_its_first_where_that_was_moved_to() -> None:
    state = after(EMPTY, actions.PickPart(PADS), actions.OpenLine(1), photo(50, "g"), actions.MoveFile(50, WHOLE)).state
    assert after(state, photo(51, "g")).effects == (KeepFile(WHOLE),)


def test_one_button_changes_where_it_belongs_with_its_whole_album() -> None:
    state = after(EMPTY, actions.PickPart(PADS), actions.OpenLine(1), photo(50, "g"), photo(51, "g")).state
    moved = after(state, actions.MoveFile(51, WHOLE))
    assert moved.effects == (MoveFiles((50, 51), WHOLE),)
    alone = after(moved.state, actions.MoveFile(50, None, UNNAMED))
    assert words(alone.state) == ["Front pads", "I can't name it"]
    assert after(alone.state, actions.MoveFile(50, None, UNNAMED)).state.draft == alone.state.draft, "pressed twice"


def test_a_line_that_nothing_shows_any_more_goes_unless_somebody_named_it() -> None:
    for caption, left in (("", []), ("втулка", ["втулка"])):
        state = after(EMPTY, photo(50, "", caption), actions.MoveFile(50, WHOLE)).state
        assert words(state) == left
        assert state.attached[0].line == WHOLE


def test_what_was_attached_to_a_removed_line_goes_with_the_order() -> None:
    decision = after(EMPTY, actions.PickPart(PADS), actions.OpenLine(1), photo(50), actions.SetQuantity(1, 0))
    assert decision.state.attached[0].line == WHOLE
    assert MoveFiles((50,), WHOLE) in decision.effects


def test_what_was_attached_to_words_goes_with_the_part_they_mean() -> None:
    state = after(EMPTY, actions.PickPart(PADS), typed("колодки", PADS, REAR), photo(50)).state
    decision = after(state, actions.SetPart(2, PADS))
    assert (decision.effects, decision.state.attached[0].line) == ((MoveFiles((50,), 1),), 1)


def test_a_photo_more_than_an_order_holds_is_refused_and_said_so() -> None:
    state = State(view=ScreenView.CATEGORIES, attached=tuple(AttachedFile(n, "photo") for n in range(20)))
    decision = after(state, photo(50))
    assert (decision.effects, decision.state.arguments["note"]) == ((), Refusal.FILES_FULL)
