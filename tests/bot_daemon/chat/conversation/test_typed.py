"""What typed text means, also when it arrives after the press that moved the screen on."""

from __future__ import annotations

import pytest

from bot_daemon.chat.conversation.drafts import Draft, DraftLine
from bot_daemon.chat.conversation.typed import Expected, Meaning, meaning

ONE = Draft(lines=(DraftLine(1, {"": "bolt"}),), current=1, next_id=2)
KNOWN_CAR = Draft(lines=ONE.lines, plate="1234567", current=1, next_id=2)


@pytest.mark.parametrize("text", ["1", "12", "999", "1000"])
def test_a_small_number_is_a_quantity(text: str) -> None:
    assert meaning(ONE, Expected.PARTS, text) is Meaning.QUANTITY


@pytest.mark.parametrize("text", ["болт М8", "2.5", "-3", "5 литров", "12345", "9091530002", "½", "٣"])
def test_anything_else_is_what_somebody_needs(text: str) -> None:
    assert meaning(ONE, Expected.PARTS, text) is Meaning.WORDS


@pytest.mark.parametrize("text", ["12345678", "123-45-678", "12-345-67", "А123ВС77"])
def test_an_unmistakable_plate_is_one_before_it_is_asked_for(text: str) -> None:
    assert meaning(ONE, Expected.PARTS, text) is Meaning.PLATE
    assert meaning(KNOWN_CAR, Expected.PARTS, text) is Meaning.WORDS


@pytest.mark.parametrize("text", ["123", "12345678", "CD 1234", "מ-12345", "WVGZZZ5NZEW069297"])
def test_where_the_plate_is_asked_for_anything_with_digits_is_one(text: str) -> None:
    assert meaning(ONE, Expected.PLATE, text) is Meaning.PLATE


def test_a_quantity_that_comes_after_the_plate_was_asked_for_is_still_a_quantity() -> None:
    assert meaning(ONE, Expected.PLATE, "3") is Meaning.QUANTITY


def test_words_without_a_digit_are_no_plate() -> None:
    assert meaning(ONE, Expected.PLATE, "трубка кондиционера") is Meaning.WORDS


@pytest.mark.parametrize("text", ["2", "12345678", "срочно"])
def test_where_a_comment_is_asked_for_everything_is_one(text: str) -> None:
    assert meaning(ONE, Expected.COMMENT, text) is Meaning.COMMENT
