"""Whole numbers in typed text and in addresses."""

from __future__ import annotations

MAX_ID = 2**53 - 1  # the largest whole number that JSON clients read exactly (RFC 8259, 6); no row's id is larger
MAX_VERSION = 2**31 - 1  # the largest version of a row: the column is an INTEGER


def parse_number(typed: str, largest: int = MAX_ID) -> int | None:
    """The number written in ASCII digits; None if the text holds anything else, or if the number is too large."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(largest))):
        return None
    number = int(typed)
    return number if number <= largest else None
