"""What happened to an order or one of its lines; a notice of it carries the same."""

from __future__ import annotations

from datetime import date

import msgspec

from common.database.models import LineState, OrderState
from common.facts.base import Arguments


class OrderPlaced(Arguments, frozen=True, kw_only=True):
    lines: int
    on_behalf_of: str = msgspec.field(default="", name="for")  # the name of whom it was placed for by somebody else


class OrderMoved(Arguments, frozen=True, kw_only=True):
    before: OrderState
    after: OrderState
    to: str = ""  # issued, to somebody else than the mechanic
    code: bool | None = None  # whether they had to say one
    reason: str = ""  # a code or words
    expected_on: date | None = None


class MoveUndone(Arguments, frozen=True, kw_only=True):
    before: OrderState
    after: OrderState
    move: str


class OwnerChanged(Arguments, frozen=True, kw_only=True):
    """Names of people; empty: nobody."""

    before: str
    owner: str


class LineNamed(Arguments, frozen=True, kw_only=True):
    """Which line; its words too, because the line may go. Free text has the key `""`."""

    line: int
    words: dict[str, str]


class LineChanged(LineNamed, frozen=True, kw_only=True):
    before: LineState
    after: LineState
    reason: str = ""
    expected_on: date | None = None
    supplier: str = ""


class LineAdded(LineNamed, frozen=True, kw_only=True):
    after: str  # its quantity


class LineCounted(LineNamed, frozen=True, kw_only=True):
    """Quantities."""

    before: str
    after: str


class SlipPrinted(Arguments, frozen=True, kw_only=True):
    copy: int  # paper number so many of the order
    width: str
    key: str  # of the pressing of the button
