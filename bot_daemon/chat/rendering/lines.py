"""The lines of an order or a draft, quantity first. No line is left out: many lines share the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.text import escape, utf16_units
from common.database.models import Grade
from common.orders.content import line_text as texts
from common.orders.content.line_text import SEPARATOR, CountedLine

ROOM = 2400  # units for all lines together, of the 4,096 a message has
OVERHEAD = 40  # a line's quantity, grade and marks
LEAST = 16  # units for the words and the remark of a line, however many lines there are


class AnyLine(CountedLine, Protocol):
    """The common attributes of a draft's line and an order's line."""

    @property
    def id(self) -> int: ...
    @property
    def grade(self) -> Grade: ...


def line_texts(lines: Sequence[AnyLine], marks: Mapping[int, str] | None = None, room: int = ROOM) -> list[str]:
    """One line of text per line; `marks` maps a line's id to the marks behind it."""
    most = max(room // max(len(lines), 1) - OVERHEAD, LEAST)
    return [line_text(line, min(most, 200), (marks or {}).get(line.id, "")) for line in lines]


def line_text(line: AnyLine, most: int = 200, mark: str = "") -> str:
    """`2 × front pads · left · original`; free text carries a pencil."""
    pencil = " ✍️" if "" in line.words else ""
    grade = "" if line.grade is Grade.ANY else f"{SEPARATOR}<i>{words.grade(line.grade)}</i>"
    return f"{bare_text(line, most)}{pencil}{grade}{f' {mark}' if mark else ''}"


def bare_text(line: CountedLine, most: int) -> str:
    """`2 × front pads · left`, with at most so many units for the words and the remark."""
    return f"<b>{texts.line_text(line).quantity}</b> {named(line, most)}"


def named(line: CountedLine, most: int) -> str:
    """The words and the remark of a line. Where both are too long, the remark has a third of the room."""
    text = texts.line_text(line)
    for_remark = min(utf16_units(text.remark), max(most - utf16_units(text.words), most // 3))
    remark = SEPARATOR + escape(text.remark, for_remark) if text.remark else ""
    return escape(text.words, most - for_remark) + remark
