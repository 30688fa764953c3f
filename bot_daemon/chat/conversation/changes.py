"""Changes of a draft. Each names its result, so a second call changes nothing; a refusal is a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Draft, DraftLine, Refusal, clean
from common.database.models import Additives, Grade, Unit
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_WORDS

# Lines ----------------------------------------------------------------------------------------------------------------


def add_part(
    draft: Draft, part_id: int, words: Mapping[str, str], *, additive: bool = False, counted: bool = False
) -> Draft | Refusal:
    """Put the part into the order. A second press finds its line and does not add another."""
    present = draft.line_of_part(part_id)
    if present is not None:
        return replace(draft, current=present.id)
    return append(draft, DraftLine(draft.next_id, words, part_id=part_id, additive=additive, counted=counted))


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
        return change_line(draft, present.id, candidates=candidates)
    return append(draft, DraftLine(draft.next_id, {"": words}, typed=words, candidates=candidates))


def add_unnamed(draft: Draft, message_id: int, words: Mapping[str, str]) -> Draft | Refusal:
    """Add a line for a photo or voice note without a name."""
    present = next((line for line in draft.lines if line.shows == message_id), None)
    if present is not None:
        return replace(draft, current=present.id)
    return append(draft, DraftLine(draft.next_id, words, shows=message_id, message=message_id))


def append(draft: Draft, line: DraftLine) -> Draft | Refusal:
    """Add the line, whose id is the draft's next one."""
    if len(draft.lines) >= MAX_LINES:
        return Refusal.TOO_MANY_LINES
    return replace(draft, lines=(*draft.lines, line), current=line.id, next_id=draft.next_id + 1)


def add_past_line(draft: Draft, words: Mapping[str, str]) -> Draft | Refusal:
    """Add a line of a past order that is not in the catalogue now, in its words."""
    if "" in words:
        return add_words(draft, words[""])
    present = next((line for line in draft.lines if line.part_id is None and line.words == words), None)
    return replace(draft, current=present.id) if present else append(draft, DraftLine(draft.next_id, words))


def set_part(
    draft: Draft, line_id: int, part_id: int, words: Mapping[str, str], *, beside: str = "", counted: bool = False
) -> Draft | Refusal:
    """Make the line this part, and keep what was typed beside its name as the remark.

    If another line has the part already and nothing else was said of either, that line stands for both.
    """
    line, other = draft.line(line_id), draft.line_of_part(part_id)
    if other is not None and other.id != line_id and (line is None or _says_only_the_part(line, other, beside)):
        return replace(remove_line(draft, line_id), current=other.id)
    chosen = {"words": words, "part_id": part_id, "candidates": (), "shows": 0, "beside": beside, "counted": counted}
    return change_line(draft, line_id, **chosen)


def _says_only_the_part(line: DraftLine, other: DraftLine, beside: str) -> bool:
    return not (beside or line.note or line.quantity_said or other.remark)


def keep_as_written(draft: Draft, line_id: int) -> Draft | Refusal:
    """Keep the line as typed, without a part of the catalogue."""
    line = draft.line(line_id)
    if line is None:
        return Refusal.LINE_GONE
    if not line.typed:
        return replace(draft, current=line_id)
    as_typed = {"words": {"": line.typed}, "part_id": None, "candidates": (), "beside": "", "counted": False}
    return change_line(draft, line_id, **as_typed)


def set_quantity(draft: Draft, line_id: int, quantity: int) -> Draft | Refusal:
    """Set the line's quantity. 0 removes the line; removing it twice is harmless."""
    if quantity == 0:
        return remove_line(draft, line_id)
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refusal.QUANTITY
    return change_line(draft, line_id, quantity=quantity, quantity_said=True)


def set_amount(draft: Draft, line_id: int, quantity: int, unit: Unit) -> Draft | Refusal:
    """Set the line's quantity and in what it is counted."""
    return change_line(draft, line_id, quantity=quantity, unit=unit, quantity_said=True)


def remove_line(draft: Draft, line_id: int) -> Draft:
    """Remove the line from the order. It can be put back."""
    line = draft.line(line_id)
    if line is None:
        return draft
    return replace(_with_lines(draft, [one for one in draft.lines if one is not line]), removed=(line,))


def put_back(draft: Draft) -> Draft | Refusal:
    """Put back what the last change took out."""
    missing = [line for line in draft.removed if draft.line(line.id) is None]
    if not missing:
        return Refusal.NOTHING_TO_PUT_BACK
    if len(draft.lines) + len(missing) > MAX_LINES:
        return Refusal.TOO_MANY_LINES
    lines = sorted((*draft.lines, *missing), key=lambda line: line.id)
    return replace(draft, lines=tuple(lines), current=missing[-1].id, removed=())


def _with_lines(draft: Draft, lines: Iterable[DraftLine]) -> Draft:
    kept = tuple(lines)
    current = draft.current if draft.current in {line.id for line in kept} else kept[-1].id if kept else 0
    return replace(draft, lines=kept, current=current)


def select_line(draft: Draft, line_id: int) -> Draft | Refusal:
    """Make this the line that a typed number belongs to."""
    return change_line(draft, line_id)


def set_grade(draft: Draft, line_id: int, grade: Grade) -> Draft | Refusal:
    return change_line(draft, line_id, grade=grade)


def set_grades(draft: Draft, grade: Grade) -> Draft:
    """Set the grade of all lines."""
    return replace(draft, lines=tuple(replace(line, grade=grade) for line in draft.lines))


def change_line(draft: Draft, line_id: int, **values: Any) -> Draft | Refusal:
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
    return replace(draft, doubt=raw, other_cars=(), car_words="")


def set_car(draft: Draft, raw: str, *, assumed: bool = False) -> Draft:
    """Set the car. What waited for a decision about it is settled."""
    settled = _settled(draft)
    return replace(settled, plate=raw, assumed=assumed, without_number=None)


def set_without_number(draft: Draft, instead: CarWithoutNumber) -> Draft:
    """Say why the order has no number of a car."""
    return replace(_settled(draft), plate="", assumed=False, without_number=instead)


def _settled(draft: Draft) -> Draft:
    return replace(draft, doubt="", other_cars=(), car_words="")


def set_comment(draft: Draft, text: str) -> Draft | Refusal:
    """Set the comment; an empty text removes it."""
    comment = clean(text)
    return Refusal.COMMENT_LONG if len(comment) > MAX_COMMENT else replace(draft, comment=comment)
