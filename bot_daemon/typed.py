"""What somebody means by what they typed. A pure rule, because a message and a press may arrive swapped.

Telegram delivers messages and presses in separate queues, so "2" may come after the press that left the line, and the
plate before the press that asks for it. What is typed therefore explains itself as far as it can: a small number is a
quantity, an unmistakable plate is a plate, whatever the screen shows at that moment.
"""

from __future__ import annotations

import enum

from bot_daemon.drafts import Draft, clean
from common.errors import InvalidInput
from common.vehicles import read_plate


class Asked(enum.StrEnum):
    """What the present screen asks for."""

    PARTS = "parts"
    PLATE = "plate"
    COMMENT = "comment"


class Meaning(enum.StrEnum):
    QUANTITY = "quantity"
    PLATE = "plate"
    COMMENT = "comment"
    WORDS = "words"


def meaning(draft: Draft, asked: Asked, text: str) -> Meaning:
    """Whether typed text is a quantity, a plate, a comment or what somebody needs."""
    if asked is Asked.COMMENT:
        return Meaning.COMMENT
    cleaned = clean(text)
    if _is_number(cleaned, 2 if asked is Asked.PLATE else 4) and (draft.lines or asked is Asked.PARTS):
        return Meaning.QUANTITY
    if asked is Asked.PLATE:
        return Meaning.PLATE if any(c.isdigit() for c in cleaned) or not cleaned else Meaning.WORDS
    return Meaning.PLATE if not draft.plate and is_unmistakable_plate(cleaned) else Meaning.WORDS


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def is_unmistakable_plate(text: str) -> bool:
    """An Israeli plate of seven or eight digits, or a Russian car's: nothing else that is typed looks like these."""
    try:
        plate = read_plate(text)
    except InvalidInput:
        return False
    return plate.sure
