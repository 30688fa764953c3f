"""One parser for the numbers in addresses, forms and what is searched for."""

from __future__ import annotations

import pytest

from common.text.numbers import MAX_ID, MAX_VERSION, parse_number


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("7", 7), ("007", 7), (str(MAX_ID), MAX_ID)])
def test_digits_are_a_number(typed: str, number: int) -> None:
    assert parse_number(typed) == number


@pytest.mark.parametrize("typed", ["", " 7", "-7", "+7", "7.0", "1e3", "0x7", "1_000", "٧", "²", "7\0", "nobody"])
def test_anything_else_is_none(typed: str) -> None:
    assert parse_number(typed) is None


@pytest.mark.parametrize("typed", [str(MAX_ID + 1), "9" * 5_000])
def test_a_number_that_no_row_can_have_is_none(typed: str) -> None:
    assert parse_number(typed) is None


def test_a_field_may_have_a_smaller_limit() -> None:
    assert parse_number(str(MAX_VERSION), MAX_VERSION) == MAX_VERSION
    assert parse_number(str(MAX_VERSION + 1), MAX_VERSION) is None
