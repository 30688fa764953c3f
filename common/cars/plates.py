"""Number plates of Israel and Russia: their formats, and corrections of probable typing errors. Pure rules.

Israel: 7 digits, 8 since 2017, older ones of 5 and 6. Russia: GOST R 50577, letters with a Latin twin only. A plate is
refused only if it is empty or longer than twenty characters: a station sees police, army, diplomatic and foreign cars,
and an order must not fail on them.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from common.cars.identified import CYRILLIC, LATIN, TO_CYRILLIC, CarNote, CarNumberKind, IdentifiedCar, clean_number
from common.errors import InvalidInput

MAX_TYPED = 20
MAX_KEY = 32  # capitals can be longer than the typed text: a ligature becomes three letters
SHORTEST = 5


class RussianType(enum.StrEnum):
    CAR = "1"  # А123ВС 77: cars, trucks, buses
    TAXI = "1Б"  # ММ 123 55: taxis, route buses
    TRAILER = "2"  # ММ 1234 55
    TRACTOR_OR_MOTORCYCLE = "3, 4"  # 1234 ММ 55
    MOPED = "4Б"  # ММ 12 ММ 55
    POLICE = "police"  # М 1234 55


# L is one of the twelve letters, D a digit. The region of two or three digits follows.
SHAPES = {
    RussianType.CAR: "LDDDLL",
    RussianType.TAXI: "LLDDD",
    RussianType.TRAILER: "LLDDDD",
    RussianType.TRACTOR_OR_MOTORCYCLE: "DDDDLL",
    RussianType.MOPED: "LLDDLL",
    RussianType.POLICE: "LDDDD",
}
DASHES = {5: (2,), 6: (3,), 7: (2, 5), 8: (3, 5)}  # Israel: the positions of the dashes, by the number of digits
DIGITS = "0123456789"
# Characters that people confuse, by the character that belongs in the place.
MISTAKEN = {"D": {"O": "0", "З": "3", "I": "1", "І": "1"}, "L": {"0": "O"}}
FITS = {"D": frozenset(DIGITS), "L": frozenset(LATIN)}


@dataclass(frozen=True)
class Plate:
    """`key` finds the car again, `display` is for people, `country` is il, ru or other.

    `types`: every Russian type it fits. АВ123477 fits two, so only type 1 is split and labelled.
    """

    raw: str
    key: str
    display: str
    country: str
    types: tuple[RussianType, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the plate is unmistakable: a Russian car's plate, or an Israeli one of the last decades."""
        return RussianType.CAR in self.types or (self.country == "il" and len(self.key) >= 7)

    @property
    def vin(self) -> None:
        return None


def read_plate(typed: str) -> Plate:
    """Raises: InvalidInput `plate_empty`, `plate_long`."""
    raw, key = clean_number(typed)
    if not key:
        raise InvalidInput("plate_empty")
    if len(raw) > MAX_TYPED or len(key) > MAX_KEY:
        raise InvalidInput("plate_long", most=MAX_TYPED)
    return _read_israeli(raw, key) or _read_russian(raw, key.removesuffix("RUS")) or Plate(raw, key, raw, "other")


def identify_plate(plate: Plate) -> IdentifiedCar:
    """The plate with its notes and its probable corrections."""
    return IdentifiedCar(
        CarNumberKind.PLATE,
        plate.raw,
        plate.key,
        plate.display,
        plate.country,
        notes=_notes(plate),
        offers=corrections(plate),
        sure=plate.sure,
    )


def russian_types(key: str) -> tuple[RussianType, ...]:
    """The types a key fits. The number 000 does not exist for cars, so such a key fits no type."""
    types = tuple(type_ for type_ in SHAPES if any(_fits(key, shape) for shape in _shapes(type_)))
    return types if types != (RussianType.CAR,) or key[1:4] != "000" else ()


def _shapes(type_: RussianType) -> tuple[str, str]:
    return SHAPES[type_] + "DD", SHAPES[type_] + "DDD"


def _fits(key: str, shape: str) -> bool:
    return len(key) == len(shape) and all(c in FITS[place] for c, place in zip(key, shape, strict=True))


def _read_israeli(raw: str, key: str) -> Plate | None:
    cuts = DASHES.get(len(key))
    if cuts is None or not _fits(key, "D" * len(key)):
        return None
    parts = [key[i:j] for i, j in zip((0, *cuts), (*cuts, len(key)), strict=True)]
    return Plate(raw, key, "-".join(parts), "il")


def _read_russian(raw: str, key: str) -> Plate | None:
    types = russian_types(key)
    if RussianType.CAR in types:
        return Plate(raw, key, f"{key[:6].translate(TO_CYRILLIC)} {key[6:]}", "ru", types)
    if not types:
        return None
    # In Latin letters the plate may also be Danish or Norwegian: it is shown as typed, and no country is guessed.
    return Plate(raw, key, raw, "ru" if any(c in CYRILLIC for c in raw.upper()) else "other", types)


def _notes(plate: Plate) -> tuple[CarNote, ...]:
    if any(_fits(plate.key, shape) for shape in _shapes(RussianType.CAR)) and not plate.types:
        return (CarNote.SERIAL_ZERO,)
    if len(plate.key) < SHORTEST:
        return (CarNote.SHORT,)
    return (CarNote.UNUSUAL,) if plate.country == "other" and not plate.types else ()


def corrections(plate: Plate) -> tuple[str, ...]:
    """Probable corrections by position: О for 0, З for 3, I for 1 and the like. They are offered, never applied."""
    if plate.sure or CarNote.SERIAL_ZERO in _notes(plate):
        return ()
    key = plate.key.removesuffix("RUS")
    cars = _corrected_keys(key, "LDDDLL", regions=(2, 3))
    if not plate.types:
        cars += _corrected_keys(key, "D" * 7) + _corrected_keys(key, "D" * 8)
    if cars or plate.types or plate.country != "other":
        return tuple(read_plate(fixed).display for fixed in cars)
    others = [fixed for shape in SHAPES.values() for fixed in _corrected_keys(key, shape, regions=(2, 3))]
    return tuple(dict.fromkeys(fixed.translate(TO_CYRILLIC) for fixed in others))


def _corrected_keys(key: str, shape: str, *, regions: tuple[int, ...] = (0,)) -> list[str]:
    """The key corrected to fit the shape and its region, if fewer than half its characters are guesses; else none."""
    region = len(key) - len(shape)
    if region not in regions:
        return []
    places = shape + "D" * region
    fixed = "".join(c if c in FITS[place] else MISTAKEN[place].get(c, "") for c, place in zip(key, places, strict=True))
    if len(fixed) != len(key) or not any(c in "123456789" for c in fixed[: len(shape)]):
        return []
    changes = sum(a != b for a, b in zip(key, fixed, strict=True))
    return [fixed] if 0 < changes * 2 < len(key) else []
