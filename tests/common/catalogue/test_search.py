"""Search: what mechanics type, in three languages, with slips and slang, and the part they meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.catalogue.search_index import Index, IndexEntry
from common.languages import LANGUAGES
from tests.support.seed import rows


@pytest.fixture(scope="module")
def parts() -> dict[int, str]:
    """The default catalogue's codes by the ids they have in `index`."""
    return {number: row["part_code"] for number, row in enumerate(rows())}


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(
        IndexEntry(
            number,
            {language: row[f"part_{language}"] for language in LANGUAGES},
            tuple(row["synonyms"].split("|")),
            tuple(row[f"category_{language}"] for language in LANGUAGES),
        )
        for number, row in enumerate(rows())
    )


TABLE = Path(__file__).with_name("search_phrases.tsv").read_text(encoding="utf-8")
SAID = [
    *("4 шт", "x4", "4л", "4 литра", "10 мм", "12v", "M8x1.25", "1 l", "ten", "четыре", "ארבע", "ליטר"),
    *("левая", "верхний", "left", "שמאל", "1K0698151"),
]
PHRASES = [line.split("\t") for line in TABLE.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("typed", "meant"), PHRASES, ids=[typed for typed, _ in PHRASES])
def test_what_was_meant_comes_first(index: Index, parts: dict[int, str], typed: str, meant: str) -> None:
    found = [parts[match.part_id] for match in index.search(typed)]
    if meant == "-":
        assert found == []
    elif "/" in meant:
        assert set(found[:1]) & set(meant.split("/")), found
    else:
        assert set(found[: len(meant.split())]) == set(meant.split()), found


def test_each_phrase_is_in_the_table_once() -> None:
    assert len({typed for typed, _ in PHRASES}) == len(PHRASES) >= 350


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("свечи", "spark_plug"),
        ("масло", "engine_oil"),
        ("шаровая", "ball_joint"),
        ("פלאגים", "spark_plug"),
        ("שמן", "engine_oil"),
        ("מיסב גלגל", "wheel_bearing"),
        ("engine oil", "engine_oil"),
        ("hose clamp", "hose_clamp"),
    ],
)
@pytest.mark.parametrize("said", SAID)
def test_numbers_units_and_sides_never_hurt(
    index: Index, parts: dict[int, str], typed: str, first: str, said: str
) -> None:
    for text in (f"{typed} {said}", f"{said} {typed}"):
        assert [parts[match.part_id] for match in index.search(text)][:1] == [first], text


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
        ("щётки стеклоочистителя", "wiper_blades_front"),  # the rear one is said to be the rear one
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
