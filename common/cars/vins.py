"""Vehicle identification numbers: ISO 3779, with the check digit of 49 CFR 565.15 and GB 16735 as advice. Pure rules.

Seventeen characters without I, O and Q. The check digit at position 9 is the law in North America and China only; real
European numbers hold any character there. A number that is not a VIN is a frame number, kept as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vininfo import Vin

from common import clock
from common.cars.identified import CarNote, CarNumberKind, IdentifiedCar

LENGTH = 17
LENGTHS = range(12, 21)  # lengths that suggest a VIN, not a plate
CHARACTERS = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
MISTAKEN = str.maketrans("OQIІЗ", "00113")
VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECKED_PLACES = frozenset("12345L")  # first characters of North America and China
VIN_PREFIX = re.compile(r"\s*(?:VIN|ВИН)[\s:#№.-]+", re.IGNORECASE)  # "VIN: WVG…", as copied from a form
# A frame number of the Japanese market: `JZX100-0012345`, a model code and a serial number.
JAPANESE = re.compile(r"[A-Z]{1,5}\d{1,3}[A-Z]{0,3}[ -]\d{6,7}")


def check_digit(vin: str) -> str:
    """The correct character for position 9: 0-9 or X."""
    rest = sum(weight * VALUES.get(c, ord(c) - 48) for c, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def vin_notes(vin: str) -> tuple[CarNote, ...]:
    """The notes about a number that may be a VIN."""
    doubts = {
        CarNote.ALL_THE_SAME: len(set(vin)) == 1,
        CarNote.CHECK_DIGIT: vin[0] in CHECKED_PLACES and vin[8] != check_digit(vin),
        CarNote.LAST_FOUR: not vin[-4:].isdigit(),
    }
    return tuple(note for note, holds in doubts.items() if holds)


def identify_vin(raw: str, key: str) -> IdentifiedCar | None:
    """The VIN or frame number; None if the text looks like neither. `key` is `raw` cleaned."""
    if len(key) != LENGTH and JAPANESE.fullmatch(raw.upper()):
        return IdentifiedCar(CarNumberKind.FRAME, raw, key, raw.upper(), "other")
    if VIN_PREFIX.match(raw):
        key = key[3:]
    if not _looks_like_vin(key):
        return None
    if len(key) != LENGTH:
        return IdentifiedCar(CarNumberKind.FRAME, raw, key, raw, "other", notes=(CarNote.VIN_LENGTH,))
    if CHARACTERS.issuperset(key):
        sure = sum(c.isdigit() for c in key) >= 4
        return IdentifiedCar(CarNumberKind.VIN, raw, key, key, "other", notes=vin_notes(key), sure=sure)
    meant = key.translate(MISTAKEN)
    if CHARACTERS.issuperset(meant):
        return IdentifiedCar(CarNumberKind.VIN, raw, key, key, "other", notes=(CarNote.VIN_LETTERS,), offers=(meant,))
    return IdentifiedCar(CarNumberKind.FRAME, raw, key, raw, "other", notes=(CarNote.VIN_CHARACTERS,))


def _looks_like_vin(key: str) -> bool:
    """Whether the text is long enough and, with few exceptions, holds digits and Latin letters, digits among them."""
    if len(key) not in LENGTHS:
        return False
    foreign = sum(not c.isascii() for c in key)
    return (len(key) == LENGTH and foreign == 0) or (foreign <= 3 and sum(c in "0123456789" for c in key) >= 3)


@dataclass(frozen=True)
class VinDescription:
    """The make and model year in a VIN. `year` is None if the maker is not known to encode it."""

    make: str | None
    year: int | None


# Makes that the library's table lacks, or lists under the assembler or an older name. Six pairs a line: a pair a line
# would be a screen of codes.
MAKES = {
    "JF1": "Subaru", "JTN": "Toyota", "KMH": "Hyundai", "LRW": "Tesla", "LSJ": "MG", "NM0": "Ford", "UU1": "Dacia",
    "VR3": "Peugeot", "W0L": "Opel", "WBS": "BMW", "WDC": "Mercedes-Benz", "WDD": "Mercedes-Benz", "WF0": "Ford",
    "WP0": "Porsche", "WP1": "Porsche", "WV1": "Volkswagen", "WV2": "Volkswagen", "X4X": "BMW", "X9F": "Ford",
    "XP7": "Tesla", "XTA": "Lada", "YV1": "Volvo", "Z6F": "Ford", "ZFA": "Fiat", "7SA": "Tesla",
}  # fmt: skip
YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"  # position 10, from 1980 on, repeating every thirty years
DATED_PLACES = frozenset("12345LK")  # North America and China by law, Korea by custom
DATED_MAKES = frozenset({"Audi", "Honda", "Hyundai", "Kia", "Lada", "Porsche", "SEAT", "Škoda", "Volkswagen"})


def describe_vin(vin: str) -> VinDescription:
    """The make and model year, as far as the VIN holds them; both empty for a number that is not a VIN."""
    if len(vin) != LENGTH or not CHARACTERS.issuperset(vin):
        return VinDescription(None, None)
    make = MAKES.get(vin[:3]) or _known_make(vin)
    dated = make is not None and (vin[0] in DATED_PLACES or make in DATED_MAKES)
    return VinDescription(make, _year(vin) if dated else None)


def _known_make(vin: str) -> str | None:
    maker: str = Vin(vin).manufacturer
    return None if maker == "UnsupportedBrand" else maker


def _year(vin: str) -> int | None:
    if vin[9] not in YEARS:
        return None
    year = 1980 + YEARS.index(vin[9])
    if vin[0] in "12345":  # 49 CFR 565.15: a letter at position 7 means 2010 or later
        return year + 30 if vin[6].isalpha() else year
    return year + 30 if year + 30 <= clock.utcnow().year else year
