"""The catalogue that a station begins with: complete, and no word stands on the wrong part."""

from __future__ import annotations

import re
from collections import defaultdict

from common.catalogue import details, naming
from common.catalogue.details import MAX_BUTTON_NAME
from common.languages import LANGUAGES
from common.text import folding
from tests.support.seed import SMALL, rows

# These words leave open which part is meant: the bot asks. Any other word belongs to one part.
OPEN = """
Топливный|Топливный фильтр|Топливник|Fuel filter
Колодки|Тормозные колодки|רפידות|ברקסים|Brake pads|Pads|דיסק ברקס|דיסק ברקס קדמי|דיסק ברקס אחורי
Диски|Тормозные диски|Тормозной диск|Ротор|Роторы|צלחות|דיסקים|Brake discs|Discs|Disc|Rotors|Brake rotors
Суппорт|קליפר|Caliper|Датчик износа|Тормозной цилиндр|צילינדר ברקס|Brake cylinder|צינור ברקס|АБС|ABS|Лягушка
Амортизаторы|Амортизатор|בולמים|בולם|בולם זעזועים|Shocks|Shock|Shock absorber
Рычаги|Рычаг|Рычаг подвески|זרוע|Control arm|Подшипник|מיסב|Пыльник|Сальник|סימרינג|ГРМ|טיימינג|Натяжитель
Ремень|רצועה|Belt|Прокладка коллектора|Manifold gasket|Сальник коленвала|Crank seal|Вкладыши|לגרים
Форсунка|Форсунки|מזרק|Injectors|פנס|Шпильки|Обезжириватель
"""


def folded(text: str) -> tuple[str, ...]:
    return tuple(sorted(folding.words(text)))


def test_every_cell_is_filled_and_every_code_is_there_once() -> None:
    codes = [row["part_code"] for row in rows()]
    assert len(codes) == len(set(codes)) >= 420
    assert {row["part_code"] for row in rows(SMALL)} <= set(codes)  # stations and their orders know them by these codes
    named = [row[f"{what}_{code}"].strip() for row in rows() for what in ("category", "part") for code in LANGUAGES]
    assert all(named)


def test_its_details_are_those_that_a_page_would_store() -> None:
    for row in rows():
        listed = {column: [v for v in row[column].split("|") if v] for column in ("flags", "positions", "attributes")}
        buttons = {code: row[f"button_{code}"] for code in LANGUAGES if row[f"button_{code}"]}
        stored = details.clean(
            {
                "flags": listed["flags"],
                "unit": row["unit"],
                "positions": listed["positions"],
                "attributes": listed["attributes"],
                "button_names": buttons,
            }
        )
        assert stored == {**listed, "unit": row["unit"], "button_names": buttons}, row["part_code"]
        synonyms = row["synonyms"].split("|")
        assert naming.clean_synonyms(synonyms) == synonyms, row["part_code"]


def test_every_name_fits_a_button_or_has_a_short_one() -> None:
    for row in rows():
        for code in LANGUAGES:
            shown = row[f"button_{code}"] or re.sub(r"\s*\(.*?\)", "", row[f"part_{code}"])
            assert len(shown) <= MAX_BUTTON_NAME, (row["part_code"], shown)


def test_the_short_names_of_a_language_differ() -> None:
    for code in LANGUAGES:
        shown = [row[f"button_{code}"] or row[f"part_{code}"] for row in rows()]
        assert len(shown) == len(set(shown))


def test_a_name_is_one_parts_own_and_no_other_parts_word() -> None:
    named: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    called: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows():
        for code in LANGUAGES:
            named[folded(row[f"part_{code}"])].add(row["part_code"])
        for synonym in row["synonyms"].split("|"):
            called[folded(synonym)].add(row["part_code"])
    assert [codes for codes in named.values() if len(codes) > 1] == []
    assert [name for name in named if called[name] - named[name]] == []
    shared = {name for name, codes in called.items() if len(codes) > 1}
    assert shared == {folded(word) for word in OPEN.replace("\n", "|").split("|") if word}


def test_what_is_filled_in_is_counted_in_litres_and_sides_have_both() -> None:
    for row in rows():
        flags, positions = row["flags"].split("|"), set(row["positions"].split("|"))
        assert ("by_volume" in flags) is (row["unit"] == "l"), row["part_code"]
        assert "left_right" not in flags or {"left", "right"} <= positions, row["part_code"]
        front, rear = row["part_code"].endswith("_front"), row["part_code"].endswith("_rear")
        assert ("front_rear" in flags) is (front or rear), row["part_code"]
