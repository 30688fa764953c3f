"""Checks of a catalogue: texts that are missing, left over or untranslated, and placeholders lost in translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import repeat

from babel.messages.catalog import Catalog, Message

PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")
ONE_ALONE = ("he",)  # the languages whose first plural form stands for the number 1 and no other
COUNTS = {"%(count)s", "%(num)s"}
SOURCE = "en"  # the sources are English: its catalogue may stay empty

Texts = set[tuple[str | None, str]]


def problems(language: str, catalogue: Catalog, found: Catalog) -> Iterator[str]:
    """One sentence per problem; an empty list means the catalogue is complete and true to the sources."""
    for context, text in sorted(_texts(found) - _texts(catalogue), key=str):
        yield f"{language}: missing {text!r}{_context_label(context)}"
    for context, text in sorted(_texts(catalogue) - _texts(found), key=str):
        yield f"{language}: no longer in the sources: {text!r}{_context_label(context)}"
    if language != SOURCE:
        for message in catalogue:
            if message.id:
                yield from _placeholder_problems(language, message, catalogue.num_plurals)


def _texts(catalogue: Catalog) -> Texts:
    return {(message.context, _source(message)) for message in catalogue if message.id}


def _source(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _context_label(context: str | None) -> str:
    return f" of {context!r}" if context else ""


def _placeholder_problems(language: str, message: Message, plurals: int) -> Iterator[str]:
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not all(texts) or (message.pluralizable and len(texts) != plurals):
        yield f"{language}: not translated: {_source(message)!r}"
        return
    if message.fuzzy:
        yield f"{language}: fuzzy: {_source(message)!r}"
    wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    if any(
        _placeholders(text) not in allowed
        for text, allowed in zip(texts, _allowed(wanted, message, language), strict=False)
    ):
        yield f"{language}: placeholders differ: {_source(message)!r}"


def _allowed(wanted: set[str], message: Message, language: str) -> Iterator[list[set[str]]]:
    """For each form of a text its possible placeholders; "one order" needs no number in a form for 1 alone."""
    yield [wanted, wanted - COUNTS] if message.pluralizable and language in ONE_ALONE else [wanted]
    yield from repeat([wanted])


def _placeholders(text: str) -> set[str]:
    return {hit[0] for hit in PLACEHOLDER.finditer(text)}
