"""Arguments of events of an order or one of its lines; a notice of such an event carries the same."""

from __future__ import annotations

from datetime import date

import msgspec

from common.database.models import LineState, OrderState, Unit
from common.facts.base import Arguments


class OrderPlaced(Arguments, frozen=True, kw_only=True):
    lines: int
    on_behalf_of: str = msgspec.field(default="", name="for")  # the owner's name, when another person placed it


class OrderMoved(Arguments, frozen=True, kw_only=True):
    before: OrderState
    after: OrderState
    to: str = ""  # the name of the person it was issued to, when not the mechanic
    code: bool | None = None  # whether a pickup code was required
    reason: str = ""  # a code or words
    expected_on: date | None = None


class MoveUndone(Arguments, frozen=True, kw_only=True):
    before: OrderState
    after: OrderState
    move: str


class OwnerChanged(Arguments, frozen=True, kw_only=True):
    """Names of people; empty: no owner."""

    before: str
    owner: str


class LineNamed(Arguments, frozen=True, kw_only=True):
    """The line, with its words and its remark, because the line may be removed. Free text has the key `""`."""

    line: int
    words: dict[str, str]
    remark: str = ""


class LineChanged(LineNamed, frozen=True, kw_only=True):
    before: LineState
    after: LineState
    reason: str = ""
    expected_on: date | None = None
    supplier: str = ""


class LineAdded(LineNamed, frozen=True, kw_only=True):
    after: str  # the quantity after the change
    unit: Unit = Unit.PIECE  # of it


class LineCounted(LineNamed, frozen=True, kw_only=True):
    """The quantities before and after, with their units."""

    before: str
    after: str
    unit_before: Unit = Unit.PIECE
    unit: Unit = Unit.PIECE


class LineRemarked(LineNamed, frozen=True, kw_only=True):
    """What is said of the part is now the line's `remark`; empty: nothing."""

    remark_before: str = ""


class SlipPrinted(Arguments, frozen=True, kw_only=True):
    copy: int  # the number of this copy among the order's slips
    width: str
    key: str  # the key of the press of the button
