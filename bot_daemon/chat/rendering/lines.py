"""The lines of an order or a draft, quantity first. No line is left out: many lines share the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.text import localized
from common.database.models import Grade

ROOM = 2400  # units for all lines together, of the 4,096 a message has
OVERHEAD = 32  # a line's quantity, grade and marks


class AnyLine(Protocol):
    """The common attributes of a draft's line and an order's line."""

    @property
    def id(self) -> int: ...
    @property
    def words(self) -> Mapping[str, str]: ...
    @property
    def quantity(self) -> int: ...
    @property
    def grade(self) -> Grade: ...


def line_texts(lines: Sequence[AnyLine], marks: Mapping[int, str] | None = None, room: int = ROOM) -> list[str]:
    """One line of text per line; `marks` maps a line's id to the marks behind it."""
    most = max(room // max(len(lines), 1) - OVERHEAD, 16)
    return [line_text(line, min(most, 200), (marks or {}).get(line.id, "")) for line in lines]


def line_text(line: AnyLine, most: int = 200, mark: str = "") -> str:
    """`2 × front pads · original`; free text carries a pencil."""
    pencil = " ✍️" if "" in line.words else ""
    grade = "" if line.grade is Grade.ANY else f" · <i>{words.grade(line.grade)}</i>"
    return f"<b>{line.quantity} ×</b> {localized(line.words, most)}{pencil}{grade}{f' {mark}' if mark else ''}"
