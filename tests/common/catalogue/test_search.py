"""Search: what mechanics type, in three languages, with slips and slang, and the part they meant."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common import clock
from common.catalogue import catalogue, search
from common.catalogue.search_index import Index, IndexEntry
from common.database.engine import Database
from common.database.models import Category, Part
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
        "трубка от кондея", "шланг тормозной передний", "болт крепления суппорта", "пыльник шруса", "сальник коленвала",
        "катушка зажигания", "подшипник ступицы", "прокладка", "фара", "бампер", "зеркало левое", "катализатор",
        "привет, как дела?", "спасибо", "ок", "да", "brake hose", "clutch", "mirror", "hello there", "thanks",
        "אגזוז", "מצמד", "פנס", "שלום", "תודה", "asdfgh", "qqqq", "12345678", "5w30", "а123вс77", "?!", "🚗", "и", "",
    ],
)  # fmt: skip
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


@pytest.fixture
def session(any_database: Database) -> Iterator[Session]:
    with any_database.write() as session:
        catalogue.load(session)
        yield session


def found(session: Session, typed: str) -> list[str]:
    codes = {part.id: part.code for part in session.scalars(select(Part))}
    return [codes[match.part_id] for match in search.matches(session, typed, language="ru")]


def test_the_database_is_searched_as_it_is_now(session: Session) -> None:
    assert found(session, "аккумулятор") == ["battery"]
    battery = session.scalars(select(Part).where(Part.code == "battery")).one()
    battery.names = {**battery.names, "ru": "Батарея"}
    session.flush()
    assert found(session, "аккумулятор") == []
    assert found(session, "батарея") == ["battery"]
    session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Аккумулятор"]))
    assert found(session, "аккумулятор") == ["battery"]


def test_what_is_archived_is_not_found(session: Session) -> None:
    for row in (
        session.scalars(select(Part).where(Part.code == "brake_pads_front")).one(),
        session.scalars(select(Category).where(Category.code == "electrics")).one(),
    ):
        row.archived_at = clock.utcnow()
    session.flush()
    assert found(session, "колодки") == ["brake_pads_rear", "brake_wear_sensor_front", "brake_wear_sensor_rear"]
    assert found(session, "аккумулятор") == []
    row.archived_at = None
    session.flush()
    assert found(session, "аккумулятор") == ["battery"]


def test_what_was_not_committed_is_forgotten(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session)
    with any_database.read() as session:
        session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Зверь"]))
        assert found(session, "зверь") == ["battery"]
        session.rollback()
        assert found(session, "зверь") == []
    with any_database.write() as session:
        session.execute(update(Part).where(Part.code == "battery").values(synonyms=["Птица"]))
    with any_database.read() as session:
        assert found(session, "птица") == ["battery"]
        assert found(session, "зверь") == []


def test_threads_search_while_the_catalogue_changes_and_end_with_the_latest(any_database: Database) -> None:
    with any_database.write() as session:
        catalogue.load(session)
    seen: list[set[str]] = [set(), set()]

    def look(names: set[str]) -> None:
        while "Storage" not in names:
            with any_database.read() as session:
                names |= {str(match.names["en"]) for match in search.matches(session, "storage")}

    threads = [threading.Thread(target=look, args=(names,), daemon=True) for names in seen]
    for thread in threads:
        thread.start()
    for name in ("Accumulator", "Storage"):
        with any_database.write() as session:
            session.scalars(select(Part).where(Part.code == "battery")).one().names = {"en": name}
    for thread in threads:
        thread.join(20)
    assert all("Storage" in names for names in seen)


def test_an_empty_catalogue_finds_nothing(any_database: Database) -> None:
    with any_database.read() as session:
        assert search.matches(session, "колодки") == []
