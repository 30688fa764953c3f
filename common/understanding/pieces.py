"""Pieces of a text, and what is cut off before: letters written on to Hebrew words, and the marks of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.text import folding
from common.understanding.names import NameFound, Names
from common.understanding.reading import Fate, Sheet
from common.understanding.words.lexicon import lexicon
from common.understanding.words.tokens import Token, TokenKind, split_off

MARKS = frozenset({"-", "•", "*", "–", "—", "·"})
LETTER_MARK = re.compile(r"[а-яa-zא-ת]")


@dataclass
class Draft:
    """A piece of a text: its tokens, the names in it, and how it is joined to the piece before it."""

    places: list[int]
    names: list[NameFound]
    joined_by: str = ""  # "and", "," or nothing: a new line of the text
    has_head: bool = False  # a word of the catalogue's names, though no whole name

    @property
    def holds_a_part(self) -> bool:
        return bool(self.names) or self.has_head


def split_prefixes(tokens: Sequence[Token], names: Names) -> list[Token]:
    """The tokens, with a Hebrew letter that is written on to a word cut off: ו (and) of ומסנן, ל (for) of למאזדה."""
    out: list[Token] = []
    for token in tokens:
        out += split_off(token, 1) if _has_prefix(token, names) else [token]
    return out


def _has_prefix(token: Token, names: Names) -> bool:
    """Whether the word is unknown, and a known word without its first letter."""
    text = token.text
    if token.kind is not TokenKind.WORD or len(text) < 3 or not "א" <= text[1] <= "ת":
        return False
    if lexicon().directly((token.word,)) or names.knows(token.word):
        return False
    entries = lexicon().directly(folding.words(text[1:]))
    if text[0] == "ו":
        return text[1:] != "חצי" and bool(entries or names.knows("".join(folding.words(text[1:]))))
    return text[0] in "לבמ" and any(entry.group == "make" for entry in entries)


def take_list_marks(sheet: Sheet) -> None:
    """Drop `-`, `1.`, `1)` at the head of a line; and in a line, where it goes on counting: `1) … 2) …`."""
    counted = 0
    for at, token in enumerate(sheet.tokens):
        head = at == 0 or sheet.tokens[at - 1].kind is TokenKind.BREAK
        width = _mark_width(sheet, at, counted, head=head)
        if width:
            counted += width == 2
            sheet.mark(at, at + width, Fate.SEPARATOR)
            if not head:
                sheet.tokens[at] = Token(token.text, token.start, token.end, TokenKind.BREAK)


def _mark_width(sheet: Sheet, at: int, counted: int, *, head: bool) -> int:
    token, after = sheet.tokens[at], sheet.tokens[at + 1 : at + 3]
    if head and token.text in MARKS and after and after[0].kind is not TokenKind.BREAK:
        return 1
    is_number = token.kind is TokenKind.NUMBER and token.text.isdecimal() and len(token.text) <= 2
    closed = len(after) == 2 and after[0].text in (".", ")") and after[0].start == token.end
    if not closed or after[1].kind is TokenKind.BREAK:
        return 0
    if is_number and (head or (counted and int(token.text) == counted + 1)):
        return 2
    return 2 if head and len(token.text) == 1 and LETTER_MARK.match(token.text.lower()) else 0
