"""What can be wrong with a catalogue: a text that is missing, left over, untranslated, or that lost a placeholder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {  # what marks a text, and which arguments are it
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")
SOURCE = "en"  # the sources are English: its catalogue may stay empty

Texts = set[tuple[str | None, str]]


def problems(language: str, catalogue: Catalog, found: Catalog) -> Iterator[str]:
    """One sentence each; none means the catalogue is complete and true to the sources."""
    for context, text in sorted(_texts(found) - _texts(catalogue), key=str):
        yield f"{language}: missing {text!r}{_of(context)}"
    for context, text in sorted(_texts(catalogue) - _texts(found), key=str):
        yield f"{language}: no longer in the sources: {text!r}{_of(context)}"
    if language != SOURCE:
        for message in catalogue:
            if message.id:
                yield from _wrong(language, message, catalogue.num_plurals)


def hidden(path: Path) -> Iterator[str]:
    """Texts inside an f-string: before Python 3.12 the extraction does not see them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr) and any(map(_marks_a_text, ast.walk(node))):
            yield f"{path.name}:{node.lineno}: a text inside an f-string is not extracted"


def _marks_a_text(node: ast.AST) -> bool:
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS
    return named and any(isinstance(argument, ast.Constant) for argument in ast.iter_child_nodes(node))


def _texts(catalogue: Catalog) -> Texts:
    return {(message.context, _source(message)) for message in catalogue if message.id}


def _source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _of(context: str | None) -> str:
    return f" of {context!r}" if context else ""


def _wrong(language: str, message: Message, plurals: int) -> Iterator[str]:
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not all(texts) or (message.pluralizable and len(texts) != plurals):
        yield f"{language}: not translated: {_source(message)!r}"
        return
    if message.fuzzy:
        yield f"{language}: fuzzy: {_source(message)!r}"
    wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    if any(_placeholders(text) != wanted for text in texts):
        yield f"{language}: placeholders differ: {_source(message)!r}"


def _placeholders(text: str) -> set[str]:
    return {hit[0] for hit in PLACEHOLDER.finditer(text)}
