"""The colours of the style sheet and their contrasts: read from the file, so that no table can drift.

WCAG 2.2 wants 4.5 for text (1.4.3) and 3 for the borders of controls and for the focus (1.4.11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from common.database.models import OrderState
from webapp.wording.template_context import STATIC

TOKEN = re.compile(r"(?<![a-z-])--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
TEXT, BORDER = 4.5, 3.0
TONES = (*(state.replace("_", "-") for state in OrderState), "bad")
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT) for text in ("ink", "soft") for ground in ("paper", "sheet", "raised", "sunk")),
    ("accent", "paper", TEXT),
    ("accent", "sheet", TEXT),
    ("on-accent", "accent", TEXT),
    *((tone, ground, TEXT) for tone in TONES for ground in (f"{tone}-soft", "sheet", "paper")),
    ("edge", "sheet", BORDER),
    ("edge", "paper", BORDER),
    ("focus", "paper", BORDER),
    ("focus", "sheet", BORDER),
)


@dataclass(frozen=True)
class Pair:
    """A colour on a background; `light` and `dark` are the contrasts of the two themes, `least` the required one."""

    text: str
    ground: str
    least: float
    light: float
    dark: float

    @property
    def is_enough(self) -> bool:
        return min(self.light, self.dark) >= self.least


@cache
def colours() -> dict[str, tuple[str, str]]:
    """Each token's colour in the light and in the dark theme."""
    found = TOKEN.findall((STATIC / "desk.css").read_text(encoding="utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def pairs() -> Iterator[Pair]:
    """Every pair that occurs on a page."""
    known = colours()
    for text, ground, least in PAIRS:
        light, dark = (contrast(known[text][theme], known[ground][theme]) for theme in (0, 1))
        yield Pair(text, ground, least, light, dark)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
