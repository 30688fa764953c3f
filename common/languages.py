"""The languages of bot and desk: one row each. What a new one needs besides its row is its catalogue of texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language.

    `name` and `question` are in the language itself. `letters` are those that no other language here has, as in a
    regular expression; empty where it is written in Latin ones. `keyboard` is what the keys of KEYBOARD give in its
    layout; empty where it is the same. `locale` is the CLDR locale of its days, numbers and plurals, if it is not the
    code. `separator` is what a spreadsheet set up for the language expects between the cells of a CSV file.
    """

    code: str
    name: str
    question: str
    letters: str = ""
    keyboard: str = ""
    is_rtl: bool = False
    locale: str = ""
    separator: str = ","


KEYBOARD = "qwertyuiop[]asdfghjkl;'zxcvbnm,./"
TABLE = (
    Language("ru", "Русский", "Выбери язык", "а-яё", "йцукенгшщзхъфывапролджэячсмитьбю.", separator=";"),
    Language("he", "עברית", "בחירת שפה", "א-ת", "/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ.", is_rtl=True),
    Language("en", "English", "Choose your language", keyboard=KEYBOARD),
)
LANGUAGES = tuple(language.code for language in TABLE)
NAMES = {language.code: language.name for language in TABLE}
RTL = frozenset(language.code for language in TABLE if language.is_rtl)
LOCALES = {language.code: language.locale or language.code for language in TABLE}
SEPARATORS = {language.code: language.separator for language in TABLE}
