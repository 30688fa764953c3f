"""VINs: seventeen characters, advice that never forbids, a make and a year where the number tells them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from common.cars.identified import CarNote, CarNumberKind
from common.cars.vehicles import is_unmistakable, read_vehicle
from common.cars.vins import CHARACTERS, VinDescription, check_digit, describe_vin


@pytest.mark.parametrize(
    ("vin", "computed", "notes"),
    [
        ("1G4AH59H45G118341", "4", ()),  # printed in the CFR
        ("5YJ3E1EAXHF000316", "X", ()),
        ("WAUZZZ8K1DA006278", "1", ()),
        ("WF0KXXGCBKBJ13223", "0", ()),  # real, European: anything may be at position 9
        ("WVGZZZ5NZEW069297", None, ()),
        ("VF1LM1B0H36666155", "8", ()),
        ("JMZGHA4E601474682", "5", ()),  # position 10 is 0
        ("WBA71DC010CH14720", "1", ()),
        ("11111111111111111", "1", (CarNote.ALL_THE_SAME,)),
        ("1M8GDM9AXKP042788", "X", ()),
        ("1M8GDM9A1KP042788", "X", (CarNote.CHECK_DIGIT,)),
        ("LSGPC52U6AF102555", None, (CarNote.CHECK_DIGIT,)),  # China's law wants it, too
        ("WAUZZZ8K1DA0062B8", None, (CarNote.LAST_FOUR,)),
    ],
)
def test_a_vin_is_taken_and_what_is_odd_about_it_is_noted(
    vin: str, computed: str | None, notes: tuple[CarNote, ...]
) -> None:
    read = read_vehicle(vin)
    assert (read.kind, read.key, read.display, read.vin) == (CarNumberKind.VIN, vin, vin, vin)
    assert (read.notes, read.offers, read.asks_first) == (notes, (), False)
    assert computed in (None, check_digit(vin))


@pytest.mark.parametrize(
    "typed",
    [
        "wauzzz8k1da006278",
        " WAU-ZZZ8K1-DA006278 ",
        "WAU ZZZ 8K1 DA0 062 78",
        "\u200fWAUZZZ8K1DA006278\u200e",
        "WАUZZZ8К1DА006278",  # А and К are Cyrillic
        "VIN: WAUZZZ8K1DA006278",
        "вин WAUZZZ8K1DA006278",
    ],
)
def test_a_vin_is_the_same_however_it_was_typed(typed: str) -> None:
    read = read_vehicle(typed)
    assert (read.kind, read.key, read.notes) == (CarNumberKind.VIN, "WAUZZZ8K1DA006278", ())
    assert read.raw == typed.replace("\u200f", "").replace("\u200e", "").strip()


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("1M8GDM9AXKPO42788", "1M8GDM9AXKP042788"),
        ("1M8GDM9AXKРО42788", "1M8GDM9AXKP042788"),  # Р and О are Cyrillic
        ("1M8GDM9AXKPQ42788", "1M8GDM9AXKP042788"),
        ("WAUZZZ8KIDAOO6278", "WAUZZZ8K1DA006278"),
        ("WAUZZZ8K1DA00З278", "WAUZZZ8K1DA003278"),  # З is Cyrillic
    ],
)
def test_letters_no_vin_has_are_put_right_only_when_asked(typed: str, offer: str) -> None:
    read = read_vehicle(typed)
    assert (read.kind, read.notes, read.offers, read.asks_first) == (
        CarNumberKind.VIN,
        (CarNote.VIN_LETTERS,),
        (offer,),
        False,
    )
    assert read_vehicle(offer).notes == ()


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("1M8GDM9AXKP04278", CarNote.VIN_LENGTH),  # sixteen
        ("1M8GDM9AXKP0427881", CarNote.VIN_LENGTH),
        ("194677S122345", CarNote.VIN_LENGTH),  # a Corvette of 1967
        ("WVGZZZ5NZЖW069297", CarNote.VIN_CHARACTERS),
    ],
)
def test_what_is_almost_a_vin_is_an_error_and_a_frame_number_if_they_insist(typed: str, note: CarNote) -> None:
    read = read_vehicle(typed)
    assert (read.kind, read.notes, read.asks_first, read.vin) == (CarNumberKind.FRAME, (note,), True, None)
    assert read.display == typed


@pytest.mark.parametrize("typed", ["JZX100-0012345", "ae86-1234567", "NZE121 3123456"])
def test_a_frame_number_of_japan_is_kept_as_written(typed: str) -> None:
    read = read_vehicle(typed)
    assert (read.kind, read.display, read.notes) == (CarNumberKind.FRAME, typed.upper(), ())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12345678", True),
        ("А123ВС 77 RUS", True),
        ("WVGZZZ5NZEW069297", True),
        ("12345", False),
        ("MM 1234 55", False),
        ("1M8GDM9AXKP04278", False),
        ("трубка от кондея", False),
        ("spark plugs front", False),
        ("", False),
    ],
)
def test_only_what_nothing_else_looks_like_is_a_car_wherever_it_is_typed(typed: str, expected: bool) -> None:
    assert is_unmistakable(typed) is expected


@given(typed=st.text(min_size=1, max_size=20))
def test_whatever_is_no_longer_than_a_plate_is_taken(typed: str) -> None:
    if not any(c.isalnum() for c in typed):
        return
    read = read_vehicle(typed)
    assert 1 <= len(read.key) <= 32
    assert len(read.raw) <= len(read.display) + 20 <= 60
    assert read_vehicle(read.display).key == read.key


@given(vin=st.text(st.sampled_from(sorted(CHARACTERS)), min_size=17, max_size=17))
def test_no_vin_is_refused_whatever_is_odd_about_it(vin: str) -> None:
    read = read_vehicle(vin)
    assert (read.key, read.asks_first) == (vin, False)
    describe_vin(vin)


@pytest.mark.parametrize(
    ("vin", "make", "year"),
    [
        ("1G4AH59H45G118341", "Buick", 2005),  # a digit at position 7: before 2010
        ("5YJ3E1EAXHF000316", "Tesla", 2017),  # a letter: since 2010
        ("WAUZZZ8K1DA006278", "Audi", 2013),
        ("WVGZZZ5NZEW069297", "Volkswagen", 2014),
        ("KMHD35LH5EU205042", "Hyundai", 2014),
        ("KNAFU4A2XA5123456", "Kia", 2010),
        ("XTAGFK330JY144213", "Lada", 2018),
        ("WDD2120021A123456", "Mercedes-Benz", None),  # position 10 is no year there
        ("WF0KXXGCBKBJ13223", "Ford", None),
        ("VF1LM1B0H36666155", "Renault", None),
        ("JMZGHA4E601474682", "Mazda", None),
        ("WBA71DC010CH14720", "BMW", None),
        ("11111111111111111", None, None),
        ("1M8GDM9AXKP04278", None, None),
        ("", None, None),
        ("рефидот", None, None),
    ],
)
def test_a_vin_tells_its_make_and_where_it_is_written_down_the_model_year(
    vin: str, make: str | None, year: int | None
) -> None:
    assert describe_vin(vin) == VinDescription(make, year)


def test_a_year_that_is_yet_to_come_is_the_one_thirty_years_ago() -> None:
    vin = "KMHD35LH5YU205042"  # Y: 2000 or 2030
    assert describe_vin(vin).year == 2000
    with clock.travel(datetime(2031, 1, 1, tzinfo=UTC) - clock.utcnow() + timedelta(days=1)):
        assert describe_vin(vin).year == 2030
