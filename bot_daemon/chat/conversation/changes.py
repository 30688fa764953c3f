"""What can be done to a draft. Each names its result, so that doing it twice is doing it once; a refusal is a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal, clean
from common.database.models import Additives, Grade
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_QUANTITY, MAX_WORDS

# Lines ----------------------------------------------------------------------------------------------------------------


def add_part(draft: Draft, part_id: int, words: Mapping[str, str], *, additive: bool = False) -> Draft | Refusal:
    """The part is in the order: a second press finds its line, it does not add another."""
    present = draft.line_of_part(part_id)
    if present is not None:
        return replace(draft, current=present.id)
    return _append(draft, DraftLine(draft.next_id, words, part_id=part_id, additive=additive))


def allow_additives(draft: Draft) -> Draft:
    """An additive was asked for by hand: this is not an order without additives any more."""
    return replace(draft, additives=Additives.UNSAID) if draft.additives is Additives.WITHOUT else draft


def add_words(draft: Draft, text: str, candidates: tuple[int, ...] = ()) -> Draft | Refusal:
    """A line as written, and which parts it may mean. The same words again are the line that is there."""
    words = clean(text)
    if not words:
        return Refusal.EMPTY
    if len(words) > MAX_WORDS:
        return Refusal.WORDS_LONG
    present = next((line for line in draft.lines if line.words.get("", "").casefold() == words.casefold()), None)
    if present is not None:
        return _change(draft, present.id, candidates=candidates)
    return _append(draft, DraftLine(draft.next_id, {"": words}, typed=words, candidates=candidates))


def add_unnamed(draft: Draft, message_id: int, words: Mapping[str, str], caption: str = "") -> Draft | Refusal:
    """A line that a photo or voice note names: it bears the caption, if there is one that fits, else `words`."""
    present = next((line for line in draft.lines if line.shows == message_id), None)
    if present is not None:
        return replace(draft, current=present.id)
    said = clean(caption)
    said = said if len(said) <= MAX_WORDS else ""
    return _append(draft, DraftLine(draft.next_id, {"": said} if said else words, typed=said, shows=message_id))


def _append(draft: Draft, line: DraftLine) -> Draft | Refusal:
    if len(draft.lines) >= MAX_LINES:
        return Refusal.TOO_MANY_LINES
    return replace(draft, lines=(*draft.lines, line), current=line.id, next_id=draft.next_id + 1)


def add_past_line(draft: Draft, words: Mapping[str, str]) -> Draft | Refusal:
    """A line of an order of the past that is no part of the catalogue now, in its words."""
    if "" in words:
        return add_words(draft, words[""])
    present = next((line for line in draft.lines if line.part_id is None and line.words == words), None)
    return replace(draft, current=present.id) if present else _append(draft, DraftLine(draft.next_id, words))


def set_part(draft: Draft, line_id: int, part_id: int, words: Mapping[str, str]) -> Draft | Refusal:
    """The line is this part; where another line is the part already, that one stands for both."""
    other = draft.line_of_part(part_id)
    if other is not None and other.id != line_id:
        return replace(remove_line(draft, line_id), current=other.id)
    return _change(draft, line_id, words=words, part_id=part_id, candidates=(), shows=0)


def keep_as_written(draft: Draft, line_id: int) -> Draft | Refusal:
    """The line is what was typed, whatever the catalogue has."""
    line = draft.line(line_id)
    if line is None:
        return Refusal.LINE_GONE
    if not line.typed:
        return replace(draft, current=line_id)
    return _change(draft, line_id, words={"": line.typed}, part_id=None, candidates=())


def set_quantity(draft: Draft, line_id: int, quantity: int) -> Draft | Refusal:
    """The line has this quantity; with 0 it is not in the order, which is harmless to ask for twice."""
    if quantity == 0:
        return remove_line(draft, line_id)
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refusal.QUANTITY
    return _change(draft, line_id, quantity=quantity)


def remove_line(draft: Draft, line_id: int) -> Draft:
    """The line is not in the order."""
    return _with_lines(draft, [line for line in draft.lines if line.id != line_id])


def _with_lines(draft: Draft, lines: Iterable[DraftLine]) -> Draft:
    kept = tuple(lines)
    current = draft.current if draft.current in {line.id for line in kept} else kept[-1].id if kept else 0
    return replace(draft, lines=kept, current=current)


def select_line(draft: Draft, line_id: int) -> Draft | Refusal:
    """This line is the one a typed number belongs to."""
    return _change(draft, line_id)


def set_grade(draft: Draft, line_id: int, grade: Grade) -> Draft | Refusal:
    return _change(draft, line_id, grade=grade)


def set_grades(draft: Draft, grade: Grade) -> Draft:
    """All lines are of this grade."""
    return replace(draft, lines=tuple(replace(line, grade=grade) for line in draft.lines))


def _change(draft: Draft, line_id: int, **values: Any) -> Draft | Refusal:
    if draft.line(line_id) is None:
        return Refusal.LINE_GONE
    lines = tuple(replace(line, **values) if line.id == line_id else line for line in draft.lines)
    return replace(draft, lines=lines, current=line_id)


def detach_parts(draft: Draft, gone: frozenset[int]) -> tuple[Draft, tuple[DraftLine, ...]]:
    """The draft after these parts left the catalogue: their lines stay, as written. Also: which lines that were."""
    hit = tuple(line for line in draft.lines if line.part_id in gone)
    if not hit and not any(gone.intersection(line.candidates) for line in draft.lines):
        return draft, ()
    lines = [
        replace(
            line,
            part_id=None if line.part_id in gone else line.part_id,
            candidates=tuple(part for part in line.candidates if part not in gone),
        )
        for line in draft.lines
    ]
    return replace(draft, lines=tuple(lines)), hit


# The order as a whole -------------------------------------------------------------------------------------------------


def set_additives(draft: Draft, choice: Additives, parts: Mapping[int, Mapping[str, str]]) -> Draft | Refusal:
    """With: the catalogue's additives are in the order. Without: none is, and the order says so. Unsaid: as before.

    Args:
        parts: the additives of the catalogue and their names.
    """
    if choice is Additives.WITH:
        return _add_additives(draft, parts)
    gone = set(parts) if choice is Additives.WITHOUT else set()
    kept = [line for line in draft.lines if not (line.additive or line.part_id in gone)]
    return replace(_with_lines(draft, kept), additives=choice)


def _add_additives(draft: Draft, parts: Mapping[int, Mapping[str, str]]) -> Draft | Refusal:
    if not parts:
        return Refusal.NO_ADDITIVES
    outcome: Draft | Refusal = draft
    for part_id, words in parts.items():
        if isinstance(outcome, Draft):
            outcome = add_part(outcome, part_id, words, additive=True)
    return replace(outcome, additives=Additives.WITH) if isinstance(outcome, Draft) else outcome


def set_doubt(draft: Draft, raw: str) -> Draft:
    """This was typed for the car and looks wrong: it waits for a yes."""
    return replace(draft, doubt=raw)


def set_car(draft: Draft, raw: str) -> Draft:
    """The car is this one; whatever was in doubt is settled with it."""
    return replace(draft, plate=raw, doubt="")


def set_comment(draft: Draft, text: str) -> Draft | Refusal:
    """The comment is this; the empty text takes it away."""
    comment = clean(text)
    return Refusal.COMMENT_LONG if len(comment) > MAX_COMMENT else replace(draft, comment=comment)
