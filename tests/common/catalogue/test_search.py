"""Search: what mechanics type, in three languages, with slips and slang, and the part they meant."""

from __future__ import annotations

import csv

import pytest

from common.catalogue import catalogue
from common.catalogue.search_index import Index, IndexEntry
from common.languages import LANGUAGES


@pytest.fixture(scope="module")
def parts() -> dict[int, str]:
    """The default catalogue's codes by the ids they have in `index`."""
    return {number: row["part_code"] for number, row in enumerate(_rows())}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(
        IndexEntry(
            number,
            {language: row[f"part_{language}"] for language in LANGUAGES},
            tuple(row["synonyms"].split("|")),
            tuple(row[f"category_{language}"] for language in LANGUAGES),
        )
        for number, row in enumerate(_rows())
    )


def _rows() -> list[dict[str, str]]:
    with catalogue.DEFAULT_FILE.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


PADS, DISCS, SHOCKS, WIPERS, CALIPERS = (
    f"{part}_front {part}_rear"
    for part in ("brake_pads", "brake_disc", "shock_absorber", "wiper_blades", "brake_caliper")
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        # Russian: as it is said in the bay
        ("колодки", PADS),
        ("передние колодки", "brake_pads_front"),
        ("колодки перед", "brake_pads_front"),
        ("колодки зад", "brake_pads_rear"),
        ("задних колодок", "brake_pads_rear"),
        ("нужны колодки передние, пожалуйста", "brake_pads_front"),
        ("колодки задние оригинал 2шт", "brake_pads_rear"),
        ("колодки на мазду", PADS),
        ("тормозные диски", DISCS),
        ("диск задний", "brake_disc_rear"),
        ("супорт передний", "brake_caliper_front"),
        ("датчик износа", "brake_wear_sensor_front brake_wear_sensor_rear"),
        ("тормозуха", "brake_fluid"),
        ("тормозная житкость", "brake_fluid"),
        ("спрей для тормозов", "brake_cleaner"),
        ("помпу", "water_pump"),
        ("тирмостат", "thermostat"),
        ("аморты", SHOCKS),
        ("амартизаторы перед", "shock_absorber_front"),
        ("стойки стаба", "stabilizer_link"),
        ("сайленты", "silent_block"),
        ("сайлент-блок", "silent_block"),
        ("шаровая", "ball_joint"),
        ("рычаг", "control_arm_front"),
        ("акб", "battery"),
        ("акамулятор", "battery"),
        ("аккум", "battery"),
        ("гена", "alternator"),
        ("ремень гены", "alternator_belt"),
        ("стартера", "starter"),
        ("предохранитель", "fuse"),
        ("лампочка н7", "bulb_h7"),
        ("лампа h 4", "bulb_h4"),
        ("двухконтактная лампа", "bulb_dual_contact"),
        ("лампа банан", "bulb_festoon"),
        ("масло в двигатель", "engine_oil"),
        ("масло 5w30", "engine_oil"),
        ("масло в коробку", "transmission_oil"),
        ("масло акпп", "transmission_oil_automatic"),
        ("маслянный фильтр", "oil_filter"),
        ("фильтр масла", "oil_filter"),
        ("воздушка", "air_filter"),
        ("салонник", "cabin_filter"),
        ("бензиновый фильтр", "fuel_filter_petrol"),
        ("солярный фильтр", "fuel_filter_diesel"),
        ("свечки", "spark_plug"),
        ("свечи зажигания 4 шт", "spark_plug"),
        ("сливная пробка", "oil_drain_plug"),
        ("ремень грм", "timing_belt"),
        ("ролик грм", "timing_belt_tensioner"),
        ("тосол", "antifreeze"),
        ("G-13", "g13"),
        ("жидкость гур", "power_steering_fluid"),
        ("омывайка", "washer_fluid"),
        ("дист вода", "distilled_water"),
        ("дворники", WIPERS),
        ("щетка задняя", "wiper_blades_rear"),
        ("щётки стеклоочистителя задние", "wiper_blades_rear"),
        ("ТОРМОЗНЫЕ  КОЛОДКИ, ПЕРЕДНИЕ!", "brake_pads_front"),
        ("Kолодки", PADS),  # K is Latin
        ("rjkjlrb", PADS),  # the keyboard was in English
        ("ыефкеук", "starter"),  # and in Russian
        # Hebrew: finals, niqqud, plural and construct, vav and yod written once or twice
        ("רפידות", PADS),
        ("רפידה קדמית", "brake_pads_front"),
        ("רפידות קידמיות", "brake_pads_front"),
        ("רְפִידוֹת אֲחוֹרִיּוֹת", "brake_pads_rear"),
        ("דיסק ברקס", PADS),
        ("צלחות", DISCS),
        ("קליפר", CALIPERS),
        ("פילטר אויר", "air_filter"),
        ("פילטר שמנ", "oil_filter"),
        ("מסנן סולר", "fuel_filter_diesel"),
        ("פילטר מזגן", "cabin_filter"),
        ("מצברים", "battery"),
        ("מצת", "spark_plug"),
        ("פלאגים", "spark_plug"),
        ("משאבת מיים", "water_pump"),
        ("טרמוסטט", "thermostat"),
        ("בולם קדמי", "shock_absorber_front"),
        ("מוט מייצב", "stabilizer_link"),
        ("סטרטר", "starter"),
        ("רצועה לאלטרנטור", "alternator_belt"),
        ("רצועת טיימינג", "timing_belt"),
        ("שמן גיר אוטומט", "transmission_oil_automatic"),
        ("שמן להגה", "power_steering_fluid"),
        ("נורה H7", "bulb_h7"),
        ("נתיך", "fuse"),
        ("מגבים", WIPERS),
        ("וישר אחורי", "wiper_blades_rear"),
        ("פקק שמן", "oil_drain_plug"),
        ("צריך נוזל בלמים", "brake_fluid"),
        ("nmcr", "battery"),  # מצבר on an English keyboard
        # English
        ("break pads front", "brake_pads_front"),
        ("pads rear", "brake_pads_rear"),
        ("rear rotors", "brake_disc_rear"),
        ("mazda front pads", "brake_pads_front"),
        ("airfilter", "air_filter"),
        ("oil filtr", "oil_filter"),
        ("pollen filter", "cabin_filter"),
        ("sparkplugs", "spark_plug"),
        ("batery", "battery"),
        ("alternater", "alternator"),
        ("shocks front", "shock_absorber_front"),
        ("timing belt", "timing_belt"),
        ("coolant", "antifreeze"),
        ("gearbox oil manual", "transmission_oil_manual"),
        ("wiper", WIPERS),
        # half a word, while typing; languages mixed
        ("кол", PADS),
        ("аморт", SHOCKS),
        ("амартиз", SHOCKS),
        ("терм", "thermostat"),
        ("תרמ", "thermostat"),
        ("therm", "thermostat"),
        ("front колодки", "brake_pads_front"),
        ("фильтр шмен air", "air_filter"),
    ],
)
def test_what_was_meant_comes_first(index: Index, parts: dict[int, str], typed: str, first: str) -> None:
    wanted = set(first.split())
    found = [parts[match.part_id] for match in index.search(typed)]
    assert set(found[: len(wanted)]) == wanted, found


