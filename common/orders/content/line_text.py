"""How a line reads, the same at the desk, in the chat, on paper and in files: `4 l Engine oil · 5w30`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from common.database.models import Unit
from common.i18n import isolated, worded
from common.orders.content.quantities import quantity_text

SEPARATOR = " · "  # before what is said of the part


class CountedLine(Protocol):
    """What a line of a draft and one of an order have in common."""

    @property
    def words(self) -> Mapping[str, str]: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def remark(self) -> str: ...


@dataclass(frozen=True)
class LineText:
    """The texts of a line, for who sets them apart: `2 ×`, `Control arms`, `left`. As a string they are one text, each
    in its own direction.
    """

    quantity: str
    words: str
    remark: str

    def __str__(self) -> str:
        return f"{self.quantity} {isolated(self.words)}{SEPARATOR + isolated(self.remark) if self.remark else ''}"

    @property
    def plain(self) -> str:
        """The text without marks of direction, for a place that holds nothing but this line."""
        return f"{self.quantity} {self.words}{SEPARATOR + self.remark if self.remark else ''}"


def line_text(line: CountedLine, language: str | None = None) -> LineText:
    """The texts of a line in the reader's language; `language`: of its words."""
    return LineText(quantity_text(line.quantity, line.unit), worded(dict(line.words), language), line.remark)
