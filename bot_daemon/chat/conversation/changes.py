"""Changes of a draft. Each names its result, so a second call changes nothing; a refusal is a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal, clean
from common.database.models import Additives, Grade
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_WORDS
from common.orders.quantities import MAX_QUANTITY

# Lines ----------------------------------------------------------------------------------------------------------------


def add_part(draft: Draft, part_id: int, words: Mapping[str, str], *, additive: bool = False) -> Draft | Refusal:
    """Put the part into the order. A second press finds its line and does not add another."""
    present = draft.line_of_part(part_id)
    if present is not None:
        return replace(draft, current=present.id)
    return _append(draft, DraftLine(draft.next_id, words, part_id=part_id, additive=additive))


def allow_additives(draft: Draft) -> Draft:
    """Drop the choice "without additives": the person picked an additive by hand."""
    return replace(draft, additives=Additives.UNSAID) if draft.additives is Additives.WITHOUT else draft


def add_words(draft: Draft, text: str, candidates: tuple[int, ...] = ()) -> Draft | Refusal:
    """Add a line as written, with the parts it may mean. The same words again find the existing line."""
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
    """Add a line for a photo or voice note, named by its caption if there is one that fits, else by `words`."""
    present = next((line for line in draft.lines if line.shows == message_id), None)
    if present is not None:
        return replace(draft, current=present.id)
    typed = clean(caption)
    typed = typed if len(typed) <= MAX_WORDS else ""
    return _append(draft, DraftLine(draft.next_id, {"": typed} if typed else words, typed=typed, shows=message_id))


def _append(draft: Draft, line: DraftLine) -> Draft | Refusal:
    if len(draft.lines) >= MAX_LINES:
        return Refusal.TOO_MANY_LINES
    return replace(draft, lines=(*draft.lines, line), current=line.id, next_id=draft.next_id + 1)


def add_past_line(draft: Draft, words: Mapping[str, str]) -> Draft | Refusal:
    """Add a line of a past order that is not in the catalogue now, in its words."""
    if "" in words:
        return add_words(draft, words[""])
    present = next((line for line in draft.lines if line.part_id is None and line.words == words), None)
    return replace(draft, current=present.id) if present else _append(draft, DraftLine(draft.next_id, words))


def set_part(draft: Draft, line_id: int, part_id: int, words: Mapping[str, str]) -> Draft | Refusal:
    """Make the line this part. If another line has the part already, that line stands for both."""
    other = draft.line_of_part(part_id)
    if other is not None and other.id != line_id:
        return replace(remove_line(draft, line_id), current=other.id)
    return _change(draft, line_id, words=words, part_id=part_id, candidates=(), shows=0)


def keep_as_written(draft: Draft, line_id: int) -> Draft | Refusal:
    """Keep the line as typed, without a part of the catalogue."""
    line = draft.line(line_id)
    if line is None:
        return Refusal.LINE_GONE
    if not line.typed:
        return replace(draft, current=line_id)
    return _change(draft, line_id, words={"": line.typed}, part_id=None, candidates=())


def set_quantity(draft: Draft, line_id: int, quantity: int) -> Draft | Refusal:
    """Set the line's quantity. 0 removes the line; removing it twice is harmless."""
    if quantity == 0:
        return remove_line(draft, line_id)
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refusal.QUANTITY
    return _change(draft, line_id, quantity=quantity)


def remove_line(draft: Draft, line_id: int) -> Draft:
    """Remove the line from the order."""
    return _with_lines(draft, [line for line in draft.lines if line.id != line_id])


def _with_lines(draft: Draft, lines: Iterable[DraftLine]) -> Draft:
    kept = tuple(lines)
    current = draft.current if draft.current in {line.id for line in kept} else kept[-1].id if kept else 0
    return replace(draft, lines=kept, current=current)


def select_line(draft: Draft, line_id: int) -> Draft | Refusal:
    """Make this the line that a typed number belongs to."""
    return _change(draft, line_id)


def set_grade(draft: Draft, line_id: int, grade: Grade) -> Draft | Refusal:
    return _change(draft, line_id, grade=grade)


def set_grades(draft: Draft, grade: Grade) -> Draft:
    """Set the grade of all lines."""
    return replace(draft, lines=tuple(replace(line, grade=grade) for line in draft.lines))


def _change(draft: Draft, line_id: int, **values: Any) -> Draft | Refusal:
    if draft.line(line_id) is None:
        return Refusal.LINE_GONE
    lines = tuple(replace(line, **values) if line.id == line_id else line for line in draft.lines)
    return replace(draft, lines=lines, current=line_id)


def detach_parts(draft: Draft, gone: frozenset[int]) -> tuple[Draft, tuple[DraftLine, ...]]:
    """The draft after these parts left the catalogue, whose lines stay as written; and those lines."""
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
    """With: the order has the catalogue's additives. Without: it says that it has none. Unsaid: as before.

    Args:
        parts: the catalogue's additives and their names.
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
    """Keep a typed car that looks wrong until the person confirms it."""
    return replace(draft, doubt=raw)


def set_car(draft: Draft, raw: str) -> Draft:
    """Set the car. A doubt about a typed car is settled with it."""
    return replace(draft, plate=raw, doubt="")


def set_comment(draft: Draft, text: str) -> Draft | Refusal:
    """Set the comment; an empty text removes it."""
    comment = clean(text)
    return Refusal.COMMENT_LONG if len(comment) > MAX_COMMENT else replace(draft, comment=comment)