@pytest.mark.parametrize(
    "typed",
    [
        "трубка от кондея",
        "шланг тормозной передний",
        "болт крепления суппорта",
        "пыльник шруса",
        "сальник коленвала",
        "катушка зажигания",
        "подшипник ступицы",
        "прокладка",
        "фара",
        "бампер",
        "зеркало левое",
        "катализатор",
        "привет, как дела?",
        "спасибо",
        "ок",
        "да",
        "brake hose",
        "clutch",
        "mirror",
        "hello there",
        "thanks",
        "אגזוז",
        "מצמד",
        "פנס",
        "שלום",
        "תודה",
        "asdfgh",
        "qqqq",
        "12345678",
        "5w30",
        "а123вс77",
        "?!",
        "🚗",
        "и",
        "",
    ],
)
def test_what_is_not_in_the_catalogue_finds_nothing(index: Index, parts: dict[int, str], typed: str) -> None:
    assert [parts[match.part_id] for match in index.search(typed)] == []


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("Передние тормозные колодки", "brake_pads_front"),
        ("колодки  тормозные ПЕРЕДНИЕ", "brake_pads_front"),
        ("щетки стеклоочистителя зад", "wiper_blades_rear"),
        ("מסנן אויר", "air_filter"),
        ("מסננ אוויר", "air_filter"),
        ("battery", "battery"),
        ("H7 bulb", "bulb_h7"),
        ("נורה Н7", "bulb_h7"),  # Н is Cyrillic
        ("щётки стеклоочистителя", None),  # front and rear
        ("колодки", None),
        ("batery", None),
        ("battery please", None),
        ("rjkjlrb", None),
    ],
)
def test_only_the_very_name_of_one_part_is_exact(
    index: Index, parts: dict[int, str], typed: str, exact: str | None
) -> None:
    found = index.search(typed)
    assert [parts[match.part_id] for match in found if match.exact] == ([exact] if exact else [])
    assert not exact or found[0].exact
