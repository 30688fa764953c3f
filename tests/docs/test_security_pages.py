"""What the pages on security claim is tried by tests, and those tests exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, text

SECURITY = DOCS / "explanation" / "security.md"
THREATS = DOCS / "explanation" / "threat-model.md"
GUARANTEES = DOCS / "explanation" / "guarantees.md"
NAMED = re.compile(r"`(test_\w+)`")


@cache
def names_of_tests() -> frozenset[str]:
    """The names of all tests."""
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in re.findall(r"^(?:async )?def (test_\w+)", text(file), re.M))


@pytest.mark.parametrize("page", [SECURITY, THREATS, GUARANTEES], ids=lambda page: page.stem)
def test_every_test_that_the_page_names_is_there(page: Path) -> None:
    named = NAMED.findall(text(page))
    assert len(named) > 20
    assert sorted({*named} - names_of_tests()) == []


def claims() -> list[str]:
    """The claims of the page on security: each point of its lists, with what belongs to it."""
    return [point for point in re.split(r"\n(?=- |\n(?=\S))", text(SECURITY)) if point.startswith("- ")]


def test_every_claim_of_the_page_on_security_names_a_test_that_tries_it() -> None:
    assert len(claims()) > 20
    assert [claim[:80] for claim in claims() if not NAMED.search(claim)] == []


def test_every_way_to_attack_names_a_test_that_tries_it() -> None:
    ways = text(THREATS).partition("## Each way")[2]
    rows = [row for row in re.findall(r"^\| (.+) \|$", ways, re.M) if not row.startswith(("---", "Attack"))]
    assert len(rows) > 30
    assert [row[:80] for row in rows if not NAMED.search(row.rpartition("|")[2])] == []
