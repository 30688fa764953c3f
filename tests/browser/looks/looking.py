"""Languages, sizes and lights to look at a page in, and what axe does not see."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Page

SIZES = {"phone": (360, 740), "counter": (1280, 800)}
ALL = list(product(("ru", "he", "en"), SIZES, ("light", "dark")))
# Each pair of language, size and light occurs; the full product is for make soak.
PAIRWISE = [
    ("ru", "phone", "light"),
    ("ru", "counter", "dark"),
    ("he", "phone", "dark"),
    ("he", "counter", "light"),
    ("en", "phone", "dark"),
    ("en", "counter", "light"),
]
LOOKS = [pytest.param(*look, id="-".join(look), marks=[] if look in PAIRWISE else [pytest.mark.soak]) for look in ALL]


CUT = """[...document.querySelectorAll('.button, .pill, .mark, h1:not(.sr), h2, th')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
    .map(e => e.outerHTML.slice(0, 100))"""


# Whatever a colour says of a state is also said by a word and a sign in it.
COLOUR_ALONE = """[...document.querySelectorAll('.pill, .mark, .note, .button[data-state], .column > header')]
    .filter(e => !e.querySelector('svg') || !e.textContent.trim()).map(e => e.outerHTML.slice(0, 100))"""
AUDITED = 2  # menus of an order that axe looks at: the others are made alike
OPENED = "document.querySelectorAll('#order details').forEach((menu, n) => menu.open = n === %d)"


def crooked(page: Page, language: str) -> list[str]:
    """What axe does not see: sideways scrolling, a page that is not mirrored, a hint on the wrong side, cut words."""
    wrong = []
    width, visible, direction = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth, document.dir]"
    )
    if width != visible:
        wrong.append(f"{page.url}: {width} px wide in a window of {visible}")
    if direction != ("rtl" if language == "he" else "ltr"):
        wrong.append(f"{page.url}: {direction}")
    hints = page.evaluate(
        "[...document.querySelectorAll('input[placeholder]:placeholder-shown')].map(i => getComputedStyle(i).direction)"
    )
    wrong += [f"{page.url}: a hint runs {hint}" for hint in hints if hint != direction]
    cut = page.evaluate(CUT)
    wrong += [f"{page.url}: a colour alone: {one}" for one in page.evaluate(COLOUR_ALONE)]
    return wrong + [f"{page.url}: cut: {one}" for one in cut]
