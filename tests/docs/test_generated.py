"""Tables that are made from the code are what the code says now."""

from __future__ import annotations

import re

import pytest

from docs import generate
from docs.tables import TABLES
from tests.docs.pages import ROOT, name, pages, text

TABLE = re.compile(r"<!-- table: ([a-z-]+) -->")


def test_every_generated_table_is_current() -> None:
    stale = [name(page) for page in generate.stale()]

    assert not stale, f"run python -m docs.generate; out of date: {stale}"


def test_every_table_stands_on_one_page_and_the_tree_on_the_readme_too() -> None:
    placed = [table for page in pages() for table in TABLE.findall(text(page))]

    assert sorted(placed) == sorted((*TABLES, "rooms"))
    assert "rooms" in TABLE.findall(text(ROOT / "README.md"))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_leaves_nothing_untold(table: str) -> None:
    untold = [row for row in TABLES[table]().splitlines() if row.endswith("| … |")]

    assert not untold, f"say in docs/tables what these are: {untold}"


def test_writing_twice_changes_nothing_the_second_time() -> None:
    for page in generate.pages():
        once = generate.filled(text(page))
        assert generate.filled(once) == once
