"""The station's cars: reads a typed plate or VIN, and finds or adds the car's row."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock, order_index
from common.cars import plates, vins
from common.cars.identified import IdentifiedCar, clean_number
from common.cars.plates import MAX_KEY as MAX_KEY
from common.cars.plates import MAX_TYPED as MAX_TYPED
from common.cars.plates import Plate
from common.cars.plates import read_plate as read_plate
from common.database import rows
from common.database.models import Vehicle
from common.errors import InvalidInput

MAX_RAW = 40  # a VIN with a space after each character


def read_vehicle(typed: str) -> IdentifiedCar:
    """Read a plate, a VIN or a frame number: any typed text is accepted, with notes.

    Raises:
        InvalidInput: `plate_empty`, `plate_long`; no other text is refused.
    """
    raw, key = clean_number(typed)
    vin = vins.identify_vin(raw, key) if len(raw) <= MAX_RAW else None
    if vin is not None and not _is_known_plate(raw):
        return vin
    return plates.identify_plate(read_plate(typed))


def _is_known_plate(raw: str) -> bool:
    """Whether it is a known plate: a Russian plate with its country is as long as a VIN (`А 123 ВС 777 RUS`)."""
    try:
        return read_plate(raw).sure
    except InvalidInput:
        return False


def is_unmistakable(typed: str) -> bool:
    """Whether the text means a car in any context: an Israeli or Russian car's plate, or a VIN."""
    try:
        return read_vehicle(typed).sure
    except InvalidInput:
        return False


def remember(session: Session, car: IdentifiedCar | Plate) -> Vehicle:
    """The car of this plate or VIN, new or known; two simultaneous calls create one row."""
    known = _find_known(session, car)
    if known is not None:
        return known
    row = {
        "key": car.key,
        "raw": car.raw,
        "display": car.display,
        "country": car.country,
        "vin": car.vin,
        "created_at": clock.utcnow(),
    }
    session.execute(rows.insert(session, Vehicle).values(row).on_conflict_do_nothing(index_elements=["key"]))
    found = session.scalars(select(Vehicle).where(Vehicle.key == car.key)).one()
    order_index.index_car(session, found)
    return found


def _find_known(session: Session, car: IdentifiedCar | Plate) -> Vehicle | None:
    """Find a car by its key; a VIN also finds a car that is known by its plate."""
    known = session.scalar(select(Vehicle).where(Vehicle.key == car.key))
    if known is None and car.vin:
        return session.scalar(select(Vehicle).where(Vehicle.vin == car.vin).order_by(Vehicle.id).limit(1))
    if known is not None and car.vin and known.vin is None:
        known.vin = car.vin  # it was typed as a plate before VINs were understood
        order_index.index_car(session, known)
    return known
