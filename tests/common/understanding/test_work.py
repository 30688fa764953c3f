"""What a text costs to read grows with its length, not faster: counted in calls, not in time."""

from __future__ import annotations

import sys

import pytest

from common.understanding.read import read
from tests.common.understanding.notation import garage

HALF = 2048  # characters: half of Telegram's longest message
REPEATED = {
    "a part": "колодки ",
    "parts in a list": "колодки, ",
    "commas": "a,",
    "words for and": "и ",
    "numbers": "4 ",
    "quantities": "x2 ",
    "units": "л ",
    "places": "перед ",
    "slips of a finger": "калотке пиридние ",
    "unknown words": "абвгдеж ",
    "lines": "помпа\n",
    "plates": "12-345-67 ",
    "corrections": "без масла ",
    "makes": "мазда 3 ",
    "comments": "клиент ждёт, ",
    "list marks": "- a\n",
    "Hebrew prefixes": "ורפידות ",
    "quotes": "а'",
}


@pytest.mark.parametrize("piece", REPEATED.values(), ids=list(REPEATED))
def test_twice_the_text_is_at_most_some_twice_the_work(piece: str) -> None:
    text = piece * (2 * HALF // len(piece))
    read(text, garage())  # what is made once and kept is not counted

    assert calls(text) <= 2.5 * calls(text[:HALF]) + 10_000


def calls(text: str) -> int:
    """The function calls that it takes to read a text, those of comprehensions and of C included."""
    names, seen = garage(), 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal seen
        seen += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(text, names)
    finally:
        sys.setprofile(None)
    return seen
