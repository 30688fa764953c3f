"""The car of an order: the typed text, whether to ask about it, and its likely corrections.

Nothing a station can read on a car is refused: the person is told that it looks wrong, and may use it anyway.
"""

from __future__ import annotations

import zlib

from bot_daemon.chat.conversation.drafts import Draft, Refusal, clean
from common.cars.identified import IdentifiedCar
from common.cars.vehicles import MAX_KEY, MAX_RAW, read_vehicle
from common.errors import InvalidInput

OFFERS = 3  # corrections of one car


def read_car(typed: str) -> IdentifiedCar | Refusal:
    """The car that the typed text means, or the reason of a refusal."""
    try:
        car = read_vehicle(clean(typed))
    except InvalidInput as refused:
        return Refusal.PLATE_LONG if refused.code == "plate_long" else Refusal.EMPTY
    return car if len(car.key) <= MAX_KEY and len(car.display) <= MAX_RAW else Refusal.PLATE_LONG


def taken_car(typed: str) -> IdentifiedCar | None:
    """The car of a text that was accepted before; None for no text."""
    car = read_car(typed) if typed else None
    return car if isinstance(car, IdentifiedCar) else None


def is_doubtful(car: IdentifiedCar) -> bool:
    """Whether to ask before the car is accepted: the text is most likely incomplete or mistyped."""
    return car.asks_first or bool(car.offers)


def car_mark(raw: str) -> int:
    """The number that stands for a typed car in a button, which has no room for twenty characters of any script."""
    return zlib.crc32(raw.encode("utf-8", "replace")) % 1_000_000_000


def car_choices(draft: Draft) -> list[str]:
    """The car's choices as buttons: as typed, or one of the corrections."""
    raws = [raw for raw in (draft.doubt, draft.plate, *draft.other_cars) if raw]
    return [*raws, *(offer for raw in raws for offer in offers(taken_car(raw)))]


def offers(car: IdentifiedCar | None) -> tuple[str, ...]:
    return car.offers[:OFFERS] if car else ()
