"""No word is lost: whatever is typed, each of its tokens is seen again, or is politeness or a separator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from common.understanding.read import read
from common.understanding.reading import Fate, Reading
from common.understanding.words.tokens import clean
from tests.common.understanding.notation import garage
from tests.common.understanding.test_phrases import PHRASES

WORDS = sorted({word for phrase, _ in PHRASES for word in phrase.replace("\\n", " ").split()})
ODD = [
    "\n",
    ";",
    ",",
    "x2",
    "??",
    "№",
    "12-345-67",
    "а777мр177",
    "ו",
    "ה",
    "1.",
    "-",
    "0.5",
    "99999",
    "🙏",
    "+",
    "(2)",
    "м",
]
TEXTS = st.lists(st.sampled_from(WORDS + ODD) | st.text(max_size=12), max_size=16).map(" ".join)


@given(TEXTS)
def test_each_token_is_seen_again(text: str) -> None:
    reading = read(text, garage())

    seen = visible(reading)
    for token, fate in zip(reading.tokens, reading.fates, strict=True):
        if fate in (Fate.REMARK, Fate.COMMENT, Fate.CAR_REMARK):
            assert token.text in seen, (token, fate)
    assert without_blanks("".join(token.text for token in reading.tokens)) == without_blanks(clean(text))


@given(TEXTS)
def test_a_quantity_that_was_said_is_on_a_line(text: str) -> None:
    reading = read(text, garage())

    said = Fate.QUANTITY in reading.fates
    lines = [*reading.lines, *([reading.of_last] if reading.of_last else [])]

    assert not said or any(line.quantity is not None for line in lines)


def visible(reading: Reading) -> str:
    """All that a person sees of a reading, at one place or another."""
    lines = [*reading.lines, *([reading.of_last] if reading.of_last else [])]
    shown = [reading.comment, reading.car, reading.car_remark, *reading.other_cars, reading.not_read]
    return " ".join([*shown, *(f"{line.typed} {line.remark}" for line in lines)])


def without_blanks(text: str) -> str:
    return "".join(text.split())
