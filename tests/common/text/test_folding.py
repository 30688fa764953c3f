"""Folding: what is the same however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Щётка", "ЩЕТКА"),
        ("мотор", "мoтoр"),  # Latin o
        ("Н7", "h7"),
        ("h 7", "H7"),
        ("G-13", "g13"),
        ("מסנן", "מסננ"),
        ("בְּלָמִים", "בלמימ"),
        ("אוויר", "אויר"),
        ("צ'ק", "צ׳ק"),
        ("Ｐｕｍｐ", "pump"),
        ("тормозные-диски", "тормозные диски"),
        ("\u200fרפידות\u200e", "רפידות"),
    ],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert folding.words(one) == folding.words(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("колодки", "колодок"),
        ("передние", "передних"),
        ("помпа", "помпу"),
        ("рычаг", "рычаги"),
        ("лампочка", "лампочек"),
        ("רפידה", "רפידות"),
        ("קדמי", "קדמיות"),
        ("נורה", "נורת"),
        ("brakes", "brake"),
        ("batteries", "battery"),
    ],
)
def test_endings_come_off(one: str, other: str) -> None:
    stems = [folding.stem(word) for word in (*folding.words(one), *folding.words(other))]
    assert stems[0] == stems[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("калотки", "колодки"),
        ("тирмастат", "термостат"),
        ("супорт", "суппорт"),
        ("טרמוסטט", "תרמוסטט"),
        ("break", "brake"),
    ],
)
def test_these_sound_alike(one: str, other: str) -> None:
    assert folding.sound(one) == folding.sound(other)


def test_a_hebrew_word_may_have_a_prefix() -> None:
    assert folding.forms("לגיר") == ("לגיר", "גיר")
    assert folding.forms("גיר") == ("גיר",)
    assert folding.forms("колодки") == ("колодки",)


@pytest.mark.parametrize(("typed", "meant"), [("rjkjlrb", "колодки"), ("ыефкеук", "starter"), ("nmcr", "מצבר")])
def test_the_same_keys_in_another_layout(typed: str, meant: str) -> None:
    assert meant in folding.other_layouts(typed)


@given(text=st.text(max_size=500))
def test_no_text_breaks_it(text: str) -> None:
    found = folding.words(text)
    assert len(found) <= folding.MAX_WORDS
    for word in found:
        assert folding.stem(word)
        assert word in folding.forms(word)
        folding.sound(word)
    folding.other_layouts(text)
