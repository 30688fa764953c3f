"""What somebody means by what they typed. A pure rule, because a message and a press may arrive swapped.

Telegram delivers messages and presses in separate queues, so "2" may come after the press that left the line, and the
plate before the press that asks for it. What is typed therefore explains itself as far as it can: a small number is a
quantity, an unmistakable plate is a plate, whatever the screen shows at that moment.
"""

from __future__ import annotations

import enum

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.drafts import Draft, Refusal, clean
from bot_daemon.chat.conversation.events import Part, Typed
from bot_daemon.chat.conversation.lines import taken
from bot_daemon.chat.conversation.order import car_typed, comment_typed
from bot_daemon.chat.conversation.saying import at_line, refused
from bot_daemon.chat.conversation.state import Decision, State
from bot_daemon.chat.conversation.views import View
from common.cars.vehicles import is_unmistakable

MOST_SOUGHT = 20  # lines of one text: looking for one takes a moment in a large catalogue


class Asked(enum.StrEnum):
    """What the present screen asks for."""

    PARTS = "parts"
    PLATE = "plate"
    COMMENT = "comment"


class Meaning(enum.StrEnum):
    QUANTITY = "quantity"
    PLATE = "plate"
    COMMENT = "comment"
    WORDS = "words"


ASKED = {View.PLATE: Asked.PLATE, View.COMMENT: Asked.COMMENT}


def meaning(draft: Draft, asked: Asked, text: str) -> Meaning:
    """Whether typed text is a quantity, a plate, a comment or what somebody needs."""
    if asked is Asked.COMMENT:
        return Meaning.COMMENT
    cleaned = clean(text)
    if _is_number(cleaned, 2 if asked is Asked.PLATE else 4) and (draft.lines or asked is Asked.PARTS):
        return Meaning.QUANTITY
    if asked is Asked.PLATE:
        return Meaning.PLATE if any(c.isdigit() for c in cleaned) or not cleaned else Meaning.WORDS
    return Meaning.PLATE if not draft.plate and is_unmistakable(cleaned) else Meaning.WORDS


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def sought(state: State, text: str) -> list[str]:
    """The lines of a text that are to be looked for in the catalogue, each once; none if it is no part that was typed.

    Of a long text the first ones: the others are kept as they were written.
    """
    if _meant(state, text) is not Meaning.WORDS:
        return []
    return list(dict.fromkeys(clean(line) for line in _lines_of(text) if clean(line)))[:MOST_SOUGHT]


def _meant(state: State, text: str) -> Meaning:
    return meaning(state.draft, ASKED.get(state.view, Asked.PARTS), text)


def _lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if clean(line)] or [text]


def typed(state: State, event: Typed) -> Decision:
    match _meant(state, event.text):
        case Meaning.QUANTITY:
            return _quantity(state, event)
        case Meaning.PLATE:
            return car_typed(state, event, event.text)
        case Meaning.COMMENT:
            return comment_typed(state, event, event.text)
        case Meaning.WORDS:
            return _words(state, event)


def _quantity(state: State, event: Typed) -> Decision:
    current, wanted = state.draft.current, int(clean(event.text))
    if state.draft.line(current) is None:
        return refused(state, event, Refusal.NOTHING_TO_COUNT)
    outcome = changes.set_quantity(state.draft, current, wanted) if wanted else Refusal.QUANTITY
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    after = state.with_draft(outcome)
    return Decision(after.here() if state.view is View.PLATE else at_line(after))


def _words(state: State, event: Typed) -> Decision:
    """Each line of the text is a line of the order; all of them, or none and why."""
    wanted = _lines_of(event.text)
    outcome: Draft | Refusal = state.draft
    for words in wanted:
        if isinstance(outcome, Draft):
            outcome = _added(outcome, words, event.found.get(clean(words), ()))
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    after = state.with_draft(outcome)
    if state.view is View.PLATE:
        return Decision(after.at(View.PLATE).noting("added_as_line"))
    return Decision(at_line(after) if len(wanted) == 1 else after.at(View.SUMMARY, page=0))


def _added(draft: Draft, words: str, found: tuple[Part, ...]) -> Draft | Refusal:
    """The part of this very name; else the words as written, beside the parts they may mean."""
    exact = next((part for part in found if part.exact), None)
    if exact is not None:
        return taken(draft, exact)
    return changes.add_words(draft, words, tuple(part.id for part in found))
