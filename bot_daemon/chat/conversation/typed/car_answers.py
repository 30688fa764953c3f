"""Text where the car is asked for: its number, that there is none, or a part that came to mind."""

from __future__ import annotations

from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import GoWithoutNumber, TakeAsPart, TypeNumber, TypeText
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Draft, Refusal, clean
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State, show_missing
from bot_daemon.chat.conversation.typed.whole_order import add_car_remark, take_number, take_order
from common.cars.vehicles import MAX_RAW
from common.understanding.reading import Reading

SMALL = 2  # digits of a number that is a quantity even here: it was typed before the car was asked for


def answer_car(state: State, action: TypeText) -> Decision:
    """Take the car. Words without a number are never added by themselves: the person says what they are."""
    reading, typed = action.reading, clean(action.text)
    if reading.car or reading.no_car or reading.same_car or reading.same_order or _names_a_part(reading):
        return _take_all(state, action)
    if any(character.isdigit() for character in typed) and not _is_a_quantity(state, typed):
        if len(typed) > MAX_RAW:
            return _ask_about(state, typed)
        return Decision(show_missing(state.with_draft(take_number(state.draft, typed))))
    if (reading.lines or reading.car_remark or reading.not_read) and not _is_a_quantity(state, typed):
        return _ask_about(state, typed)
    return _take_all(state, action)


def _take_all(state: State, action: TypeText) -> Decision:
    known = len(state.draft.lines)
    decision = take_order(state, action)
    added = len(decision.state.draft.lines) > known
    if added and decision.state.view is ScreenView.PLATE and not decision.state.draft.car_waits:
        return Decision(decision.state.with_note("added_as_line"), decision.effects)
    return decision


def _names_a_part(reading: Reading) -> bool:
    return any(line.part is not None for line in reading.lines)


def _is_a_quantity(state: State, typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= SMALL and bool(state.draft.lines)


def _ask_about(state: State, typed: str) -> Decision:
    """Keep the words, and ask what they are: a part, or a car without a number."""
    if not typed:
        return Decision(state.here().with_note(Refusal.EMPTY.value))
    return Decision(
        state.with_draft(replace(state.draft, car_words=typed, doubt="", other_cars=())).at(ScreenView.PLATE)
    )


def take_words_as_part(state: State, action: TakeAsPart) -> Decision:
    """The words where the car was asked for are a part: the car is still asked for."""
    without = state.with_draft(replace(state.draft, car_words=""))
    return _take_all(without, action.typed)


def type_number(state: State, action: TypeNumber) -> Decision:
    """Ask for the number; no car of before stands meanwhile."""
    draft = replace(_with_words_kept(state.draft), plate="", assumed=False)
    return Decision(state.with_draft(draft).at(ScreenView.PLATE))


def go_without_number(state: State, action: GoWithoutNumber) -> Decision:
    """Order without a number. Words that waited are what is known of the car."""
    draft = _with_words_kept(state.draft)
    has_photo = any(one.kind == "photo" for one in state.attached)
    if action.instead is CarWithoutNumber.PHOTO and not has_photo:
        return Decision(state.with_draft(draft).at(ScreenView.PLATE).with_note("send_plate_photo"))
    return Decision(show_missing(state.with_draft(changes.set_without_number(draft, action.instead))))


def _with_words_kept(draft: Draft) -> Draft:
    kept = replace(draft, car_words="")
    return add_car_remark(kept, draft.car_words) if draft.car_words else kept
