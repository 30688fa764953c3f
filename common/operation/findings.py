"""What a check of the doctor says: a sentence with its level."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from common.i18n import gettext


class Level(enum.StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One result. `words` is the English source text with named places, `check` the name of the check."""

    level: Level
    check: str
    words: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the present language."""
        return gettext(self.words) % self.values
