"""The words and the rules of the house: in the glossary once, used in the code, and citing nothing a reader lacks."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.docs.pages import DOCS, ROOT, text
from tests.test_layers import PACKAGES, modules

GLOSSARY = DOCS / "reference" / "glossary.md"
GUARANTEES = DOCS / "explanation" / "guarantees.md"
ELSEWHERE = re.compile(r"\b(?:DESIGN|STYLE)\.md\b|\bfindings/")
OURS = "tests/docs/test_house_words.py"


def entries() -> dict[str, str]:
    """Each word of the glossary with what is said of it."""
    parts = re.split(r"^### (.+)$", text(GLOSSARY), flags=re.MULTILINE)[1:]
    return {word: told.strip() for word, told in zip(parts[::2], parts[1::2], strict=True)}


def test_the_glossary_has_each_word_once_and_in_order() -> None:
    words = re.findall(r"^### (.+)$", text(GLOSSARY), re.MULTILINE)

    assert words == sorted(set(words), key=str.lower)


@pytest.mark.parametrize("word", sorted(entries()))
def test_a_word_is_explained_in_one_sentence_and_used_in_the_code(word: str) -> None:
    told = entries()[word]
    used = re.compile(rf"\b{word}", re.IGNORECASE)

    assert told.endswith(".")
    assert "\n\n" not in told
    assert any(used.search(path.read_text(encoding="utf-8")) for _, path in modules())


def test_every_guarantee_that_holds_names_a_test() -> None:
    parts = re.split(r"^## (\d+)\. .+$", text(GUARANTEES), flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))

    numbers = [int(number) for number in told]

    assert numbers == sorted(set(numbers))
    assert {*range(1, 13)} <= {*numbers} <= {*range(1, 17)}
    assert not [number for number, about in told.items() if "`test_" not in about]


def test_every_path_that_contributing_names_is_there() -> None:
    named = re.findall(r"`(\.?\w[\w.-]*(?:/[\w.-]+)+)`", text(ROOT / "CONTRIBUTING.md"))

    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_nothing_cites_a_page_that_a_reader_does_not_have() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    pages = [name for name in listed.stdout.splitlines() if name.endswith((".py", ".md", ".html", ".cfg", ".toml"))]
    citing = [name for name in pages if name != OURS and ELSEWHERE.search((ROOT / name).read_text(encoding="utf-8"))]

    assert PACKAGES
    assert citing == []
