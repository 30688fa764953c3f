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
    NOTHING_TO_PUT_BACK = "nothing_to_put_back"


class CarWithoutNumber(enum.StrEnum):
    """What an order says instead of the number of a car."""

    NO_CAR = "no_car"  # it is for the workshop
    PHOTO = "photo"  # the number is in a photo
    WORDS = "words"  # only its make or its owner was said


@dataclass(frozen=True)
class DraftLine:
    """`id` is never used again within its draft, so an old button cannot hit another line.

    As long as the line has no part, its words are all that was typed. `rest` is what of that says more than a name;
    `beside` is what of it the chosen part does not say; `note` was said later. Both together are the remark.
    """

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
    rest: str = ""
    beside: str = ""
    note: str = ""
    counted: bool = False  # of such a part one orders several: a line without a number is asked how many
    quantity_said: bool = False
    message: int = 0  # the message that it was typed in

    @property
    def remark(self) -> str:
        return ", ".join(filter(None, (self.beside, self.note)))

    @property
    def asks_quantity(self) -> bool:
        return self.counted and not self.quantity_said and not self.candidates

    @property
    def is_open(self) -> bool:
        """Whether something is still to be asked about it. An order can be sent all the same."""
        return bool(self.candidates) or self.asks_quantity


@dataclass(frozen=True)
class Source:
    """A message and its text, as typed."""

    message: int
    text: str


@dataclass(frozen=True)
class SentMessage:
    """A message, and the order that was sent with what it said."""

    message: int
    order: int


@dataclass(frozen=True)
class Draft:
    """`plate` is as typed, a plate or a VIN; `current` is the line a typed number belongs to, 0 for none.

    What waits for a decision about the car: `doubt`, a typed number that looks wrong; `other_cars`, the second number
    of a message with two; `car_words`, words without a number where the car was asked for.
    """

    lines: tuple[DraftLine, ...] = ()
    plate: str = ""
    comment: str = ""
    current: int = 0
    next_id: int = 1
    doubt: str = ""
    additives: Additives = Additives.UNSAID
    assumed: bool = False  # the car is the one of the last order: nobody named it for this one
    without_number: CarWithoutNumber | None = None
    car_remark: str = ""
    car_words: str = ""
    other_cars: tuple[str, ...] = ()
    urgent: bool = False
    sources: tuple[Source, ...] = ()  # what was typed, for corrections
    long_texts: tuple[Source, ...] = ()  # texts with no room on a line: they go with the order as messages
    removed: tuple[DraftLine, ...] = ()  # what the last change took out, to put it back
    sent: tuple[SentMessage, ...] = ()  # the messages of the orders before: replies and corrections refer to them

    def line(self, line_id: int) -> DraftLine | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def line_of_part(self, part_id: int) -> DraftLine | None:
        return next((line for line in self.lines if line.part_id == part_id), None)

    def holds(self, part_id: int) -> bool:
        return self.line_of_part(part_id) is not None

    def grades(self) -> frozenset[Grade]:
        return frozenset(line.grade for line in self.lines)

    @property
    def car_waits(self) -> bool:
        """Whether something that was typed about the car waits for a decision: nothing is sent meanwhile."""
        return bool(self.doubt or self.other_cars or self.car_words)

    @property
    def has_car(self) -> bool:
        return bool(self.plate or self.without_number) and not self.car_waits

    @property
    def is_complete(self) -> bool:
        return bool(self.lines) and self.has_car

    def messages(self) -> set[int]:
        """The messages that it was written with."""
        return {*(line.message for line in self.lines), *(one.message for one in self.sources)} - {0}

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
