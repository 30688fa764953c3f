"""Each column of each table is known to be about a person or not, and the page says what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.database.models import Base
from common.personal import belonging
from common.personal.register import PERSONAL
from tests.common.personal.plain_columns import PLAIN

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "personal-data.md"
# Found by an order or a car, not by a person.
BY_OTHERS = {"order_word", "vehicle", "car_word"}


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_each_column_is_in_one_of_the_lists(table: str) -> None:
    """A new one has to be put there: nobody else knows whether it is about a person."""
    personal, plain = PERSONAL.get(table, "").split(), PLAIN.get(table, "").split()
    assert sorted(personal + plain) == sorted(Base.metadata.tables[table].columns.keys())


def test_the_lists_name_no_table_that_is_gone() -> None:
    assert PERSONAL.keys() | PLAIN.keys() == Base.metadata.tables.keys()


def test_the_rows_of_a_person_are_found_in_each_table_about_people() -> None:
    assert {table.__tablename__ for table in belonging.ROWS} | BY_OTHERS == PERSONAL.keys()


@pytest.mark.parametrize("table", PERSONAL)
def test_the_page_says_what_each_table_holds_and_what_becomes_of_it(table: str) -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{table}` |")]
    assert len(lines) == 1
    assert len([cell for cell in lines[0].split("|") if cell.strip()]) == 6
