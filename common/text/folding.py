"""Folding: ignores case, ё or е, niqqud, final letters, look-alikes, endings, sounds and keyboard layouts.

The rules are rough on purpose. The stored and the typed text go through the same rules, so the results need not be
correct in a language, only equal. Pure functions of text.
"""

from __future__ import annotations

import re
import unicodedata

from common.languages import TABLE

MAX_TEXT = 200  # longer than any typed name of a part
MAX_WORDS = 12
ALPHABETS = 0x3000  # code points below this are of alphabets
FINALS = str.maketrans("ךםןףץ", "כמנפצ")
QUOTES = "'\"`´‘’“”„׳״ʼ"  # within a word: צ'ק, מע״מ
LOOK_ALIKES = ("авекмнорстухіѕјԁһ", "abekmhopctyxisjdh")
TO_LATIN = str.maketrans(*LOOK_ALIKES)
TO_CYRILLIC = str.maketrans(LOOK_ALIKES[1][:12], LOOK_ALIKES[0][:12])
_WORD = re.compile(r"[^\W_]+")
_IS_LATIN, _IS_CYRILLIC = re.compile("[a-z]"), re.compile("[а-я]")
# The longest ending first; at least three letters (two in Hebrew) remain.
_ENDINGS = re.compile(
    r"(?<=[а-я]{3})(?:ками|ыми|ими|ами|ями|ого|его|ому|ему|кои|ках|кам|ая|яя|ое|ее|ые|ие|ыи|ии|ои|еи|ых|их|ую|юю|ым|им"
    r"|ом|ем|ах|ях|ов|ев|ам|ям|ок|ек|ки|ка|ку|ке|а|я|о|е|у|ю|ы|и|ь)$"
    r"|(?<=[א-ת]{3})(?:יות|ות|ימ|ית|ת|ה|י)$"
    r"|(?<=[a-z]{3})(?:ies|es|s|e|y)$"
)
_PREFIX = re.compile(r"[הבלומשכ](?=[א-ת]{3})")  # Hebrew: the, in, to, and, from, that, like
_SOUNDS = str.maketrans(
    "оеяыэбвгджзщъь" + "טקעחס" + "eiouycqzw",
    "аииии" + "пфктшсш\0\0" + "תכאכש" + "aaaaakksv",
)
_RUNS = re.compile(r"(.)\1+")


class _Bare(dict[int, int | None]):
    """What is left of a sign, for `str.translate`: nothing of a mark. Those of alphabets are kept, to be fast."""

    def __missing__(self, code: int) -> int | None:
        is_mark = chr(code) in QUOTES or unicodedata.category(chr(code)) in ("Mn", "Cf")
        left = None if is_mark else FINALS.get(code, code)
        if code < ALPHABETS:
            self[code] = left
        return left


_bare = _Bare()


def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded: small letters without marks, one script a word, `h 7` as `h7`."""
    bare = unicodedata.normalize("NFKD", text[:MAX_TEXT]).casefold().translate(_bare)
    found = _WORD.findall(bare.replace("וו", "ו").replace("יי", "י"))
    return tuple(_join_codes([_one_script(word) for word in found[:MAX_WORDS]]))


def _one_script(word: str) -> str:
    """Replaces look-alikes of another script: a code becomes Latin, a word takes the script of most of its letters."""
    if word.isascii():
        return word
    if not word.isalpha():
        return word.translate(TO_LATIN)
    latin = len(_IS_LATIN.findall(word))
    cyrillic = len(_IS_CYRILLIC.findall(word)) if latin else 0
    if not cyrillic:
        return word
    return word.translate(TO_CYRILLIC) if cyrillic >= latin else word.translate(TO_LATIN)


def _join_codes(found: list[str]) -> list[str]:
    """Joins a single letter and the number after it into one code."""
    joined: list[str] = []
    for word in found:
        if joined and len(word) <= 2 and word.isdecimal() and len(joined[-1]) == 1 and joined[-1].isalpha():
            joined[-1] = _one_script(joined[-1] + word)
        else:
            joined.append(word)
    return joined


def stem(word: str) -> str:
    """A folded word without its ending."""
    return _ENDINGS.sub("", word)


def forms(word: str) -> tuple[str, ...]:
    """A folded word; if it is Hebrew, also without the letter that may be a prefix."""
    bare = _PREFIX.sub("", word, count=1) if _PREFIX.match(word) else word
    return (word,) if bare == word else (word, bare)


def sound(word: str) -> str:
    """A folded word by its sound: unstressed vowels, hard and soft consonants and letters that sound alike are one."""
    heard = word.replace("ph", "f").replace("ck", "k").translate(_SOUNDS).replace("\0", "")
    heard = _RUNS.sub(r"\1", heard)
    return heard.removesuffix("a") if len(heard) > 3 else heard  # the silent end of `brake`


KEYS = {language.code: language.keyboard for language in TABLE if language.keyboard}
_LAYOUTS = [str.maketrans(KEYS[a], KEYS[b]) for a in KEYS for b in KEYS if a != b]


def other_layouts(text: str) -> list[str]:
    """The text that the same keys type in the other keyboard layouts: `rjkjlrb` is `колодки`."""
    typed = text[:MAX_TEXT].casefold()
    return list(dict.fromkeys(other for table in _LAYOUTS if (other := typed.translate(table)) != typed))
