"""What the typed words of a search say: the thing, more about the thing, where it is, or how much of it. No I/O."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.text import folding


class WordRole(enum.Enum):
    """What a word of a search is for, the most important first."""

    THING = 1  # names the thing: the last word in English, the first one in other languages
    WORD = 2  # says which one
    PLACE = 3  # front, left, upper: says where; many things are there
    AMOUNT = 4  # a short number, a unit or a size: a help where it is in a name, and no harm where it is not


@dataclass(frozen=True)
class QueryWord:
    text: str
    role: WordRole


def _folded(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for each in text.split() for word in folding.words(each))


# Words without information about the part.
NOISE = _folded(
    "да нет нужен нужна нужно нужны надо дай дайте пожалуйста есть мне хочу закажи и",
    "привет спасибо ок как дела это ещё тоже туда же",
    "need want please the a an and of some give me hello hi thanks ok",
    "צריך צריכה רוצה תביא בבקשה של את אני שלום תודה",
)
# The text after these words only qualifies the thing: `трубка от …` is a pipe.
PREPOSITIONS = frozenset(
    re.findall(r"\w+", "на для от к ко с со из под в без for from to with without on עבור בשביל עם בלי מ ל")
)
# Stems of words for places.
PLACES = frozenset(
    re.findall(
        r"\w+",
        "перед передн спереди вперед пер зад задн сзади назад лев слев прав справ верхн сверх нижн сниз внутренн внутр"
        " наружн внешн внутрен"
        " front fr rear rr back left lh right rh upper top lower bottom inner inside outer outside"
        " קדמ קדימ מקדימ אחור אחורנ שמאל ימינ ימ עליונ תחתונ פנימ חיצונ",
    )
)
# Stems of words for units and numbers: they say how much is wanted, or how large it is.
AMOUNTS = frozenset(
    folding.stem(word)
    for word in _folded(
        "шт штук штуки комплект комплекта компл набор pcs set sets kit kits סט סטים ערכה ערכת קיט",
        "л литр литра литров мл м метр метра метров см мм г гр грамм кг кило пара пары пар упаковка банка канистра",
        "ампер вольт ватт бар дюйм дюймов градусов зубьев контакта контактов",
        "пол половина один одна два две три четыре пять шесть семь восемь девять десять десяток двадцать полтора",
        "l lt ltr litre litres liter liters ml m metre metres meter meters cm mm g kg pc piece pieces pair pairs",
        "inch inches amp amps volt watt half one two three four five six seven eight nine ten dozen",
        "ליטר ליטרים מטר מטרים ס״מ מ״מ גרם קילו יחידה יחידות יח חתיכות זוג אמפר וולט ואט אינץ חצי",
        "אחד אחת שניים שתיים שני שתי שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שמונה תשע עשר עשרה",
    )
)
# What is written on to a number, folded as it is there: `4л`, `10а`, `70ah`.
_WRITTEN_ON = re.findall(
    r"\S+",
    "л l мл ml м m см cm мм mm кг kg г g шт pcs а a ач ah в v вт w т t х x ליטר ל׳ ל מ׳ מ מ״מ ס״מ א אמפר יח",
)
_UNITS = frozenset(folding.words(f"1{unit}")[0][1:] for unit in _WRITTEN_ON)
_NUMBER = re.compile(r"x?\d{1,3}(\D*)|\d+x\d+")
_VISCOSITY = re.compile(r"(\d{1,2})[wb](\d{2})")
_VISCOSITY_BEGINS = re.compile(r"\d{1,2}[wb]")
BRAKE_FLUID = {"дот": "dot", "דוט": "dot", "dot": "dot"}  # the class of a brake fluid is written in any script


def words(text: str) -> tuple[str, ...]:
    """The folded words of a name or a search; codes are written one way: `DOT 4`, `дот4` and `dot4` are the same."""
    found: list[str] = []
    for word in folding.words(text):
        if found and word.isdecimal() and _joins(found[-1], word):
            found[-1] = _code(found[-1] + word)
        else:
            found.append(_code(word))
    return tuple(found)


def _joins(before: str, number: str) -> bool:
    """Whether a number is the end of a code: `dot 4`, `5w-30`."""
    is_viscosity = len(number) == 2 and _VISCOSITY_BEGINS.fullmatch(before) is not None
    return is_viscosity or (before in BRAKE_FLUID and len(number) == 1)


def _code(word: str) -> str:
    """A code in its usual script; any other word as it is."""
    viscosity = _VISCOSITY.fullmatch(word)
    if viscosity:
        return f"{viscosity[1]}w{viscosity[2]}"
    begins = word.rstrip("0123456789")
    return BRAKE_FLUID[begins] + word[len(begins) :] if begins in BRAKE_FLUID and begins != word else word


def read(typed: Sequence[str]) -> list[QueryWord]:
    """The words with information, each with its role. The thing is named before a preposition."""
    after = next((at for at, word in enumerate(typed) if word in PREPOSITIONS and at), len(typed))
    said = [(at, word) for at, word in enumerate(typed) if word not in NOISE and word not in PREPOSITIONS]
    names = [word for at, word in said if _role(word) is WordRole.WORD and at < after and word.isalpha()]
    thing = names[-1 if names[-1].isascii() else 0] if names else ""
    return [QueryWord(word, WordRole.THING if word == thing else _role(word)) for _, word in said]


def _role(word: str) -> WordRole:
    stem = folding.stem(word)
    if stem in PLACES or word in PLACES:
        return WordRole.PLACE
    return WordRole.AMOUNT if stem in AMOUNTS or len(word) == 1 or _is_measure(word) else WordRole.WORD


def _is_measure(word: str) -> bool:
    number = _NUMBER.fullmatch(word)
    return number is not None and (number[1] or "") in _UNITS | {""}
