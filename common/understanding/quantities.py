"""How many, of what: numbers in digits and words with their units, in the tokens of one line. Pure rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from common.understanding.names import NamedPart
from common.understanding.said import Said
from common.understanding.words.lexicon import Span
from common.understanding.words.tokens import Token, TokenKind

MOST = 9999
MOST_BARE = 99  # a number without a unit that is still a quantity
# What a bare number behind a part means if it is one of these: the sizes that the part is sold in.
SIZES = {
    "ampere": frozenset({"5", "7.5", "10", "15", "20", "25", "30", "40", "50", "60"}),
    "ampere_hour": frozenset(map(str, range(35, 111))),
    "watt": frozenset({"5", "10", "21", "35", "55", "60"}),
    "length_mm": frozenset(map(str, range(30, 1000))),
    "diameter_mm": frozenset(map(str, range(100, 1000))),
    "size_in": frozenset(map(str, range(12, 25))),
    "temperature_k": frozenset(map(str, range(3000, 8000, 100))),
    "grit": frozenset(map(str, range(40, 3001))),
}


@dataclass(frozen=True)
class Amount:
    """A quantity in the tokens `places`; `unit` is empty where none was said. `sure`: it has a unit or a sign."""

    value: Decimal
    unit: str
    places: tuple[int, ...]
    sure: bool


@dataclass(frozen=True)
class Piece:
    """The tokens of one line that are not read yet, and where its part's name ends."""

    said: Said
    places: tuple[int, ...]
    name_end: int | None
    part: NamedPart | None

    @cached_property
    def tokens(self) -> Sequence[Token]:
        return self.said.sheet.tokens

    @cached_property
    def unread(self) -> frozenset[int]:
        return frozenset(self.places)

    def at(self, place: int, *groups: str) -> Span | None:
        """The longest entry of these groups that begins at a place and consists of unread tokens."""
        found = self.said.at(place, *groups)
        return next((span for span in found if self.unread.issuperset(range(span.start, span.end))), None)


def amount_of(piece: Piece) -> Amount | None:
    """The quantity of a line; None if none is said. Of several the one with a unit counts, then the first."""
    found = list(_amounts(piece))
    sure = [amount for amount in found if amount.sure]
    bare = [amount for amount in found if not amount.sure and _is_whole(amount) and not _is_a_size(piece, amount)]
    if sure:
        return sure[0]
    return bare[0] if len(bare) == 1 and bare[0].value <= MOST_BARE else None


def _amounts(piece: Piece) -> Iterator[Amount]:
    taken: set[int] = set()
    for place in piece.places:
        if place in taken:
            continue
        amount = _amount_at(piece, place)
        if amount is not None and 0 < amount.value <= MOST:
            taken.update(amount.places)
            yield amount


def _amount_at(piece: Piece, place: int) -> Amount | None:
    token = piece.tokens[place]
    if token.kind is TokenKind.TIMES:
        return _times(piece, place)
    joined = piece.at(place, "joined_halves")
    if joined is not None:
        return Amount(Decimal("0.5"), joined.entry.value, (place,), sure=True)
    number = _number_at(piece, place)
    if number is not None:
        return _with_unit(piece, *number)
    unit = piece.at(place, "units")
    return _after_unit(piece, unit) if unit is not None else None


def _times(piece: Piece, place: int) -> Amount:
    """x2, and the unit behind it."""
    value = Decimal("".join(c for c in piece.tokens[place].text if c.isdecimal()))
    unit = piece.at(place + 1, "units")
    places = (place, *range(unit.start, unit.end)) if unit else (place,)
    return Amount(value, unit.entry.value if unit else "", places, sure=True)


def _number_at(piece: Piece, place: int) -> tuple[Decimal, tuple[int, ...]] | None:
    token = piece.tokens[place]
    if token.kind is TokenKind.NUMBER:
        return Decimal(token.text.replace(",", ".")), (place,)
    word = piece.at(place, "numbers", "both")
    if word is None:
        return None
    places = tuple(range(word.start, word.end))
    return (Decimal(2) if word.entry.group == "both" else Decimal(word.entry.value)), places


