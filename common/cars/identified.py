"""What a typed plate or VIN was understood as: a value, with notes as codes and corrections to offer."""

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
    FRAME = "frame"  # a number of the car that is no VIN: before 1981, made for Japan, or mistyped


class CarNote(enum.StrEnum):
    """What somebody should look at again. None of them forbids anything: an order never fails on a car's number."""

    SHORT = "short"  # fewer than five characters
    UNUSUAL = "unusual"  # no civilian plate we know: police, army, diplomats, neighbours
    SERIAL_ZERO = "serial_zero"  # a Russian plate with the number 000, which does not exist
    VIN_LENGTH = "vin_length"  # long like a VIN, but not of 17 characters
    VIN_CHARACTERS = "vin_characters"  # of 17 characters, some of which no VIN has and no correction helps
    VIN_LETTERS = "vin_letters"  # holds O, Q or I, which no VIN has; the digits they look like are offered
    CHECK_DIGIT = "check_digit"  # position 9 is wrong, where the law wants it right: North America, China
    ALL_THE_SAME = "all_the_same"  # seventeen times the same character
    LAST_FOUR = "last_four"  # the last four are digits almost everywhere


# Told as an error, with "use anyway": what was typed is most likely incomplete.
ASK_FIRST = frozenset({CarNote.SHORT, CarNote.VIN_LENGTH, CarNote.VIN_CHARACTERS})


@dataclass(frozen=True)
class IdentifiedCar:
    """A car by its plate, VIN or frame number, as it can be used.

    `raw` is as typed, `key` (Latin capitals and digits) finds the car again, `display` is for people, `country` is il,
    ru or other. `offers` are corrected texts, to be typed instead by one press. `sure`: nothing else that people type
    in a workshop looks like this.
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
        """Whether it is told as an error that can be overruled ("use anyway"), not only noted."""
        return not ASK_FIRST.isdisjoint(self.notes)


def clean_number(typed: str) -> tuple[str, str]:
    """What was typed without invisible characters, and its key: capitals and digits, the look-alikes in Latin."""
    raw = "".join(c for c in typed if unicodedata.category(c) not in ("Cf", "Cc", "Cs")).strip()
    return raw, re.sub(r"[\W_]+", "", raw.upper()).translate(TO_LATIN)
