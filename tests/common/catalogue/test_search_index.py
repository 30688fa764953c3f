"""The index by itself: limits, order, speed, and text nobody expects."""

from __future__ import annotations

import statistics
import time

from hypothesis import example, given
from hypothesis import strategies as st

from common.catalogue.search_index import Index, IndexEntry
from tests.acceptance.fixtures import RecordProperty

SMALL = Index(
    [
        IndexEntry(7, {"ru": "Насос", "en": "Pump"}, ("Помпа", "Помпа"), ("Двигатель", "Engine")),
        IndexEntry(5, {"ru": "Насос", "en": "Compressor"}, ("Помпа кондиционера",), ("Кондиционер",)),
        IndexEntry(9, {"ru": "Б", "en": "H7"}),
        IndexEntry(3, {"ru": "!!!"}, ("",), ("",)),
    ]
)


@given(text=st.text(max_size=500), limit=st.integers(-1, 10), language=st.sampled_from(["ru", "he", "en", "", "xx"]))
@example(text="а" * 500, limit=6, language="ru")
@example(text="\ud800\0\u202e\ufdfa" * 100, limit=6, language="he")
@example(text="Н " * 250, limit=6, language="ru")
@example(text="для на от", limit=6, language="ru")
def test_no_text_breaks_it_and_the_limit_holds(text: str, limit: int, language: str) -> None:
    found = SMALL.search(text, limit=limit, language=language)
    assert len(found) <= max(limit, 0)
    assert len({match.part_id for match in found}) == len(found)
    assert all(0 < match.score <= 1 for match in found)
    assert sum(match.exact for match in found) <= 1
    assert SMALL.search(text, limit=limit, language=language) == found


@given(names=st.lists(st.text(max_size=40), max_size=8), text=st.text(max_size=60))
def test_no_catalogue_breaks_it_and_each_name_finds_its_part(names: list[str], text: str) -> None:
    index = Index(IndexEntry(number, {"en": name}, (name,), (name,)) for number, name in enumerate(names))
    index.search(text)
    for number, name in enumerate(names):
        found = index.search(name, limit=len(names))
        assert not any(match.exact and match.part_id != number for match in found) or names.count(name) == 1


def test_equally_good_ones_come_as_in_the_catalogue() -> None:
    assert [match.part_id for match in SMALL.search("насос")] == [7, 5]
    assert not any(match.exact for match in SMALL.search("насос"))


def test_a_name_counts_more_than_a_synonym_and_only_one_part_is_exact() -> None:
    index = Index(
        [
            IndexEntry(1, {"en": "Pad"}, ("Disc",)),
            IndexEntry(2, {"en": "Disc"}),
            IndexEntry(3, {"en": "Rotor"}, ("Disc",)),
        ]
    )
    assert [match.part_id for match in index.search("disc") if match.exact] == [2]


def test_a_code_is_no_slip_of_another() -> None:
    assert [match.part_id for match in SMALL.search("h7")] == [9]
    assert SMALL.search("h4") == []


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index([]).search("насос") == []


def test_a_thousand_parts_are_searched_in_no_time(record_property: RecordProperty) -> None:
    syllables = ("ко", "ла", "ди", "ре", "то", "мас", "ным", "шу", "бер", "га")
    words = [a + b + c + d for a in syllables for b in syllables for c in syllables for d in ("к", "ник", "тор")]
    index = Index(
        IndexEntry(
            n, {"ru": f"{words[n]} {words[-n]} передний", "en": f"part {n}"}, (f"{words[2 * n]} зад", words[n + 1000])
        )
        for n in range(1000)
    )
    typed = ["кола", "коладик передний", "шумасберник", "реторегатор зад", "непонятно что такое", "перед", "бергага"]
    taken = []
    for _ in range(5):
        for text in typed:
            started = time.process_time()
            index.search(text)
            taken.append(time.process_time() - started)
    median = statistics.median(taken)
    record_property(
        "measured", f"search in 1,000 parts: median {median * 1000:.1f} ms, worst {max(taken) * 1000:.1f} ms"
    )
    assert median <= 0.025
