"""Whole numbers as people and addresses write them."""

from __future__ import annotations

MAX_ID = 2**53 - 1  # the largest whole number that JSON clients read exactly (RFC 8259, 6); no row's id is larger
MAX_VERSION = 2**31 - 1  # of a row: the column is an INTEGER


def parse_number(typed: str, largest: int = MAX_ID) -> int | None:
    """The number that ASCII digits write; None if there is anything else, or if it is larger."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(largest))):
        return None
    number = int(typed)
    return number if number <= largest else None
