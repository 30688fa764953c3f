"""Data in messages: escaped once, isolated, and never longer than Telegram accepts.

Telegram counts UTF-16 code units after parsing the entities, so lengths here are in these units and before escaping.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from babel.dates import format_skeleton

from bot_daemon.chat.content import MAX_TEXT, Button, Content
from bot_daemon.chat.conversation.drafts import clean
from common import i18n
from common.cars.vehicles import read_vehicle
from common.errors import InvalidInput
from common.i18n import isolated, left_to_right

MAX_BUTTON = 60  # an undocumented limit: the apps cut longer texts
RLM = "\u200f"  # right-to-left mark: sets the direction of a line that begins with a number or a sign


def utf16_units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def shorten(text: str, most: int) -> str:
    """The text cut to at most `most` units, the cut marked."""
    if utf16_units(text) <= most:
        return text
    kept, left = [], most - 1
    for character in text:
        left -= 2 if ord(character) > 0xFFFF else 1
        if left < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def escape(text: str, most: int = 200) -> str:
    """A name or other text a person wrote: one line, escaped, isolated in its direction."""
    return isolated(html.escape(shorten(clean(text), most), quote=False))


def paragraphs(text: str, most: int) -> str:
    """A longer text, escaped, that keeps its lines."""
    cut = shorten("\n".join(clean(line) for line in text.strip().splitlines()), most)
    return "\n".join(isolated(html.escape(line, quote=False)) if line else "" for line in cut.splitlines())


def localized(words: Mapping[str, str], most: int = 200) -> str:
    """A part, category or line in the reader's language."""
    return escape(i18n.worded(dict(words)), most)


def plate(typed: str) -> str:
    """A plate or VIN as people read it, left to right in any sentence."""
    try:
        display = read_vehicle(typed).display
    except InvalidInput:
        display = typed
    return left_to_right(html.escape(shorten(clean(display), 40), quote=False))


def day(when: date) -> str:
    """A day without its year: `Wed, 25 Nov`."""
    return isolated(format_skeleton("MMMEd", when, locale=i18n.locale()))


def short_day(when: date) -> str:
    """`25 Nov`."""
    return isolated(format_skeleton("MMMd", when, locale=i18n.locale()))


def fits_message(text: str) -> bool:
    """Whether a text in HTML is one message, marks of direction included."""
    plain = html.unescape(re.sub(r"<[^<>]*>", "", text))
    return utf16_units(plain) + plain.count("\n") + 1 <= MAX_TEXT


def label(text: str, most: int = MAX_BUTTON) -> str:
    """A button's text: plain, not HTML, so `escape` is not for it. A name without a visible character is a dash."""
    return shorten(clean(text), most) or "—"


def lay_out(content: Content) -> Content:
    """The content in the reader's direction, which a line beginning with a number or a sign cannot show by itself."""
    if i18n.direction() == "ltr":
        return content
    lines = [RLM + line if line else line for line in content.text.split("\n")]
    buttons = [[replace(button, text=RLM + button.text) for button in row] for row in content.buttons]
    return replace(content, text="\n".join(lines), buttons=buttons)


def back_sign() -> str:
    """The arrow back: signs are not mirrored in a right-to-left text."""
    return "➡️" if i18n.direction() == "rtl" else "⬅️"


def title(sign: str, text: str, rest: str = "") -> str:
    """A screen's first line. `text` is one of our own: it is not escaped."""
    return f"{sign} <b>{text}</b>{rest}"


def grid(buttons: list[Button], width: int) -> list[list[Button]]:
    """The buttons in rows of `width`."""
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]
