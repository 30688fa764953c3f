"""A catalogue of any number of parts from one seed: names as a supplier's price list has them, in three languages."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from importlib.resources import files

from sqlalchemy import insert
from sqlalchemy.orm import Session

from common.catalogue.search_index import IndexEntry
from common.database.models import Category, Part

SEED = 5
SYLLABLES = {
    "ru": ("ка", "ро", "ли", "ме", "тон", "вар", "ши", "бу", "сен", "до", "гра", "пи"),
    "he": ("קא", "רו", "לי", "מה", "טון", "ור", "שי", "בו", "סן", "דו", "גרא", "פי"),
    "en": ("ka", "ro", "li", "me", "ton", "var", "shi", "bu", "sen", "do", "gra", "pi"),
}


def entries(parts: int, seed: int = SEED) -> list[IndexEntry]:
    """Each part is one of the default catalogue with a word that only it has: its maker's or model's name."""
    chance = random.Random(seed)
    return [
        IndexEntry(number, _named(names, chance), tuple(synonyms), category)
        for number, (names, synonyms, category) in zip(range(1, parts + 1), _repeated(), strict=False)
    ]


def store(session: Session, parts: int) -> None:
    """Put so many parts into a station, as a category of its own."""
    category = Category(code="large", icon="", names={"en": "Large"}, position=100)
    session.add(category)
    session.flush()
    session.execute(insert(Part), [_row(entry, category.id) for entry in entries(parts)])


def _row(entry: IndexEntry, category_id: int) -> dict[str, object]:
    return {
        "category_id": category_id,
        "code": f"large{entry.part_id}",
        "names": dict(entry.names),
        "synonyms": list(entry.synonyms),
        "flags": [],
        "position": entry.part_id,
    }


def _named(names: dict[str, str], chance: random.Random) -> dict[str, str]:
    return {language: f"{name} {word(language, chance)}" for language, name in names.items()}


def word(language: str, chance: random.Random, syllables: int = 4) -> str:
    """A word that sounds like one."""
    return "".join(chance.choices(SYLLABLES[language], k=syllables))


def _repeated() -> Iterator[tuple[dict[str, str], list[str], tuple[str, ...]]]:
    text = files("common.catalogue").joinpath("catalogue.csv").read_text("utf-8")
    rows = [*csv.DictReader(text.splitlines())]
    while True:
        for row in rows:
            names = {language: row[f"part_{language}"] for language in SYLLABLES}
            category = tuple(row[f"category_{language}"] for language in SYLLABLES)
            yield names, row["synonyms"].split("|") if row["synonyms"] else [], category


def worst_messages() -> dict[str, list[str]]:
    """Messages of twenty lines and more, each made to cost something else."""
    chance = random.Random(1)

    def lines(*words: str) -> list[str]:
        return [" ".join(chance.sample(words, min(12, len(words)))) + f" {n}" for n in range(50)]

    invented = {language: [word(language, chance, 2 + n % 4) for n in range(200)] for language in SYLLABLES}
    return {
        "nobody's words": lines(*invented["ru"]),
        "nobody's words, Latin": lines(*invented["en"]),
        "nobody's words, Hebrew with prefixes": lines(*("ה" + word for word in invented["he"])),
        "the commonest words": lines(
            *["передние", "задние", "тормозные", "левый", "фильтр", "масло", "колодки", "диски", "датчик", "ремень"]
        ),
        "two letters": lines(*["пе", "то", "ко", "фи", "ма", "ди", "ре", "ам", "св", "ба", "ла", "за"]),
        "three letters": lines(*["тор", "мас", "пер", "зад", "фил", "кол", "рем", "дат", "про", "рыч", "под", "амо"]),
        "one letter": lines(*"птфмдрасбл"),
        "long words": ["".join(chance.choices("абвгдежзиклмн", k=200)) for _ in range(50)],
        "another layout": lines(*["rjkjlrb", "gthtlybt", "nhjvtpf", "vfckj", "abkmnh", "lfnxbr", "htvtym"]),
    }
