"""Passwords that are refused: the commonest ones, names that everybody knows, repeats and sequences.

`common.txt` holds the 5,000 commonest passwords and the common ones of 10 characters or more, in lower case. It is made
of the list of @zxcvbn-ts/language-common 4.1.3 (MIT, © 2021 zxcvbn-ts, © 2012-2016 Dan Wheeler and Dropbox, Inc.).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LEAST_CORE = 4  # characters of a name or a word that count
SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common.txt").read_text(encoding="ascii").split())


def is_guessable(password: str, names: Iterable[str] = ()) -> bool:
    """Whether guessers try it early. `names`: what everybody knows, such as the user name and the station's name."""
    plain = password.casefold()
    core = _core(plain)
    if plain in _common() or core in _common() or _is_monotonous(plain):
        return True
    return any(_is_made_of(plain, name) for name in names)


def _core(plain: str) -> str:
    """The word in it, without the digits and signs around it, once if it is repeated: `password2024!`, `abcdabcd`."""
    core = plain.strip("".join(c for c in plain if not c.isalpha()))
    half = len(core) // 2
    return core[:half] if half and core[:half] == core[half:] else core


def _is_made_of(plain: str, name: str) -> bool:
    """Whether nothing but a few signs is left of it without the name."""
    letters = re.sub(r"[\W_]", "", name.casefold())
    rest = re.sub(r"[\W_]", "", plain).replace(letters, "")
    return len(letters) >= LEAST_CORE and letters in re.sub(r"[\W_]", "", plain) and len(rest) <= LEAST_CORE


def _is_monotonous(plain: str) -> bool:
    """A few characters over and over, or keys in a row."""
    return len(set(plain)) <= 3 or any(_runs(plain, row) or _runs(plain, row[::-1]) for row in SEQUENCES)


def _runs(plain: str, row: str) -> bool:
    return plain in row * 3
