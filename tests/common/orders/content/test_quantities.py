"""Quantities: what is typed as a broken number, what is too much, and how each reads in three languages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from common.database.models import Unit
from common.errors import InvalidInput
from common.i18n import use_language
from common.languages import LANGUAGES
from common.orders.content.quantities import (
    LARGER,
    MAX_QUANTITY,
    quantity_text,
    quantity_words,
    read_quantity,
    shown,
    whole,
)

NUMBERS = (*range(1, MAX_QUANTITY, 97), MAX_QUANTITY)


@pytest.mark.parametrize(
    ("value", "unit", "is_counted"),
    [
        ("2", Unit.PIECE, (2, Unit.PIECE)),
        ("4.0", Unit.LITRE, (4, Unit.LITRE)),
        ("0.5", Unit.LITRE, (500, Unit.MILLILITRE)),
        ("1.5", Unit.METRE, (150, Unit.CENTIMETRE)),
        ("0.25", Unit.KILOGRAM, (250, Unit.GRAM)),
        ("9.999", Unit.LITRE, (9999, Unit.MILLILITRE)),
        ("1500", Unit.MILLILITRE, (1500, Unit.MILLILITRE)),
        ("9999", Unit.SET, (9999, Unit.SET)),
    ],
)
def test_a_broken_number_is_counted_in_the_smaller_unit(value: str, unit: Unit, is_counted: tuple[int, Unit]) -> None:
    assert whole(Decimal(value), unit) == is_counted


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("0", Unit.PIECE, "quantity"),
        ("-1", Unit.LITRE, "quantity"),
        ("10000", Unit.GRAM, "quantity"),
        ("1e999999", Unit.PIECE, "quantity"),
        ("NaN", Unit.PIECE, "quantity"),
        ("Infinity", Unit.LITRE, "quantity"),
        ("1.5", Unit.PIECE, "quantity_fraction"),
        ("0.5", Unit.SET, "quantity_fraction"),
        ("0.5", Unit.MILLILITRE, "quantity_fraction"),
        ("0.0005", Unit.LITRE, "quantity_fraction"),
        ("12.5", Unit.LITRE, "quantity_fraction"),
    ],
)
def test_what_no_line_can_hold_is_refused_by_name(value: str, unit: Unit, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        whole(Decimal(value), unit)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("quantity", "unit", "ru", "he", "en"),
    [
        (2, Unit.PIECE, "2 ×", "2 ×", "2 ×"),
        (1, Unit.SET, "1 компл.", "1 סט", "1 set"),
        (2, Unit.SET, "2 компл.", "2 סטים", "2 sets"),
        (5, Unit.PAIR, "5 пар", "5 זוגות", "5 pairs"),
        (4, Unit.LITRE, "4 л", "4 ל׳", "4 l"),
        (1500, Unit.MILLILITRE, "1,5 л", "1.5 ל׳", "1.5 l"),
        (500, Unit.MILLILITRE, "500 мл", "500 מ״ל", "500 ml"),
        (1000, Unit.MILLILITRE, "1 л", "1 ל׳", "1 l"),
        (150, Unit.CENTIMETRE, "1,5 м", "1.5 מ׳", "1.5 m"),
        (3, Unit.KILOGRAM, "3 кг", "3 ק״ג", "3 kg"),
        (250, Unit.GRAM, "250 г", "250 גרם", "250 g"),
    ],
)
def test_a_quantity_reads_in_the_readers_language(quantity: int, unit: Unit, ru: str, he: str, en: str) -> None:
    for language, text in (("ru", ru), ("he", he), ("en", en)):
        with use_language(language):
            assert quantity_text(quantity, unit) == text


def test_in_a_sentence_pieces_are_named() -> None:
    for language, text in (("ru", "2 шт."), ("he", "2 יח׳"), ("en", "2 pcs")):
        with use_language(language):
            assert quantity_words(2, Unit.PIECE) == text
            assert quantity_words(4, Unit.LITRE) == quantity_text(4, Unit.LITRE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_quantities_of_a_unit_read_the_same(language: str) -> None:
    with use_language(language):
        for unit in Unit:
            texts = {quantity_text(number, unit) for number in NUMBERS}
            assert len(texts) == len(NUMBERS)
        assert len({quantity_text(7, unit) for unit in Unit}) == len(Unit)


@pytest.mark.parametrize(
    ("typed", "unit", "quantity"), [(" 1,5 ", Unit.LITRE, 1500), ("1.5", Unit.LITRE, 1500), ("2", Unit.LITRE, 2)]
)
def test_a_number_is_read_as_people_type_it(typed: str, unit: Unit, quantity: int) -> None:
    assert read_quantity(typed, unit)[0] == quantity


@pytest.mark.parametrize("typed", ["", "x", "1e3", "1_0", "٣", "-1", "1.", ",5", "NaN", "9" * 400, "1,000,000"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="quantity"):
        read_quantity(typed, Unit.PIECE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_form_shows_is_read_as_what_it_was(language: str) -> None:
    with use_language(language):
        for unit in Unit:
            for quantity in NUMBERS:
                number, larger = shown(quantity, unit)
                assert shown(*read_quantity(number, larger)) == (number, larger)


def test_what_is_counted_reads_as_it_was_typed() -> None:
    for small, (unit, many) in LARGER.items():
        for number in range(many, MAX_QUANTITY + 1, 7):
            if number % many:
                assert whole(Decimal(number) / many, unit) == (number, small)
