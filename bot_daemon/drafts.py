"""The order being written, as a value: what a press or a typed word makes of it. No I/O; a refusal is a value, too."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from common.errors import InvalidInput
from common.models import Grade
from common.orders import MAX_COMMENT, MAX_LINES, MAX_QUANTITY, MAX_WORDS, WantedLine
from common.vehicles import read_plate

JOINERS = "\u200c\u200d"  # the only invisible characters that are kept: some scripts and emoji need them
MAX_KEY = 32  # of a plate; upper case can be longer than what was typed


class Refusal(enum.StrEnum):
    """Why something cannot be done to a draft; `rendering.words` says it in the reader's language."""

    LINE_GONE = "line_gone"
    TOO_MANY_LINES = "too_many_lines"
    QUANTITY = "quantity"
    NOTHING_TO_COUNT = "nothing_to_count"  # a number was typed and there is no line it could belong to
    EMPTY = "empty"
    WORDS_LONG = "words_long"
    PLATE_LONG = "plate_long"
    COMMENT_LONG = "comment_long"


@dataclass(frozen=True)
class Line:
    """`id` is never used again within its draft, so an old button cannot hit another line."""

    id: int
    words: Mapping[str, str]  # language -> words; free text: {"": words}
    quantity: int = 1
    part_id: int | None = None
    grade: Grade = Grade.ANY


@dataclass(frozen=True)
class Draft:
    """`plate` is as typed; `current` is the line a typed number belongs to, 0 for none."""

    lines: tuple[Line, ...] = ()
    plate: str = ""
    comment: str = ""
    current: int = 0
    next_id: int = 1

    def line(self, line_id: int) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def holds(self, part_id: int) -> bool:
        return any(line.part_id == part_id for line in self.lines)

    def wanted(self) -> list[WantedLine]:
        """The lines as an order takes them."""
        return [WantedLine(dict(line.words), line.quantity, line.part_id, line.grade) for line in self.lines]


def read(content: Mapping[str, Any]) -> Draft:
    """The draft of a stored content; an empty one is an empty draft."""
    return Draft(
        lines=tuple(_read_line(line) for line in content.get("lines", ())),
        plate=content.get("plate", ""),
        comment=content.get("comment", ""),
        current=content.get("current", 0),
        next_id=content.get("next_id", 1),
    )


def _read_line(stored: Mapping[str, Any]) -> Line:
    return Line(stored["id"], stored["words"], stored["quantity"], stored["part_id"], Grade(stored["grade"]))


def content(draft: Draft) -> dict[str, Any]:
    """What is stored of a draft."""
    return {
        "lines": [
            {
                "id": line.id,
                "words": dict(line.words),
                "quantity": line.quantity,
                "part_id": line.part_id,
                "grade": line.grade.value,
            }
            for line in draft.lines
        ],
        "plate": draft.plate,
        "comment": draft.comment,
        "current": draft.current,
        "next_id": draft.next_id,
    }


def clean(text: str) -> str:
    """One line of what somebody typed: no control or invisible characters, single spaces.

    Marks of direction go, too: what people write is isolated where it is shown, and could break out with them.
    """
    return " ".join("".join(map(_cleaned, text)).split()).strip(JOINERS)


def _cleaned(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind in ("Cf", "Cs") and character not in JOINERS else character


def add_part(draft: Draft, part_id: int, words: Mapping[str, str]) -> Draft | Refusal:
    """The part is in the order: a second press finds its line, it does not add another."""
    present = next((line for line in draft.lines if line.part_id == part_id), None)
    if present is not None:
        return replace(draft, current=present.id)
    return _add(draft, Line(draft.next_id, words, part_id=part_id))


def add_words(draft: Draft, text: str) -> Draft | Refusal:
    """A line that is not in the catalogue, as written. The same words again are the line that is there."""
    words = clean(text)
    if not words:
        return Refusal.EMPTY
    if len(words) > MAX_WORDS:
        return Refusal.WORDS_LONG
    present = next((line for line in draft.lines if line.words.get("", "").casefold() == words.casefold()), None)
    if present is not None:
        return replace(draft, current=present.id)
    return _add(draft, Line(draft.next_id, {"": words}))


def _add(draft: Draft, line: Line) -> Draft | Refusal:
    if len(draft.lines) >= MAX_LINES:
        return Refusal.TOO_MANY_LINES
    return replace(draft, lines=(*draft.lines, line), current=line.id, next_id=draft.next_id + 1)


def set_quantity(draft: Draft, line_id: int, quantity: int) -> Draft | Refusal:
    """The line has this quantity; with 0 it is not in the order, which is harmless to ask for twice."""
    if quantity == 0:
        lines = tuple(line for line in draft.lines if line.id != line_id)
        return replace(draft, lines=lines, current=lines[-1].id if lines else 0)
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refusal.QUANTITY
    return _change(draft, line_id, quantity=quantity)


def choose(draft: Draft, line_id: int) -> Draft | Refusal:
    """This line is the one a typed number belongs to."""
    return _change(draft, line_id)


def set_grade(draft: Draft, line_id: int, grade: Grade) -> Draft | Refusal:
    return _change(draft, line_id, grade=grade)


def _change(draft: Draft, line_id: int, **values: Any) -> Draft | Refusal:
    if draft.line(line_id) is None:
        return Refusal.LINE_GONE
    lines = tuple(replace(line, **values) if line.id == line_id else line for line in draft.lines)
    return replace(draft, lines=lines, current=line_id)


def set_plate(draft: Draft, typed: str) -> Draft | Refusal:
    """Any plate is taken, however unusual: an order must not fail on a foreign or an army car."""
    try:
        plate = read_plate(clean(typed))
    except InvalidInput as refused:
        return Refusal.PLATE_LONG if refused.code == "plate_long" else Refusal.EMPTY
    return replace(draft, plate=plate.raw) if len(plate.key) <= MAX_KEY else Refusal.PLATE_LONG


def set_comment(draft: Draft, text: str) -> Draft | Refusal:
    """The comment is this; the empty text takes it away."""
    comment = clean(text)
    return Refusal.COMMENT_LONG if len(comment) > MAX_COMMENT else replace(draft, comment=comment)
