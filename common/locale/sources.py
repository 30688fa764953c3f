"""Extracts the marked texts of the sources, and updates the catalogues beside this file."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from common.i18n import LOCALE
from common.languages import LOCALES

DOMAIN = "felix_hub"
ROOT = LOCALE.parent.parent
PACKAGES = ("common", "bot_daemon", "webapp")
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
KEYWORDS: dict[
    str, tuple[int | tuple[int, str], ...] | None
] = {  # the functions that mark a text, and which arguments hold it
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
OPTIONS = {"**/templates/**.html": {"encoding": "utf-8", "silent": "false"}}


def python_texts(
    source: IO[bytes], keywords: Collection[str], comment_tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Every marked text of a Python file, for Babel.

    Babel's own extraction works on tokens: it misses a mark within a mark, and before Python 3.12 all in f-strings.
    """
    for node in ast.walk(ast.parse(source.read())):
        name = _callee_name(node)
        if isinstance(node, ast.Call) and name in keywords:
            yield node.lineno, name, tuple(map(_text, node.args)), []


def _callee_name(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _text(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


METHODS = [("**.py", f"{__name__}:{python_texts.__name__}"), ("**/templates/**.html", "jinja2")]


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def extract() -> Catalog:
    """Every marked text of the sources, with its files but without line numbers, which would change all day."""
    found = Catalog(charset="utf-8")
    for package in PACKAGES:
        for name, _line, message, _comments, context in extract_from_dir(ROOT / package, METHODS, OPTIONS, KEYWORDS):
            found.add(message, locations=[(f"{package}/{name}", 0)], context=context)
    return found


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=LOCALES.get(language or ""))


def write(path: Path, catalogue: Catalog, *, omit_header: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, width=120, include_lineno=False, omit_header=omit_header, sort_output=True)


def update_catalogue(language: str, found: Catalog) -> Catalog:
    """The language's catalogue with exactly the texts of the sources; existing translations are kept."""
    path = path_of(language)
    catalogue = read(path, language) if path.exists() else _empty(language)
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=LOCALES[language],
        project="Felix Hub",
        version="1",
        charset="utf-8",
        header_comment=f"# Felix Hub, the words of bot and desk: {language}",
        last_translator="Felix Hub",
        language_team=language,
        msgid_bugs_address="",
        fuzzy=False,
    )
