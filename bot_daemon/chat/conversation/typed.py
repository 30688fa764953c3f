"""The meaning of typed text. It is a pure rule, because a message and a press may arrive in reverse order.

Telegram delivers messages and presses in separate queues, so "2" may come after the press that left the line, and the
plate before the press that asks for it. So typed text is read by its form as far as possible: a small number is a
quantity, an unmistakable plate is a plate, whatever the screen shows at that moment.
"""

from __future__ import annotations

import enum

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import LivePart, TypeText
from bot_daemon.chat.conversation.drafts import Draft, Refusal, clean
from bot_daemon.chat.conversation.lines import add_live_part
from bot_daemon.chat.conversation.order import take_car, take_comment
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State, refuse, show_line
from common.cars.vehicles import is_unmistakable
from common.orders.placing import MAX_LINES


class Expected(enum.StrEnum):
    """The input that the present screen asks for."""

    PARTS = "parts"
    PLATE = "plate"
    COMMENT = "comment"


class Meaning(enum.StrEnum):
    QUANTITY = "quantity"
    PLATE = "plate"
    COMMENT = "comment"
    WORDS = "words"


EXPECTED = {ScreenView.PLATE: Expected.PLATE, ScreenView.COMMENT: Expected.COMMENT}


def meaning(draft: Draft, expected: Expected, text: str) -> Meaning:
    """Whether typed text is a quantity, a plate, a comment or the name of a part."""
    if expected is Expected.COMMENT:
        return Meaning.COMMENT
    cleaned = clean(text)
    if _is_number(cleaned, 2 if expected is Expected.PLATE else 4) and (draft.lines or expected is Expected.PARTS):
        return Meaning.QUANTITY
    if expected is Expected.PLATE:
        return Meaning.PLATE if any(c.isdigit() for c in cleaned) or not cleaned else Meaning.WORDS
    return Meaning.PLATE if not draft.plate and is_unmistakable(cleaned) else Meaning.WORDS


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def words_to_look_up(state: State, text: str) -> list[str]:
    """The lines of a text to look up in the catalogue, without repeats; empty if the text does not name parts, or has
    more lines than an order.
    """
    if _meaning_here(state, text) is not Meaning.WORDS:
        return []
    lines = list(dict.fromkeys(clean(line) for line in _lines_of(text) if clean(line)))
    return lines if len(lines) <= MAX_LINES else []


def _meaning_here(state: State, text: str) -> Meaning:
    return meaning(state.draft, EXPECTED.get(state.view, Expected.PARTS), text)


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if clean(line)] or [text]


def take_text(state: State, action: TypeText) -> Decision:
    match _meaning_here(state, action.text):
        case Meaning.QUANTITY:
            return _take_quantity(state, action)
        case Meaning.PLATE:
            return take_car(state, action, action.text)
        case Meaning.COMMENT:
            return take_comment(state, action, action.text)
        case Meaning.WORDS:
            return _take_words(state, action)


def _take_quantity(state: State, action: TypeText) -> Decision:
    current, wanted = state.draft.current, int(clean(action.text))
    if state.draft.line(current) is None:
        return refuse(state, action, Refusal.NOTHING_TO_COUNT)
    outcome = changes.set_quantity(state.draft, current, wanted) if wanted else Refusal.QUANTITY
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    after = state.with_draft(outcome)
    return Decision(after.here() if state.view is ScreenView.PLATE else show_line(after))


def _take_words(state: State, action: TypeText) -> Decision:
    """Add each line of the text as a line of the order: all of them, or none with the reason."""
    wanted = _lines_of(action.text)
    outcome: Draft | Refusal = state.draft
    for words in wanted:
        if isinstance(outcome, Draft):
            outcome = _add_words(outcome, words, action.found.get(clean(words), ()))
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    after = state.with_draft(outcome)
    if state.view is ScreenView.PLATE:
        return Decision(after.at(ScreenView.PLATE).with_note("added_as_line"))
    shown = show_line(after) if len(wanted) == 1 else after.at(ScreenView.SUMMARY, page=0)
    return Decision(shown.with_note("not_all_sought") if action.is_cut else shown)


def _add_words(draft: Draft, words: str, found: tuple[LivePart, ...]) -> Draft | Refusal:
    """Add the part of exactly this name, else the words as written with the parts they may mean."""
    exact = next((part for part in found if part.exact), None)
    if exact is not None:
        return add_live_part(draft, exact)
    return changes.add_words(draft, words, tuple(part.id for part in found))
