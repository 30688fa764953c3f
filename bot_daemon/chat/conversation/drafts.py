"""The order being written, as a value, and its stored form. Its changes are in `changes`."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from common.database.models import Additives, Grade, Unit
from common.orders.placing import WantedLine

JOINERS = "\u200c\u200d"  # the only invisible characters that are kept: some scripts and emoji need them


class Refusal(enum.StrEnum):
    """The reason why a draft cannot be changed; `rendering.words` has its text in the reader's language."""

    LINE_GONE = "line_gone"
    TOO_MANY_LINES = "too_many_lines"
    QUANTITY = "quantity"
    NOTHING_TO_COUNT = "nothing_to_count"  # a number was typed and no line can take it
    EMPTY = "empty"
    WORDS_LONG = "words_long"
    PLATE_LONG = "plate_long"
    COMMENT_LONG = "comment_long"
    PART_GONE = "part_gone"
    PART_LEFT = "part_left"  # the part left the catalogue while it was in the draft
    CATEGORY_GONE = "category_gone"
    CAR_GONE = "car_gone"
    ORDER_GONE = "order_gone"
    FILE_GONE = "file_gone"
    FILES_FULL = "files_full"
    NO_ADDITIVES = "no_additives"  # the catalogue has none


@dataclass(frozen=True)
class DraftLine:
    """`id` is never used again within its draft, so an old button cannot hit another line."""

    id: int
    words: Mapping[str, str]  # language -> words; free text: {"": words}
    quantity: int = 1
    part_id: int | None = None
    grade: Grade = Grade.ANY
    typed: str = ""  # the typed words, kept when the line has become a part
    candidates: tuple[int, ...] = ()  # the parts these words may mean, until the person has chosen
    shows: int = 0  # the message whose photo or voice note stands for the name
    additive: bool = False  # the line came with the choice "with additives", and goes with it
    unit: Unit = Unit.PIECE
    remark: str = ""  # what was said of the part, as typed


@dataclass(frozen=True)
class Draft:
    """`plate` is as typed, a plate or a VIN; `current` is the line a typed number belongs to, 0 for none.

    `doubt` is a typed car that looks wrong: it waits for a confirmation, a correction, or another car.
    """

    lines: tuple[DraftLine, ...] = ()
    plate: str = ""
    comment: str = ""
    current: int = 0
    next_id: int = 1
    doubt: str = ""
    additives: Additives = Additives.UNSAID

    def line(self, line_id: int) -> DraftLine | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def line_of_part(self, part_id: int) -> DraftLine | None:
        return next((line for line in self.lines if line.part_id == part_id), None)

    def holds(self, part_id: int) -> bool:
        return self.line_of_part(part_id) is not None

    def grades(self) -> frozenset[Grade]:
        return frozenset(line.grade for line in self.lines)

    def wanted(self) -> list[WantedLine]:
        """The lines in the form that an order takes."""
        return [
            WantedLine(dict(line.words), line.quantity, line.part_id, line.grade, line.unit, line.remark)
            for line in self.lines
        ]


def from_stored(content: Mapping[str, Any]) -> Draft:
    """The draft of a stored content; an empty content is an empty draft. Fields an older version lacks are unset."""
    return msgspec.convert(content, Draft)


def to_stored(draft: Draft) -> dict[str, Any]:
    """The stored form of a draft.

    Raises: msgspec.ValidationError for a draft that could not be read again. Storing it would lock its owner out of it.
    """
    stored: dict[str, Any] = msgspec.to_builtins(draft)
    from_stored(stored)
    return stored


def clean(text: str) -> str:
    """Typed text as one line: no control or invisible characters, single spaces.

    Direction marks are removed, too: typed text is isolated where it is shown, and could break out with them.
    """
    return " ".join("".join(map(_clean_character, text)).split()).strip(JOINERS)


def _clean_character(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind in ("Cf", "Cs") and character not in JOINERS else character
