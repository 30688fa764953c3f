"""Plates: what people type, the key a car is found by, the way it is shown, and what was probably meant."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.cars.identified import CarNote, CarNumberKind
from common.cars.plates import MAX_KEY, MAX_TYPED, RussianType, read_plate, russian_types
from common.cars.vehicles import read_vehicle
from common.errors import InvalidInput

RLM, LRM, FSI, PDI = "\u200f", "\u200e", "\u2068", "\u2069"
T = RussianType


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
        ("А123ВС777", "A123BC777", "А123ВС 777", "ru"),
        ("х001ух777", "X001YX777", "Х001УХ 777", "ru"),
        # the other types are known and shown as typed: АВ123477 fits two of them
        ("АВ123477", "AB123477", "АВ123477", "ru"),
        ("ММ 000 55", "MM00055", "ММ 000 55", "ru"),
        ("ММ 0000 55", "MM000055", "ММ 0000 55", "ru"),
        ("ММ 1234 55 RUS", "MM123455", "ММ 1234 55 RUS", "ru"),
        ("0000 ММ 55", "0000MM55", "0000 ММ 55", "ru"),
        ("ММ 00 ММ 55", "MM00MM55", "ММ 00 ММ 55", "ru"),
        ("М 0000 55", "M000055", "М 0000 55", "ru"),
        # in Latin letters they may be from elsewhere (Denmark: two letters, five digits), so no country is guessed
        ("AB 12 345", "AB12345", "AB 12 345", "other"),
        # the number 000 does not exist; letters without a twin; D is for diplomats
        ("А000ВС77", "A000BC77", "А000ВС77", "other"),
        ("А123ДС77", "A123ДC77", "А123ДС77", "other"),
        ("004 CD 1 77", "004CD177", "004 CD 1 77", "other"),
        # whatever else a station sees: police, army, diplomats, neighbours
        ("123-456 מ", "123456מ", "123-456 מ", "other"),
        ("123-456 מצ", "123456מצ", "123-456 מצ", "other"),
        ("צ 12345", "צ12345", "צ 12345", "other"),
        ("CD 12-34", "CD1234", "CD 12-34", "other"),
        ("b-mw 1234 e", "BMW1234E", "b-mw 1234 e", "other"),
        ("٠١٢٣٤٥٦", "٠١٢٣٤٥٦", "٠١٢٣٤٥٦", "other"),
        ("1234", "1234", "1234", "other"),
        ("123456789", "123456789", "123456789", "other"),
    ],
)
def test_a_plate_is_found_by_its_key_and_shown_as_people_know_it(
    typed: str, key: str, display: str, country: str
) -> None:
    plate = read_plate(typed)
    assert (plate.key, plate.display, plate.country) == (key, display, country)
    read = read_vehicle(typed)
    assert (read.kind, read.key, read.display, read.country) == (CarNumberKind.PLATE, key, display, country)


@pytest.mark.parametrize(
    ("key", "types"),
    [
        ("A123BC77", (T.CAR,)),
        ("A123BC777", (T.CAR,)),
        ("A000BC77", ()),
        ("MM12355", (T.TAXI,)),
        ("MM123455", (T.TAXI, T.TRAILER)),
        ("MM1234550", (T.TRAILER,)),
        ("1234MM55", (T.TRACTOR_OR_MOTORCYCLE,)),
        ("MM12MM55", (T.MOPED,)),
        ("M123455", (T.POLICE,)),
        ("D12345", ()),
        ("A123BC7", ()),
        ("", ()),
    ],
)
def test_every_russian_type_that_fits_is_named(key: str, types: tuple[RussianType, ...]) -> None:
    assert russian_types(key) == types


@pytest.mark.parametrize(
    ("typed", "notes", "asks"),
    [
        ("12345678", (), False),
        ("А123ВС77", (), False),
        ("АВ123477", (), False),
        ("AB 12 345", (), False),
        ("12-345", (), False),
        ("123", (CarNote.SHORT,), True),
        ("А1", (CarNote.SHORT,), True),
        ("А000ВС77", (CarNote.SERIAL_ZERO,), False),
        ("123-456 מ", (CarNote.UNUSUAL,), False),
        ("123456789", (CarNote.UNUSUAL,), False),
    ],
)
def test_what_is_odd_is_noted_and_only_a_short_one_asks_first(
    typed: str, notes: tuple[CarNote, ...], asks: bool
) -> None:
    read = read_vehicle(typed)
    assert (read.notes, read.asks_first) == (notes, asks)


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("0123ВС77", ("О123ВС 77",)),  # could be a motorcycle, so it is only offered
        ("АI23ВС77", ("А123ВС 77",)),
        ("А1З3ВС77", ("А133ВС 77",)),
        ("А12ЗВ077", ("А123ВО 77",)),
        ("АО12ВС77 RUS", ("А012ВС 77",)),
        ("12З4567", ("12-345-67",)),
        ("l2345678", ()),  # L is a letter of nobody's plate, and no digit we know it for
        ("I2345678", ("123-45-678",)),
        ("АВ12З455", ("АВ123455",)),  # fits two types: not split
        ("А123ВС77", ()),
        ("1234567", ()),
        ("АВ123477", ()),
        ("А000ВС77", ()),
        ("ОООООО77", ()),  # more guess than plate
        ("CD 12-34", ()),
        ("трубка 12", ()),
    ],
)
def test_a_slip_of_the_finger_is_put_right_by_position_and_only_offered(typed: str, offers: tuple[str, ...]) -> None:
    read = read_vehicle(typed)
    assert read.offers == offers
    assert all(read_vehicle(offer).key != read.key for offer in offers)


@pytest.mark.parametrize("typed", ["", "   ", "---", RLM + LRM, "\n\t", "·"])
def test_an_empty_plate_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="plate_empty"):
        read_plate(typed)
    with pytest.raises(InvalidInput, match="plate_empty"):
        read_vehicle(typed)


@pytest.mark.parametrize("typed", ["1" * (MAX_TYPED + 1), "x" * 10_000, "ﬃ" * MAX_TYPED])
def test_a_plate_that_does_not_fit_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="plate_long"):
        read_plate(typed)
    with pytest.raises(InvalidInput, match="plate_long"):
        read_vehicle(typed)


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
