"""The car in a text: its number, and what is said of it. Pure rules.

A number that can be nothing else is a car anywhere; a doubtful one only beside a word for a car. A phone, a price and a
part number are never a car.
"""

from __future__ import annotations

from dataclasses import dataclass

from common.cars.vehicles import is_unmistakable
from common.text import folding
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import Span, Spans
from common.understanding.words.tokens import TokenKind

YEARS = range(1980, 2036)
ALMOST_A_VIN = range(15, 20)  # characters of a mistyped one
DOUBTFUL = range(5, 7)  # digits of a plate that is one only beside a word for a car


@dataclass(frozen=True)
class CarFound:
    """The number of a car as typed; empty if only its make or model is said."""

    number: str
    remark: str
    others: tuple[str, ...] = ()


def take_car(sheet: Sheet, spans: Spans) -> CarFound:
    """Find the car, and give its tokens their fate."""
    words = _Words(spans)
    numbers = [at for at in range(len(sheet.tokens)) if _is_number(sheet, words, at)]
    for at in numbers:
        sheet.mark(at, at + 1, Fate.CAR)
    for at in numbers:
        _take_described(sheet, words, at)
    for at in range(len(sheet.tokens)):
        if sheet.free(at) and words.describes(at) and _is_of_a_car(sheet, words, at):
            _take_described(sheet, words, at)
    typed = [sheet.tokens[at].text for at in numbers]
    different = list(dict.fromkeys(typed))
    remark = sheet.words(list(sheet.of(Fate.CAR_REMARK)))
    return CarFound(different[0] if different else "", remark, tuple(different[1:]))


class _Words:
    """The entries about cars, by the place where they begin."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans

    def has(self, at: int, group: str, *values: str) -> Span | None:
        fitting = (s for s in self._spans.at(at) if s.entry.group == group and (not values or s.entry.value in values))
        return max(fitting, key=lambda span: span.end, default=None)

    def describes(self, at: int) -> Span | None:
        """The make or model that begins here."""
        return self.has(at, "make")

    def more(self, at: int) -> Span | None:
        """What belongs to the car only beside a make or a number: a colour, an engine."""
        return self.has(at, "car", "colours", "described")

    def ends_before(self, at: int, group: str, *values: str) -> Span | None:
        """The entry that ends just before a token."""
        fitting = (s for s in self._spans.before(at) if s.entry.group == group)
        return next((span for span in fitting if not values or span.entry.value in values), None)


def _is_number(sheet: Sheet, words: _Words, at: int) -> bool:
    token = sheet.tokens[at]
    if not sheet.free(at) or words.ends_before(at, "car", "part_number") or _sign_before(sheet, at) == "#":
        return False
    if words.has(at + 1, "car", "price"):
        return False
    beside = words.ends_before(at, "car", "words") or words.ends_before(at, "make")
    if token.kind in (TokenKind.PLATE, TokenKind.VIN):
        return is_unmistakable(token.text) or token.kind is TokenKind.VIN or len(token.text) >= 7
    if token.kind is TokenKind.PART_NUMBER and len(token.text) in ALMOST_A_VIN:
        return True
    if token.kind is TokenKind.NUMBER:
        return bool(beside) and len(token.text) in DOUBTFUL and token.text.isdecimal()
    return bool(beside) and token.kind in (TokenKind.CODE, TokenKind.PART_NUMBER) and len(token.text) >= 5


def _sign_before(sheet: Sheet, at: int) -> str:
    return sheet.tokens[at - 1].text if at and sheet.tokens[at - 1].kind is TokenKind.SIGN else ""


def _is_of_a_car(sheet: Sheet, words: _Words, at: int) -> bool:
    """A make counts anywhere; a model beside a make, behind a preposition, or before a year."""
    found = words.describes(at)
    if found is None:
        return False
    if found.entry.value == "makes":
        return True
    behind = words.ends_before(at, "prepositions") is not None or _has_prefix(sheet, at)
    return behind or (found.end < len(sheet.tokens) and _is_year(sheet, found.end))


def _has_prefix(sheet: Sheet, at: int) -> bool:
    return len(folding.forms(sheet.tokens[at].word)) > 1 and sheet.tokens[at].text[:1] == "ל"


def _is_year(sheet: Sheet, at: int) -> bool:
    token = sheet.tokens[at]
    return token.kind is TokenKind.NUMBER and token.text.isdecimal() and int(token.text) in YEARS


def _take_described(sheet: Sheet, words: _Words, at: int) -> None:
    """Take what describes the car around a number or a make: its make, model, colour, year and engine."""
    end = at
    while end < len(sheet.tokens):
        width = _width(sheet, words, end) if end != at or sheet.free(at) else 1
        if not width:
            break
        sheet.mark(end, end + width, Fate.CAR_REMARK)
        end += width
    start = at - 1
    while start >= 0 and (width := _width_before(sheet, words, start)):
        sheet.mark(start - width + 1, start + 1, Fate.CAR_REMARK)
        start -= width
    while start >= 0 and sheet.free(start) and _leads(words, start):
        sheet.mark(start, start + 1, Fate.CAR)
        start -= 1


def _leads(words: _Words, at: int) -> bool:
    return bool(words.has(at, "prepositions", "for_car") or words.has(at, "car", "words"))


def _width(sheet: Sheet, words: _Words, at: int) -> int:
    """The number of tokens here that still describe the car; 0 if the description ends."""
    if not sheet.free(at):
        return 0
    span = words.describes(at) or words.more(at)
    if span is not None and sheet.all_free(span.start, span.end):
        return span.end - span.start
    token = sheet.tokens[at]
    if token.kind is TokenKind.NUMBER:
        return int(_is_car_number(sheet, words, at))
    if token.kind is TokenKind.TIMES:  # BMW X5
        return int(words.ends_before(at, "make") is not None and token.text[:1].isalpha())
    return int(token.kind is TokenKind.CODE and words.ends_before(at, "make") is not None)


def _is_car_number(sheet: Sheet, words: _Words, at: int) -> bool:
    """A year, an engine's size or the number of a model: Mazda 3, Golf 7."""
    text = sheet.tokens[at].text
    if _is_year(sheet, at) or ("." in text and float(text) < 10) or ("," in text):
        return not words.has(at + 1, "units")
    if words.has(at + 1, "units") or words.has(at + 1, "containers"):
        return False
    return words.ends_before(at, "make") is not None and len(text) <= 4


def _width_before(sheet: Sheet, words: _Words, at: int) -> int:
    """The number of tokens that end here and describe the car."""
    for width in (3, 2, 1):
        start = at - width + 1
        if start >= 0 and sheet.all_free(start, at + 1):
            span = words.describes(start) or words.more(start)
            if span is not None and span.end == at + 1:
                return width
    year = sheet.free(at) and _is_year(sheet, at)
    return int(year and words.ends_before(at, "make") is not None)
