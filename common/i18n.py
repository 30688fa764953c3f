"""Translated texts: one gettext catalogue per language, shared by bot and desk; a ContextVar holds the language.

Sources are English. The .po files are compiled in memory when first used (some 40 ms each), so a deploy has no build
step and no compiled file can be stale.
"""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from common.languages import LANGUAGES, LOCALES, RTL

LOCALE = Path(__file__).parent / "locale"

# Unicode bidirectional isolates (UAX #9): the text between them keeps its own direction in a line of the other one.
FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"

_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    return _language.get()


def locale(code: str | None = None) -> Locale:
    """How days and numbers are written in a language."""
    return Locale.parse(LOCALES[code or _language.get()])


def direction(code: str | None = None) -> str:
    return "rtl" if (code or _language.get()) in RTL else "ltr"


def known_language(code: str | None) -> str | None:
    """Our language for a code such as `ru-RU` or the old `iw`; None if we do not have it."""
    short = (code or "").split("-")[0].split("_")[0].lower()
    short = {"iw": "he"}.get(short, short)
    return short if short in LANGUAGES else None


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Use this language for all texts inside the `with` block."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def translations(code: str) -> _gettext.NullTranslations:
    path = LOCALE / code / "LC_MESSAGES" / "felix_hub.po"
    if code not in LANGUAGES or not path.exists():
        return _gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=LOCALES[code])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def gettext(message: str) -> str:
    """The text in the present language. An empty text stays empty: gettext would return the catalogue's header."""
    return translations(_language.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    return translations(_language.get()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    return translations(_language.get()).pgettext(context, message)


def npgettext(context: str, one: str, many: str, number: int) -> str:
    return translations(_language.get()).npgettext(context, one, many, number)


_ = gettext


def N_(message: str) -> str:
    """Marks a text in a table for extraction; the text is translated when it is shown."""
    return message


def isolated(text: str) -> str:
    """A name or free text, kept whole inside a sentence of any direction."""
    return f"{FSI}{text}{PDI}"


def left_to_right(text: str) -> str:
    """A plate, number or code, kept left to right inside a sentence of any direction."""
    return f"{LRI}{text}{PDI}"


def worded(words: dict[str, str], code: str | None = None) -> str:
    """The words of a catalogue name or an order's line in a language; free text (`""`) is the same in each."""
    chosen = words.get(code or _language.get()) or words.get("") or words.get("en") or next(iter(words.values()), "")
    return str(chosen)
