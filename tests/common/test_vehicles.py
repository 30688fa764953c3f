"""Plates: what people type, the key a car is found by, the way it is shown."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from common.database import Database
from common.errors import InvalidInput
from common.models import Vehicle
from common.vehicles import MAX_KEY, MAX_TYPED, read_plate, remember

RLM, LRM, FSI, PDI = "\u200f", "\u200e", "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("typed", "key", "display", "country"),
    [
        # Israel: 7 digits, 8 since 2017, older 5 and 6; dash, dot, middle dot, space, none; invisible marks
        ("1234567", "1234567", "12-345-67", "il"),
        ("12-345-67", "1234567", "12-345-67", "il"),
        ("12 345 67", "1234567", "12-345-67", "il"),
        ("12.345.67", "1234567", "12-345-67", "il"),
        ("12·345·67", "1234567", "12-345-67", "il"),
        ("12345678", "12345678", "123-45-678", "il"),
        (f"{RLM}123-45-678{RLM}", "12345678", "123-45-678", "il"),
        (f"{FSI}123-45-678{PDI}", "12345678", "123-45-678", "il"),
        ("12-345", "12345", "12-345", "il"),
        ("123-456", "123456", "123-456", "il"),
        ("0012345", "0012345", "00-123-45", "il"),
        # Russia: only type 1 is split, shown in Cyrillic however it was typed
        ("а123вс77", "A123BC77", "А123ВС 77", "ru"),
        ("A123BC77", "A123BC77", "А123ВС 77", "ru"),
        ("A 123 BC 77 RUS", "A123BC77", "А123ВС 77", "ru"),
        ("х001ух777", "X001YX777", "Х001УХ 777", "ru"),
        # as typed: the number 000 does not exist, letters without a twin, and what fits two types
        ("А000ВС77", "A000BC77", "А000ВС77", "other"),
        ("А123ДС77", "A123ДC77", "А123ДС77", "other"),
        ("АВ123477", "AB123477", "АВ123477", "other"),
        ("ММ 0000 55", "MM000055", "ММ 0000 55", "other"),
        ("0000 ММ 55", "0000MM55", "0000 ММ 55", "other"),
        # whatever else a station sees: police, army, diplomats, neighbours, a frame number
        ("123-456 מ", "123456מ", "123-456 מ", "other"),
        ("CD 12-34", "CD1234", "CD 12-34", "other"),
        ("b-mw 1234 e", "BMW1234E", "b-mw 1234 e", "other"),
        ("٠١٢٣٤٥٦", "٠١٢٣٤٥٦", "٠١٢٣٤٥٦", "other"),
        ("1234", "1234", "1234", "other"),
        ("123456789", "123456789", "123456789", "other"),
        ("WVGZZZ5NZEW069297", "WVGZZZ5NZEW069297", "WVGZZZ5NZEW069297", "other"),
    ],
)
def test_a_plate_is_found_by_its_key_and_shown_as_people_know_it(
    typed: str, key: str, display: str, country: str
) -> None:
    plate = read_plate(typed)
    assert (plate.key, plate.display, plate.country) == (key, display, country)


@pytest.mark.parametrize("typed", ["", "   ", "---", RLM + LRM, "\n\t", "·"])
def test_an_empty_plate_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="plate_empty"):
        read_plate(typed)


@pytest.mark.parametrize("typed", ["1" * (MAX_TYPED + 1), "x" * 10_000, "ﬃ" * MAX_TYPED])
def test_a_plate_that_does_not_fit_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="plate_long"):
        read_plate(typed)


@given(typed=st.text(max_size=30))
@example("ß" * 20)
@example("\ud800A1")
@example("ı" * 7)
def test_no_text_breaks_a_plate_and_what_is_shown_leads_back_to_the_same_car(typed: str) -> None:
    try:
        plate = read_plate(typed)
    except InvalidInput:
        return
    assert 1 <= len(plate.key) <= MAX_KEY
    assert len(plate.raw) <= MAX_TYPED
    assert len(plate.display) <= 40
    assert read_plate(plate.display).key == plate.key
    plate.display.encode()  # can be stored


def test_a_car_is_remembered_once_however_its_plate_was_typed(any_database: Database) -> None:
    with any_database.write() as session:
        first = remember(session, read_plate("а123вс77"))
        again = remember(session, read_plate("A 123 BC 77 RUS"))
        assert first.id == again.id
        assert first.raw == "а123вс77"
        assert session.scalar(select(func.count()).select_from(Vehicle)) == 1


def test_the_strangest_plates_fit_their_columns(any_database: Database) -> None:
    with any_database.write() as session:
        for typed in ("ﬃ" * 10, "צ" * 20, "ß" * 16, "🚗12345", "'; DROP --1"):
            remember(session, read_plate(typed))
