"""Cars as rows: remembered once, whatever was typed and by how many at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from common.cars.vehicles import read_plate, read_vehicle, remember
from common.database.engine import Database
from common.database.models import Vehicle

VIN = "WVGZZZ5NZEW069297"


def test_a_car_is_remembered_once_however_its_plate_was_typed(any_database: Database) -> None:
    with any_database.write() as session:
        first = remember(session, read_vehicle("а123вс77"))
        again = remember(session, read_vehicle("A 123 BC 77 RUS"))
        assert first.id == again.id
        assert first.raw == "а123вс77"
        assert (first.key, first.display, first.country, first.vin) == ("A123BC77", "А123ВС 77", "ru", None)
        assert session.scalar(select(func.count()).select_from(Vehicle)) == 1


def test_a_vin_is_remembered_as_one(any_database: Database) -> None:
    with any_database.write() as session:
        car = remember(session, read_vehicle("wvg zzz 5nz ew0 692 97"))
        assert (car.raw, car.key, car.display, car.vin) == ("wvg zzz 5nz ew0 692 97", VIN, VIN, VIN)
        assert remember(session, read_vehicle(VIN)) is car


def test_a_vin_finds_the_car_that_is_known_by_its_plate(any_database: Database) -> None:
    with any_database.write() as session:
        car = remember(session, read_vehicle("12345678"))
        car.vin = VIN
        session.flush()
        assert remember(session, read_vehicle(VIN)) is car


def test_a_vin_that_was_taken_for_a_plate_becomes_one(any_database: Database) -> None:
    with any_database.write() as session:
        old = remember(session, read_plate(VIN))
        assert old.vin is None
        assert remember(session, read_vehicle(VIN)) is old
        assert old.vin == VIN


def test_two_that_remember_a_car_at_once_remember_one(any_database: Database) -> None:
    ready, ids = threading.Barrier(2, timeout=20), []

    def come() -> None:
        ready.wait()
        with any_database.write() as session:
            ids.append(remember(session, read_vehicle("12345678")).id)

    threads = [threading.Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize("typed", ["ﬃ" * 10, "צ" * 20, "ß" * 16, "🚗12345", "'; DROP --1", " ".join(VIN)])
def test_the_strangest_plates_fit_their_columns(any_database: Database, typed: str) -> None:
    with any_database.write() as session:
        remember(session, read_vehicle(typed))
