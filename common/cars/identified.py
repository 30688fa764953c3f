"""A typed plate or VIN as understood: its value, its notes as codes, and the corrections to offer."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

CYRILLIC, LATIN = "АВЕКМНОРСТУХ", "ABEKMHOPCTYX"  # GOST R 50577: the only letters of a plate, each with a Latin twin
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)


class CarNumberKind(enum.StrEnum):
    PLATE = "plate"
    VIN = "vin"
    FRAME = "frame"  # a car's number that is not a VIN: before 1981, made for Japan, or mistyped


class CarNote(enum.StrEnum):
    """A reason to check the number again. No note forbids anything: an order never fails because of a car's number."""

    SHORT = "short"  # fewer than five characters
    UNUSUAL = "unusual"  # not a known civilian plate: police, army, diplomats, neighbouring countries
    SERIAL_ZERO = "serial_zero"  # a Russian plate with the number 000, which does not exist
    VIN_LENGTH = "vin_length"  # about as long as a VIN, but not 17 characters
    VIN_CHARACTERS = "vin_characters"  # 17 characters, but some cannot occur in a VIN and have no correction
    VIN_LETTERS = "vin_letters"  # has O, Q or I, which cannot occur in a VIN; the digits they look like are offered
    CHECK_DIGIT = "check_digit"  # position 9 is wrong where the law requires it: North America, China
    ALL_THE_SAME = "all_the_same"  # seventeen times the same character
    LAST_FOUR = "last_four"  # the last four characters are not digits, as they almost always are


# Notes shown as an error with "use anyway": the typed text is probably incomplete.
ASK_FIRST = frozenset({CarNote.SHORT, CarNote.VIN_LENGTH, CarNote.VIN_CHARACTERS})


@dataclass(frozen=True)
class IdentifiedCar:
    """A car by its plate, VIN or frame number, as it can be used.

    `raw` is the typed text, `key` (Latin capitals and digits) finds the car again, `display` is for people, `country`
    is il, ru or other. `offers` are corrected texts, chosen with one press. `sure`: no other text typed in a workshop
    looks like this.
    """

    kind: CarNumberKind
    raw: str
    key: str
    display: str
    country: str
    notes: tuple[CarNote, ...] = ()
    offers: tuple[str, ...] = ()
    sure: bool = False

    @property
    def vin(self) -> str | None:
        return self.key if self.kind is CarNumberKind.VIN else None

    @property
    def asks_first(self) -> bool:
        """Whether the notes are shown as an error that can be overruled ("use anyway"), not only as notes."""
        return not ASK_FIRST.isdisjoint(self.notes)


def clean_number(typed: str) -> tuple[str, str]:
    """The typed text without invisible characters, and its key: capitals and digits, look-alikes in Latin."""
    raw = "".join(c for c in typed if unicodedata.category(c) not in ("Cf", "Cc", "Cs")).strip()
    return raw, re.sub(r"[\W_]+", "", raw.upper()).translate(TO_LATIN)
