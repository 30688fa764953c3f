"""Plates and VINs: what people type, the key it is found by, the way it is shown. Pure rules; sources in the docs.

A plate is never refused but for being empty or longer than twenty characters: a station sees police, army, diplomatic
and foreign cars, and an order must not fail on them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.errors import InvalidInput
from common.models import Vehicle

MAX_TYPED = 20
MAX_KEY = 32  # capitals can be longer than what was typed: a ligature becomes three letters
CYRILLIC, LATIN = "АВЕКМНОРСТУХ", "ABEKMHOPCTYX"  # GOST R 50577: the only letters, each with a Latin twin
TO_LATIN = str.maketrans(CYRILLIC, LATIN)
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
RUSSIAN_CAR = re.compile(rf"([{LATIN}])(\d{{3}})([{LATIN}]{{2}})(\d{{2,3}})(?:RUS)?")


@dataclass(frozen=True)
class Plate:
    """`key` finds the car again, `display` is for people, `country` is il, ru or other."""

    raw: str
    key: str
    display: str
    country: str


def read_plate(typed: str) -> Plate:
    """Raises: InvalidInput `plate_empty`, `plate_long`."""
    raw = "".join(c for c in typed if unicodedata.category(c) not in ("Cf", "Cc", "Cs")).strip()
    key = re.sub(r"[\W_]+", "", raw.upper()).translate(TO_LATIN)
    if not key:
        raise InvalidInput("plate_empty")
    if len(raw) > MAX_TYPED or len(key) > MAX_KEY:
        raise InvalidInput("plate_long", most=MAX_TYPED)
    return _israeli(raw, key) or _russian(raw, key) or Plate(raw, key, raw, "other")


def _israeli(raw: str, key: str) -> Plate | None:
    # 7 and 8 digits (8 since 2017); older 5 and 6 have one dash before the last three.
    cuts = {5: (2,), 6: (3,), 7: (2, 5), 8: (3, 5)}.get(len(key))
    if cuts is None or not (key.isascii() and key.isdigit()):
        return None
    parts = [key[i:j] for i, j in zip((0, *cuts), (*cuts, len(key)), strict=True)]
    return Plate(raw, key, "-".join(parts), "il")


def _russian(raw: str, key: str) -> Plate | None:
    # Only type 1 (cars) is split: AB123477 would fit two other types, so those are shown as typed.
    hit = RUSSIAN_CAR.fullmatch(key)
    if hit is None or hit[2] == "000":
        return None
    letters = f"{hit[1]}{hit[2]}{hit[3]}".translate(TO_CYRILLIC)
    return Plate(raw, f"{hit[1]}{hit[2]}{hit[3]}{hit[4]}", f"{letters} {hit[4]}", "ru")


def remember(session: Session, plate: Plate) -> Vehicle:
    """The car of this plate, new or known."""
    known = session.scalar(select(Vehicle).where(Vehicle.key == plate.key))
    if known is not None:
        return known
    vehicle = Vehicle(
        key=plate.key, raw=plate.raw, display=plate.display, country=plate.country, created_at=clock.utcnow()
    )
    session.add(vehicle)
    session.flush()
    return vehicle
