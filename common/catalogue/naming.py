"""Names of parts and categories: cleaned, limited in length, sorted by language. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from common.errors import InvalidInput
from common.languages import LANGUAGES, TABLE
from common.text import folding

MAX_NAME = 120
MAX_SYNONYMS = 40
MAX_ICON = 8
MAX_CODE = 64
CODE = re.compile(r"[a-z0-9][a-z0-9_\-]{0,63}")
_LETTERS = {row.code: re.compile(f"[{row.letters}]", re.IGNORECASE) for row in TABLE if row.letters}


def clean(text: str) -> str:
    """One line without invisible characters. Raises: InvalidInput `name_long`, `not_printable`."""
    cleaned = " ".join(text.split())
    if len(cleaned) > MAX_NAME:
        raise InvalidInput("name_long", most=MAX_NAME)
    if not cleaned.isprintable():
        raise InvalidInput("not_printable")
    return cleaned


def clean_names(names: Mapping[str, str]) -> dict[str, str]:
    """The non-empty names, by language. Raises: InvalidInput `part_name_needed`, `name_long`, `not_printable`."""
    cleaned = {language: clean(names.get(language, "")) for language in LANGUAGES}
    given = {language: name for language, name in cleaned.items() if name}
    if not any(folding.words(name) for name in given.values()):
        raise InvalidInput("part_name_needed")
    return given


def clean_synonyms(synonyms: Iterable[str]) -> list[str]:
    """The synonyms in order, each spelling once. Raises: InvalidInput `synonyms_many`, `name_long`, …"""
    kept: dict[tuple[str, ...], str] = {}
    for cleaned in map(clean, synonyms):
        words = folding.words(cleaned)
        if words:
            kept.setdefault(words, cleaned)
    if len(kept) > MAX_SYNONYMS:
        raise InvalidInput("synonyms_many", most=MAX_SYNONYMS)
    return list(kept.values())


def clean_icon(icon: str) -> str:
    """One or two signs shown before the category's name. Raises: InvalidInput `icon`."""
    cleaned = icon.strip()
    # U+200D joins the parts of a composed sign and is not printable itself.
    if len(cleaned) > MAX_ICON or not cleaned.replace("\u200d", "").isprintable():
        raise InvalidInput("icon", most=MAX_ICON)
    return cleaned or "🔩"


def clean_code(code: str) -> str:
    """Raises: InvalidInput `code`."""
    cleaned = code.strip().lower()
    if not CODE.fullmatch(cleaned):
        raise InvalidInput("code", most=MAX_CODE)
    return cleaned


def code_of(names: Mapping[str, str], what: str) -> str:
    """A code made from the English name, such as `front_brake_pads`; else `what`."""
    made = "_".join(re.findall(r"[a-z0-9]+", names.get("en", "").lower()))[:40].strip("_")
    return made or what


def language_of(text: str) -> str:
    """The language of these letters; English if they are of no other language."""
    found = {language: len(letters.findall(text)) for language, letters in _LETTERS.items()}
    best = max(found, key=lambda language: found[language])
    return best if found[best] else "en"


def by_language(synonyms: Iterable[str]) -> dict[str, list[str]]:
    """Synonyms sorted by the language of their letters, for display. The search finds them in any language."""
    sorted_: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for synonym in synonyms:
        sorted_[language_of(synonym)].append(synonym)
    return sorted_
