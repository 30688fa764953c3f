"""The tokens of a text: words, numbers, codes, signs and fixed shapes such as a plate or a viscosity.

Nothing is lost: the tokens and the blanks between them are the text. A fixed shape is one token whatever it consists
of, so that a part of a phone number is never a quantity.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from common.text import folding

MAX_TEXT = 4096  # Telegram's longest message


class TokenKind(enum.StrEnum):
    WORD = "word"
    NUMBER = "number"
    CODE = "code"  # letters and digits in one: H7, 6PK1750
    SIGN = "sign"
    BREAK = "break"  # the end of a line
    TIMES = "times"  # x2, 2×
    PHONE = "phone"
    CLOCK = "clock"  # a time of day or a date
    PRICE = "price"
    VIN = "vin"
    PLATE = "plate"
    PART_NUMBER = "part_number"
    VISCOSITY = "viscosity"
    DOT = "dot"  # a class of brake fluid
    SIZE = "size"  # 205/55 R16, 21/5, 55x200, M12x1.5


@dataclass(frozen=True)
class Token:
    """A piece of the text from `start` to `end`; `word` is it folded, as it is compared."""

    text: str
    start: int
    end: int
    kind: TokenKind
    word: str = ""

    @property
    def is_spelt(self) -> bool:
        return self.kind in (TokenKind.WORD, TokenKind.CODE)


_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_RU = "АВЕКМНОРСТУХавекмнорстухABEKMHOPCTYXabekmhopctyx"
_UA = "АВСЕНІКМОРТХавсенікмортхABCEHIKMOPTXabcehikmoptx"
_END = r"(?![^\W_])"  # no letter or digit follows
SHAPES: tuple[tuple[TokenKind, str], ...] = (
    (TokenKind.PHONE, r"\+\d[\d() -]{8,15}\d" + _END),
    (TokenKind.PHONE, r"0(?:5\d|7\d|[23489])[- ]?\d{3}[- ]?\d{4}" + _END),
    (TokenKind.PHONE, r"8[ -]?\(?9\d{2}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}" + _END),
    (TokenKind.CLOCK, r"\d{1,2}:\d{2}" + _END),
    (TokenKind.CLOCK, r"\d{1,2}[./]\d{1,2}[./](?:20)?\d{2}" + _END),
    (TokenKind.PRICE, r"[₪$€]\s?\d{1,7}(?:[.,]\d{1,2})?" + _END),
    (TokenKind.PRICE, r"\d{1,7}(?:[.,]\d{1,2})?\s?[₪$€]"),
    (TokenKind.PLATE, rf"[{_RU}] ?\d{{3}} ?[{_RU}]{{2}} ?\d{{2,3}}(?: ?(?:rus|RUS))?" + _END),
    (TokenKind.PLATE, rf"[{_UA}]{{2}}[ -]?\d{{4}}[ -]?[{_UA}]{{2}}" + _END),
    (TokenKind.PLATE, r"\d{2}[-. ]\d{3}[-. ]\d{2}" + _END),
    (TokenKind.PLATE, r"\d{3}[-. ]\d{2}[-. ]\d{3}" + _END),
    (TokenKind.PLATE, r"\d{7,8}" + _END),
    (TokenKind.VISCOSITY, r"\d{1,2} ?[wWвВ] ?-? ?\d{2}" + _END),
    (TokenKind.DOT, r"(?:dot|DOT|Dot|дот|ДОТ|Дот|דוט)[ -]?\d(?:[.,]\d)?" + _END),
    (TokenKind.SIZE, r"\d{3}/\d{2}(?: ?[rRрР] ?\d{2})?" + _END),
    (TokenKind.SIZE, r"[rRрР]\d{2}" + _END),
    (TokenKind.SIZE, r"[mMмМ]\d{1,2}(?:[xXхХ×*]\d(?:[.,]\d{1,2})?)?" + _END),
    (
        TokenKind.SIZE,
        r"\d{1,4}(?:[.,]\d{1,2})?[-/xXхХ×*]\d{1,4}(?:[.,]\d{1,2})?(?:[-/xXхХ×*]\d{1,4}(?:[.,]\d{1,2})?)?" + _END,
    ),
    (TokenKind.TIMES, r"[xXхХ×*] ?\d{1,4}" + _END),
    (TokenKind.TIMES, r"\d{1,4} ?(?:[xXхХ×*])" + _END),
    (TokenKind.PART_NUMBER, r"\d[A-Za-z]\d ?\d{3} ?\d{3}(?: ?[A-Za-z]{1,2})?" + _END),
)
_SCANNED = [(kind, re.compile(pattern)) for kind, pattern in SHAPES]
WITHIN, BEHIND = frozenset("'\"״׳’`"), frozenset("'׳’")  # signs in a word, and after one: צ'ק, יח׳
_NUMBER = re.compile(r"\d{1,12}(?:[.,]\d{1,2}(?!\d))?")
_CODE = re.compile(r"[^\W_]+\+?")
_STARTS_WITHIN = re.compile(r"[^\W_]")
VIN = 17


def clean(text: str) -> str:
    """The text in one form of Unicode, without invisible characters; line breaks stay."""
    whole = unicodedata.normalize("NFC", text[:MAX_TEXT].replace("\r\n", "\n"))
    return "".join(c for c in whole if c == "\n" or unicodedata.category(c) not in _INVISIBLE)


def tokenise(text: str) -> list[Token]:
    """The tokens of a cleaned text."""
    return list(_scan(text))


def _scan(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at] == "\n":
            yield Token("\n", at, at + 1, TokenKind.BREAK)
            at += 1
        elif text[at].isspace():
            at += 1
        else:
            found = _shape(text, at) or _run(text, at)
            yield from found
            at = found[-1].end


def _shape(text: str, at: int) -> list[Token]:
    """The fixed shape that begins here, as a list of one; no shape begins within a word."""
    if at and _STARTS_WITHIN.match(text[at - 1]) and _STARTS_WITHIN.match(text[at]):
        return []
    for kind, pattern in _SCANNED:
        found = pattern.match(text, at)
        if found:
            return [_token(text, at, found.end(), kind)]
    return []


def _run(text: str, at: int) -> list[Token]:
    """The word, number, code or sign that begins here; a number written together with its unit is two tokens."""
    word, number, code = _end_of_word(text, at), _NUMBER.match(text, at), _CODE.match(text, at)
    if code is None:
        return [_token(text, at, at + 1, TokenKind.SIGN)]
    if word >= code.end():
        return [_token(text, at, word, TokenKind.WORD)]
    if number is not None and number.end() >= code.end():
        return [_token(text, at, number.end(), TokenKind.NUMBER)]
    if number is not None and text[number.end() : code.end()].isalpha():
        return [
            _token(text, at, number.end(), TokenKind.NUMBER),
            _token(text, number.end(), code.end(), TokenKind.WORD),
        ]
    return [_token(text, at, code.end(), _kind_of_code(code.group()))]


def _end_of_word(text: str, start: int) -> int:
    """Where the word ends that begins here; `start` if none does."""
    at = start
    while at < len(text) and (
        text[at].isalpha() or (at > start and text[at] in WITHIN and text[at + 1 : at + 2].isalpha())
    ):
        at += 1
    return at + (at > start and text[at : at + 1] in BEHIND and at < len(text))


def _kind_of_code(code: str) -> TokenKind:
    digits = sum(c.isdecimal() for c in code)
    if len(code) == VIN and digits >= 4 and code.isascii():
        return TokenKind.VIN
    if len(code) >= 7 and digits >= 3 and code.isascii() and digits < len(code):
        return TokenKind.PART_NUMBER
    return TokenKind.CODE


def _token(text: str, start: int, end: int, kind: TokenKind) -> Token:
    piece = text[start:end]
    words = folding.words(piece)
    return Token(piece, start, end, kind, "".join(words) if kind is not TokenKind.NUMBER else piece)


def split_off(token: Token, letters: int) -> tuple[Token, Token]:
    """A word as two: its first letters, and the rest."""
    cut = token.start + letters
    head = replace(token, text=token.text[:letters], end=cut, word=token.text[:letters])
    rest = token.text[letters:]
    return head, replace(token, text=rest, start=cut, word="".join(folding.words(rest)))
