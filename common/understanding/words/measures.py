"""Numbers with a measure as one token: 14 mm, 10A, 24 inch. They say which part, never how many."""

from __future__ import annotations

from collections.abc import Sequence

from common.understanding.words.lexicon import lexicon
from common.understanding.words.tokens import Token, TokenKind


def join_measures(text: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens, each number with its measure as one, and a dictated viscosity: пять в тридцать.

    A single letter is a measure only if written to the number.
    """
    out: list[Token] = []
    for token in tokens:
        if len(out) >= 2 and _is_spoken_viscosity(out[-2], out[-1], token):
            first, _ = out.pop(-2), out.pop()
            out.append(
                Token(
                    text[first.start : token.end], first.start, token.end, TokenKind.VISCOSITY, _viscosity(first, token)
                )
            )
        elif out and _is_measure(out[-1], token):
            number = out.pop()
            out.append(
                Token(text[number.start : token.end], number.start, token.end, TokenKind.SIZE, number.text + token.word)
            )
        else:
            out.append(token)
    return out


def _is_measure(number: Token, word: Token) -> bool:
    if number.kind not in (TokenKind.NUMBER, TokenKind.SIZE) or word.kind is not TokenKind.WORD:
        return False
    groups = {entry.group for entry in lexicon().of((word.word,))}
    if "measures" not in groups or ("units" in groups and number.kind is TokenKind.NUMBER):
        return False
    return number.end == word.start if len(word.word) == 1 or word.word == "in" else word.start - number.end <= 1


def _is_spoken_viscosity(first: Token, between: Token, second: Token) -> bool:
    grades = _number(first) in range(21) and _number(second) in range(16, 61)
    return (
        between.word in ("в", "w", "на") and first.kind is TokenKind.WORD and second.kind is TokenKind.WORD and grades
    )


def _number(token: Token) -> int:
    """The number that a word says; -1 for any other word."""
    said = (
        entry.value for entry in lexicon().of((token.word,)) if entry.group == "numbers" and entry.value.isdecimal()
    )
    return next((int(value) for value in said), -1)


def _viscosity(first: Token, second: Token) -> str:
    return f"{_number(first)}w{_number(second)}"
