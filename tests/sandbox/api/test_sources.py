"""The conformance suite: one test for each rule of Telegram, and each says where the rule is written."""

from __future__ import annotations

import re

import pytest

from docs.tables.emulator import Rule, every, found
from tests.docs.pages import DOCS, text


@pytest.mark.parametrize("test", list(every()), ids=lambda test: test.sentence)
def test_every_rule_names_its_source(test: Rule) -> None:
    assert test.is_ours or test.names_a_source, f"{test.sentence}: where is it written? {test.source!r}"


def test_the_count_on_the_page_is_true() -> None:
    page, rules = (text(DOCS / "reference" / name) for name in ("emulator.md", "emulator-rules.md"))
    listed = [
        line for line in rules.splitlines() if line.startswith("| ") and not line.startswith(("| About", "| ---"))
    ]

    assert re.findall(r"\*\*(\d+) rules\*\*", page) == [str(len(listed))] == [str(len(found()))]


def test_no_rule_is_told_twice() -> None:
    told = [(rule.area, rule.sentence) for rule in found()]

    assert len(set(told)) == len(told) >= 150
