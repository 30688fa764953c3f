"""The words of bot and desk in the three languages."""

from __future__ import annotations

from common.locale.voice import TERMS
from docs.markdown import table


def chat_words() -> str:
    rows = ((t.ru, t.he, t.en, ", ".join((*t.not_ru, *t.not_he, *t.not_en))) for t in TERMS)
    return table(("Russian", "Hebrew", "English", "Not"), rows)
