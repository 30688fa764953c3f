"""A reading: what a text means, and the fate of each of its tokens. Values without behaviour."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from common.understanding.words.tokens import Token, TokenKind


class Fate(enum.StrEnum):
    """What became of a token. Only a separator and noise are not seen again; all others are on a line or the order."""

    PART = "part"
    QUANTITY = "quantity"
    QUALITY = "quality"
    REMARK = "remark"
    CAR = "car"
    CAR_REMARK = "car_remark"
    NO_CAR = "no_car"
    SAME = "same"  # the same car, the same order
    URGENT = "urgent"
    COMMENT = "comment"
    CORRECTION = "correction"
    SEPARATOR = "separator"
    NOISE = "noise"


class Asks(enum.StrEnum):
    """What a line still has to be asked."""

    WHICH = "which"  # of several parts
    QUANTITY = "quantity"


@dataclass(frozen=True)
class ReadLine:
    """One line of an order.

    `parts` are the parts it may be: one is decided, several are asked, none is a line as `typed`. `quantity` is None
    where none was said, `unit` is empty then. `remark` holds, in the words typed, whatever else was said of it.
    `quality` is original, aftermarket, any or empty. `words` are those typed without quantity and quality: what the
    line is called as long as it has no part.
    """

    typed: str
    words: str = ""
    parts: tuple[int, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    remark: str = ""
    quality: str = ""
    positions: frozenset[str] = frozenset()
    asks: frozenset[Asks] = frozenset()

    @property
    def part(self) -> int | None:
        """The part, if it is decided."""
        return self.parts[0] if len(self.parts) == 1 and Asks.WHICH not in self.asks else None


@dataclass(frozen=True)
class Correction:
    """Parts that are taken back, and the parts that take their place, if any. A line keeps its quantity and remark."""

    removed: frozenset[int]
    instead: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reading:
    """What a text means.

    `car` is the number as typed, `car_remark` what was said of the car. `of_last` is what the text says before any
    part: a quantity, a side, a remark of the line touched last. `not_read` are words that belong to none of these.
    """

    lines: tuple[ReadLine, ...] = ()
    car: str = ""
    car_remark: str = ""
    other_cars: tuple[str, ...] = ()
    no_car: bool = False
    same_car: bool = False
    same_order: bool = False
    urgent: bool = False
    comment: str = ""
    corrections: tuple[Correction, ...] = ()
    of_last: ReadLine | None = None
    not_read: str = ""
    tokens: tuple[Token, ...] = ()
    fates: tuple[Fate, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the text held nothing but politeness and smileys."""
        read = zip(self.tokens, self.fates, strict=True)
        return all(fate in (Fate.NOISE, Fate.SEPARATOR) or _is_smiley(token) for token, fate in read)


def _is_smiley(token: Token) -> bool:
    return all(unicodedata.category(character) in ("So", "Sk", "Mn", "Cf") for character in token.text)


@dataclass
class Sheet:
    """The tokens of a text while they are read; each gets its fate once."""

    text: str
    tokens: list[Token]
    fates: list[Fate | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fates = [Fate.SEPARATOR if token.kind is TokenKind.BREAK else None for token in self.tokens]

    def free(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.fates[at] is None

    def all_free(self, start: int, end: int) -> bool:
        return all(self.fates[at] is None for at in range(start, end))

    def mark(self, start: int, end: int, fate: Fate) -> None:
        """Give the tokens that have no fate this one."""
        for at in range(start, end):
            if self.fates[at] is None:
                self.fates[at] = fate

    def words(self, places: Sequence[int]) -> str:
        """The text of these tokens as typed, with its blanks; a gap between them is one blank."""
        out: list[str] = []
        for before, at in zip((None, *places), places, strict=False):
            if before is not None:
                gap = self.text[self.tokens[before].end : self.tokens[at].start]
                out.append(gap if before + 1 == at and not gap.strip() else " ")
            out.append(self.tokens[at].text)
        return "".join(out)

    def of(self, fate: Fate) -> list[int]:
        return [at for at, each in enumerate(self.fates) if each is fate]
