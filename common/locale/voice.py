"""How bot and desk speak in each language: one name for each thing, and the forms of address that are not used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message


@dataclass(frozen=True)
class NamedThing:
    """A thing with its name in each language, and beginnings of words that are not used for it."""

    ru: str
    he: str
    en: str
    not_ru: tuple[str, ...] = ()
    not_he: tuple[str, ...] = ()
    not_en: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return {"ru": self.ru, "he": self.he, "en": self.en}.get(language, "")

    def banned(self, language: str) -> tuple[str, ...]:
        return {"ru": self.not_ru, "he": self.not_he, "en": self.not_en}.get(language, ())


TERMS = (
    NamedThing("заказ", "הזמנה", "order", not_ru=("заявк",)),
    NamedThing("список (не отправлен)", "רשימה", "list (not sent)", not_ru=("черновик",), not_en=("draft",)),
    NamedThing("позиция", "שורה", "line", not_ru=("пункт",)),
    NamedThing("запчасть", "חלק", "part", not_ru=("детал",)),
    NamedThing("карточка", "כרטיס", "card"),
    NamedThing("уведомление", "התראה", "notification"),
    NamedThing("склад", "מחסן", "desk", not_ru=("стойк", "прилав"), not_he=("דלפק",), not_en=("counter", "storeroom")),
    NamedThing("сайт склада", "אתר המחסן", "desk (its web pages)"),
    NamedThing("кладовщик", "מחסנאי", "storekeeper"),
    NamedThing("механик", "מכונאי", "mechanic"),
    NamedThing("выдать", "מסירה", "hand out", not_en=("issue",)),
    NamedThing("код получения", "קוד לאיסוף", "pickup code"),
    NamedThing("замена", "תחליף", "substitute", not_he=("החלפה",)),
    NamedThing("качество", "סוג", "quality", not_en=("grade",)),
    NamedThing("машина", "רכב", "car", not_ru=("авто",), not_en=("vehicle",)),
    NamedThing("номер", "מספר רכב", "plate", not_ru=("госномер",)),
    NamedThing("изменить", "שינוי", "edit", not_ru=("сменить",)),
    NamedThing("присадка", "תוסף לדלק", "additive", not_he=("תוספים",)),
    NamedThing("доступ", "הצטרפות", "access", not_ru=("впуск", "впуст", "попроситься", "просится", "просятся")),
    NamedThing("ссылка", "קישור", "invitation link", not_he=("קישור הזמנה",)),
    NamedThing("меню", "תפריט", "menu", not_ru=("в начало",), not_he=("להתחלה",)),
)

ADDRESS = {  # a reader is addressed with «ты» in Russian, in Hebrew in the plural
    "ru": r"\b(?:вы|вас|вам|вами|ваш\w*)\b|\b\w{2,}(?:ай|яй|уй|ей|ои|и|ь)те(?:сь)?\b|\bнажмите\b|\w+л\(а\)",
    "he": r"(?<![א-ת])(?:אתה|לסרב|בחר|כתוב|שלח|הקלד|המשך את|בדוק|הזן|נסה|פנה|הוסף|תוציא|תבוא|תשלח|תכתוב|היכנס|צא|ובחר)"
    r"(?![א-ת])",
}
PLACE = re.compile(r"%\(\w+\)s")
SPOKEN = (  # texts in which such a word means something else
    "Auto",
    "It was the wrong part",
    "its sender sent too many files within a day",
)


def problems(language: str, catalogue: Catalog) -> Iterator[str]:
    """One sentence for each text that names a thing by another word, or addresses its reader in another form."""
    forbidden = [(word, _pattern(word, language)) for entry in TERMS for word in entry.banned(language)]
    if language in ADDRESS:
        forbidden.append(("its form of address", re.compile(ADDRESS[language], re.IGNORECASE)))
    for message in catalogue:
        text = PLACE.sub("", "\n".join(_texts(message)))
        source = message.id if isinstance(message.id, str) else message.id[0]
        for word, pattern in forbidden:
            if pattern.search(text) and source not in SPOKEN:
                yield f"{language}: {word}: {source!r}"


def _pattern(word: str, language: str) -> re.Pattern[str]:
    before = r"(?<!\w)[ובהלמש]{0,2}" if language == "he" else r"\b"
    after = r"(?:s|d)?\b" if language == "en" else r"\b" if word == "авто" else ""
    return re.compile(before + re.escape(word) + after, re.IGNORECASE)


def _texts(message: Message) -> list[str]:
    """The texts that people read: the translation, and the source where it is not translated."""
    if not message.id:
        return []
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return translated if any(translated) else sources
