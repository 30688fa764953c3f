"""A text that is read as an order: its corrections, its lines, its car, its urgency and its comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot_daemon.chat.conversation import cars, changes, lines
from bot_daemon.chat.conversation.actions import TypeText
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Draft, Refusal, Source, clean
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State, refuse, show_missing, show_question
from bot_daemon.chat.conversation.typed.read_lines import add_note, add_read_line, keep_whole, with_amount
from common.understanding.reading import Correction, Reading, ReadLine

MAX_CAR_REMARK = 120
MAX_TYPED_COMMENT = 700  # the car and the urgency stand in the order's comment, too


def take_order(state: State, action: TypeText) -> Decision:
    """Add whatever the text says to the draft, and show the first thing that it leaves open."""
    if action.reading.is_empty and action.reading.tokens:
        return Decision(state.here())
    if _is_a_lone_number(state.draft, action.reading):
        return refuse(state, action, Refusal.NOTHING_TO_COUNT)
    before, source = state.draft, Source(action.message, action.text)
    draft, notes = add_reading(before, action, source)
    after = state.with_draft(draft)
    shown = _show(state, after, action)
    if draft.long_texts != before.long_texts:
        notes = (*notes, "long_text")
    if action.is_cut:
        notes = (*notes, "not_all_sought")
    if _can_be_joined(draft, action):
        shown = replace(shown, arguments={**shown.arguments, "joined": action.message})
    return Decision(shown.with_notes(notes))


def _is_a_lone_number(draft: Draft, reading: Reading) -> bool:
    last = reading.of_last
    says_more = reading.lines or reading.car or reading.comment or reading.corrections
    return bool(last and not last.words and not says_more and draft.line(draft.current) is None)


def add_reading(draft: Draft, action: TypeText, source: Source) -> tuple[Draft, tuple[str, ...]]:
    """The draft with all that a text says, and the notes about it."""
    reading = action.reading
    if _says_nothing_of_an_order(draft, reading):
        words = ReadLine(source.text, words=source.text)
        return _add_lines(draft, [words] if clean(source.text) else [], action, source), ()
    draft, rest, notes = _correct(draft, reading, action)
    draft = _repeat_the_last_order(draft, action)
    draft = _add_to_the_last_line(draft, reading, source)
    draft = _add_lines(draft, rest, action, source)
    draft = _take_car(draft, action)
    draft = replace(draft, urgent=draft.urgent or reading.urgent)
    return add_comment(draft, reading.comment, source), notes


def _says_nothing_of_an_order(draft: Draft, reading: Reading) -> bool:
    """Whether the text has neither a part nor a car, and there is no line that its words could belong to."""
    names = reading.lines or reading.car or reading.car_remark or reading.same_car or reading.same_order
    says = names or reading.urgent or reading.no_car or reading.is_empty
    return not says and not draft.lines


# Corrections ----------------------------------------------------------------------------------------------------------


def _correct(draft: Draft, reading: Reading, action: TypeText) -> tuple[Draft, Sequence[ReadLine], tuple[str, ...]]:
    """The draft without the lines that the text takes back, the lines still to add, and the notes."""
    rest, notes, removed = list(reading.lines), [], draft.removed
    for correction in reading.corrections:
        line = next((line for line in draft.lines if line.part_id in correction.removed), None)
        if line is None:
            continue
        instead = _instead(rest, correction)
        part = action.parts.get(instead.part or 0) if instead else None
        if instead is None or part is None:
            draft = changes.remove_line(draft, line.id)
            removed = (*removed, line)
            notes.append("removed_line")
            continue
        changed = changes.set_part(
            draft, line.id, part.id, part.names, beside=clean(instead.remark) or line.beside, counted=part.counted
        )
        if isinstance(changed, Draft):
            draft = _with_amount_of(changed, line.id, instead)
            rest.remove(instead)
            notes.append("corrected")
    return replace(draft, removed=removed), rest, tuple(dict.fromkeys(notes))


def _instead(rest: Sequence[ReadLine], correction: Correction) -> ReadLine | None:
    return next((line for line in rest if line.part in correction.instead), None)


def _with_amount_of(draft: Draft, line_id: int, read: ReadLine) -> Draft:
    line = draft.line(line_id)
    if line is None:
        return draft
    counted = with_amount(line, read.quantity, read.unit)
    return replace(draft, lines=tuple(counted if one.id == line_id else one for one in draft.lines))


# Lines ----------------------------------------------------------------------------------------------------------------


def _repeat_the_last_order(draft: Draft, action: TypeText) -> Draft:
    if not action.reading.same_order:
        return draft
    outcome = lines.add_past_lines(draft, action.last_lines)
    draft = outcome if isinstance(outcome, Draft) else draft
    return changes.set_car(draft, action.last_car) if action.last_car and not draft.has_car else draft


def _add_to_the_last_line(draft: Draft, reading: Reading, source: Source) -> Draft:
    """What is said before any part belongs to the line touched last; without a line it is a comment."""
    last, words = reading.of_last, before_any_part(reading)
    if draft.line(draft.current) is None:
        return add_comment(draft, words, source)
    if last is not None:
        draft = _with_amount_of(draft, draft.current, last)
    outcome = add_note(draft, draft.current, words, source) if words else draft
    return outcome if isinstance(outcome, Draft) else draft


def before_any_part(reading: Reading) -> str:
    """The words that a text says of no part of its own."""
    return " ".join(filter(None, (reading.of_last.words if reading.of_last else "", reading.not_read)))


def _add_lines(draft: Draft, read: Sequence[ReadLine], action: TypeText, source: Source) -> Draft:
    """Add the lines; those that the order has no room for are kept as text."""
    for line in read:
        outcome = add_read_line(draft, line, action.parts, source)
        if isinstance(outcome, Refusal):
            return keep_whole(draft, source)
        draft = _of_message(outcome, source.message)
    return draft


def _of_message(draft: Draft, message: int) -> Draft:
    return replace(
        draft,
        lines=tuple(replace(one, message=message) if one.id == draft.current else one for one in draft.lines),
    )


# The car and the comment ----------------------------------------------------------------------------------------------


def _take_car(draft: Draft, action: TypeText) -> Draft:
    """The draft with the car that the text names. A doubtful number, and one of two, wait for a decision."""
    reading = action.reading
    remark = clean(reading.car_remark)
    if remark:
        draft = add_car_remark(draft, remark)
    if reading.other_cars:
        return replace(draft, plate="", assumed=False, other_cars=(reading.car, *reading.other_cars))
    if reading.car:
        return take_number(draft, reading.car)
    if reading.no_car:
        return changes.set_without_number(draft, CarWithoutNumber.NO_CAR)
    if reading.same_car and action.last_car:
        return changes.set_car(draft, action.last_car)
    if remark and draft.assumed:
        return replace(draft, plate="", assumed=False)
    return draft


def take_back_car(draft: Draft, action: TypeText) -> Draft:
    """The draft without the car that the text named; a car that was named elsewhere stays."""
    named = _take_car(Draft(), action)
    numbers = {named.plate, named.doubt, named.car_words, *named.other_cars}
    return replace(
        draft,
        plate="" if draft.plate in numbers else draft.plate,
        doubt="" if draft.doubt in numbers else draft.doubt,
        car_words="" if draft.car_words in numbers else draft.car_words,
        other_cars=() if numbers.issuperset(draft.other_cars) else draft.other_cars,
        without_number=None if draft.without_number is named.without_number else draft.without_number,
    )


def add_car_remark(draft: Draft, remark: str) -> Draft:
    """Add to what is known of the car; what is too long for that is a comment."""
    if remark.casefold() in draft.car_remark.casefold():
        return draft
    joined = f"{draft.car_remark}, {remark}" if draft.car_remark else remark
    if len(joined) <= MAX_CAR_REMARK:
        return replace(draft, car_remark=joined)
    return add_comment(draft, remark, Source(0, remark))


def take_number(draft: Draft, typed: str) -> Draft:
    """The draft with the number of a car, or with the question about it."""
    car = cars.read_car(typed)
    if isinstance(car, Refusal):
        return replace(draft, car_words=clean(typed))
    return changes.set_doubt(draft, car.raw) if cars.is_doubtful(car) else changes.set_car(draft, car.raw)


def add_comment(draft: Draft, words: str, source: Source) -> Draft:
    """Add to the comment; a text with no room there goes with the order as a message."""
    words = clean(words)
    if not words or words in draft.comment:
        return draft
    joined = f"{draft.comment}; {words}" if draft.comment else words
    if len(joined) <= MAX_TYPED_COMMENT:
        return replace(draft, comment=joined)
    return keep_whole(draft, source)


# What is shown --------------------------------------------------------------------------------------------------------


def _show(before: State, after: State, action: TypeText) -> State:
    """What the text leaves open, else the whole order. Politeness changes nothing."""
    if after.draft.lines and not after.draft.car_waits:
        known = {line.id for line in before.draft.lines}
        new = (line for line in after.draft.lines if line.is_open and line.id not in known)
        asked = next(new, None)
        if asked is not None:
            return show_question(after, asked)
        if before.view is ScreenView.PLATE and not after.draft.has_car:
            return after.at(ScreenView.PLATE)
        return after.at(ScreenView.SUMMARY, page=0)
    return show_missing(after)


def _can_be_joined(draft: Draft, action: TypeText) -> bool:
    """Whether a text was cut into pieces, or understood otherwise than by its very words."""
    of_it = [line for line in draft.lines if line.message == action.message]
    return bool(action.message) and len(of_it) > 1
