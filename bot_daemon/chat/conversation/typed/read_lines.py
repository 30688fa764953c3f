"""Lines that were read become lines of the draft. Nothing that was typed of them is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import LivePart
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal, Source, clean
from common.database.models import Grade, Unit
from common.errors import InvalidInput
from common.orders.content.quantities import whole
from common.orders.placing import MAX_REMARK, MAX_WORDS
from common.understanding.reading import ReadLine

MAX_TITLE = 60  # characters of words that are too long for a line
UNITS = {unit.value: unit for unit in Unit}
GRADES = {"original": Grade.ORIGINAL, "aftermarket": Grade.AFTERMARKET}


def add_read_line(draft: Draft, read: ReadLine, parts: Mapping[int, LivePart], source: Source) -> Draft | Refusal:
    """Add a line that was read. A line that says the same is there once; a number that was said now counts."""
    draft, line = _fitting(draft, _new_line(draft, read, parts), source)
    present = next((one for one in draft.lines if _says_the_same(one, line)), None)
    if present is None:
        return changes.append(draft, line)
    said = {"quantity": line.quantity, "unit": line.unit, "quantity_said": True} if line.quantity_said else {}
    note = _joined(present.note, line.note) if line.note not in present.note else present.note
    return changes.change_line(draft, present.id, message=source.message, note=note, **said)


def _says_the_same(one: DraftLine, other: DraftLine) -> bool:
    if one.part_id is not None or other.part_id is not None:
        return one.part_id == other.part_id and one.beside.casefold() == other.beside.casefold()
    return bool(one.typed) and one.typed.casefold() == other.typed.casefold()


def _new_line(draft: Draft, read: ReadLine, parts: Mapping[int, LivePart]) -> DraftLine:
    words = clean(read.words or read.typed) or clean(read.remark)
    line = DraftLine(
        draft.next_id,
        {"": words},
        typed=words,
        grade=GRADES.get(read.quality, Grade.ANY),
        rest=clean(read.remark),
    )
    line = with_amount(line, read.quantity, read.unit)
    part = parts.get(read.part) if read.part is not None else None
    if part is not None:
        return replace(line, words=part.names, part_id=part.id, beside=line.rest, counted=part.counted)
    return replace(line, candidates=tuple(known for known in read.parts if known in parts))


def with_amount(line: DraftLine, quantity: Decimal | None, unit: str) -> DraftLine:
    """The line with a quantity as it was said; one that no line can hold becomes a note."""
    if quantity is None:
        return line
    try:
        number, counted_in = whole(quantity, UNITS.get(unit, Unit.PIECE))
    except InvalidInput:
        return replace(line, note=_joined(line.note, f"{quantity.normalize():f} {unit}".strip()))
    return replace(line, quantity=number, unit=counted_in, quantity_said=True)


def add_note(draft: Draft, line_id: int, words: str, source: Source) -> Draft | Refusal:
    """Add words to a line's remark."""
    line, words = draft.line(line_id), clean(words)
    if line is None:
        return Refusal.LINE_GONE
    if words in line.note:
        return changes.select_line(draft, line_id)
    draft, line = _fitting(draft, replace(line, note=_joined(line.note, words)), source)
    return changes.change_line(draft, line_id, note=line.note)


def keep_whole(draft: Draft, source: Source) -> Draft:
    """Keep a text that has no room elsewhere: it goes with the order as a message."""
    kept = tuple(one for one in draft.long_texts if one.message != source.message)
    return replace(draft, long_texts=(*kept, source))


def _fitting(draft: Draft, line: DraftLine, source: Source) -> tuple[Draft, DraftLine]:
    """The line with words and a remark that an order takes; of longer ones the whole message is kept, too."""
    fits = len(line.typed) <= MAX_WORDS and len(line.beside) + len(line.note) + 2 <= MAX_REMARK
    if fits:
        return draft, line
    if len(line.typed) > MAX_WORDS:
        title = cut_at_a_word(line.typed, MAX_TITLE)
        rest = cut_at_a_word(line.rest, MAX_WORDS)
        named = line.words if line.part_id is not None else {"": title}
        line = replace(line, words=named, typed=title, rest=rest)
    beside = cut_at_a_word(line.beside, MAX_REMARK // 2)
    note = cut_at_a_word(line.note, MAX_REMARK - len(beside) - 2)
    return keep_whole(draft, source), replace(line, beside=beside, note=note)


def cut_at_a_word(text: str, most: int) -> str:
    """The beginning of a text, cut at a blank where there is one, the cut marked."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;.") + "…"


def _joined(before: str, more: str) -> str:
    return f"{before}, {more}" if before and more else before or more
