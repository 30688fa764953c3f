"""What a typed text answers a question with. A question with buttons takes only what looks like its answer."""

from __future__ import annotations

import re

from common.talk.questions import ACCEPT, REFUSE, SUBSTITUTE

MOST_WORDS = 10  # of an answer that begins with yes or no
WORDS_OF_A_SIDE = 4
_WORD = re.compile(r"[^\W_]+|👍|👎")
YES = frozenset(
    [
        "да",
        "ага",
        "угу",
        "конечно",
        "ок",
        "окей",
        "давай",
        "давайте",
        "бери",
        "берите",
        "беру",
        "подойдёт",
        "подойдет",
        "пойдёт",
        "пойдет",
        "хорошо",
        "👍",
        "כן",
        "בטח",
        "סבבה",
        "אוקיי",
        "מתאים",
        "בסדר",
        "תביא",
        "yes",
        "yep",
        "yeah",
        "ok",
        "okay",
        "sure",
        "fine",
    ]
)
NO = frozenset(["нет", "неа", "не", "дорого", "👎", "לא", "יקר", "no", "nope", "not"])
SIDES = ("лев", "слева", "прав", "справа", "оба", "обе", "שמאל", "ימין", "ימני", "שני", "left", "right", "both")


def fitting_answer(kind: str, text: str) -> str | None:
    """The answer to record; None if the text does not look like an answer to a question of this kind."""
    words = _WORD.findall(text.casefold())
    if kind == "side":
        return text if _says_a_side(words) else None
    if kind == "free":
        return text
    given = _yes_or_no(words)
    if kind == SUBSTITUTE:
        return {True: ACCEPT, False: REFUSE}[given] if given is not None else None
    return text if given is not None else None


def _says_a_side(words: list[str]) -> bool:
    return len(words) <= WORDS_OF_A_SIDE and any(word.startswith(SIDES) for word in words)


def _yes_or_no(words: list[str]) -> bool | None:
    if not words or len(words) > MOST_WORDS:
        return None
    if words[0] in NO:
        return False
    return True if words[0] in YES else None