def _with_unit(piece: Piece, value: Decimal, places: tuple[int, ...]) -> Amount | None:
    """The number with the unit behind it, if there is one; a number of millimetres is no quantity."""
    after = places[-1] + 1
    after += after < len(piece.tokens) and piece.tokens[after].text in ("-", ".") and after + 1 in piece.unread
    if piece.at(after, "measures") and piece.at(after, "units") is None:
        return None
    unit = piece.at(after, "units")
    if unit is None:
        if piece.at(after, "containers"):
            return Amount(value, "pcs", places, sure=True)
        sure = _is_between_signs(piece, places) or _is_word(piece, places)
        return Amount(value, _pair(piece, places), places, sure)
    places = (*places, *range(places[-1] + 1, unit.end))
    half = _and_a_half(piece, unit.end)
    return Amount(value + (Decimal("0.5") if half else 0), unit.entry.value, (*places, *half), sure=True)


def _pair(piece: Piece, places: tuple[int, ...]) -> str:
    return "pair" if piece.at(places[0], "pairs") else ""


def _is_word(piece: Piece, places: tuple[int, ...]) -> bool:
    return piece.tokens[places[0]].kind is TokenKind.WORD


def _and_a_half(piece: Piece, place: int) -> tuple[int, ...]:
    """The tokens of `and a half` behind a unit: מטר וחצי."""
    if place < len(piece.tokens) and place in piece.unread and piece.tokens[place].word in ("וחצי", "חצי"):
        return (place,)
    return ()


def _is_between_signs(piece: Piece, places: tuple[int, ...]) -> bool:
    before = places[0] - 1
    return before >= 0 and piece.tokens[before].text in ("-", "(", "=", ":")


def _after_unit(piece: Piece, unit: Span) -> Amount | None:
    """A unit before its number (`литров пять`, `qty 2`), or one alone (`литр`, `комплект`)."""
    after = unit.end
    leads = unit.entry.value == "pcs" or len(piece.tokens[unit.start].word) > 2
    number = _number_at(piece, after) if leads and after in piece.unread else None
    places = tuple(range(unit.start, unit.end))
    has_own = after < len(piece.tokens) and number is not None and piece.at(number[1][-1] + 1, "units", "measures")
    if number is not None and not has_own:
        return Amount(number[0], unit.entry.value, (*places, *number[1]), sure=True)
    half = _and_a_half(piece, unit.end)
    if half:
        return Amount(Decimal("1.5"), unit.entry.value, (*places, *half), sure=True)
    if unit.entry.value in ("l", "set", "m", "kg") and len(piece.tokens[unit.start].word) > 1:
        return Amount(Decimal(1), unit.entry.value, places, sure=True)
    return None


def _is_whole(amount: Amount) -> bool:
    """Without a unit, a broken number is the size of an engine."""
    exponent = amount.value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= 0


def _is_a_size(piece: Piece, amount: Amount) -> bool:
    """Whether a bare number behind the part is a size that the part comes in."""
    if piece.part is None or piece.name_end is None or amount.places[0] < piece.name_end:
        return False
    if piece.tokens[amount.places[0]].kind is not TokenKind.NUMBER:
        return False
    text = piece.tokens[amount.places[0]].text.replace(",", ".")
    return any(text in SIZES.get(attribute, ()) for attribute in piece.part.attributes)


def unit_of(amount: Amount, part: NamedPart | None) -> str:
    """The unit of a quantity: the one said, else the part's own. A pair is two pieces, unless the part is sold so."""
    if amount.unit == "pair":
        return "pair" if part is not None and part.unit == "pair" else "pcs"
    if amount.unit:
        return amount.unit
    return part.unit if part is not None else "pcs"


def value_of(amount: Amount, part: NamedPart | None) -> Decimal:
    is_pair = amount.unit == "pair" and part is not None and part.unit == "pair"
    return amount.value / 2 if is_pair else amount.value
