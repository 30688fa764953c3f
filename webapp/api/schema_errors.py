"""Errors of requests that do not fit their schema: a text for each place, in the client's language."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from common.i18n import N_, gettext

DAY, MOMENT = N_("A day is written 2026-11-25."), N_("A moment is written 2026-11-25T08:12:30Z.")
LEAST, MOST = N_("It must be %(least)s or more."), N_("It must be %(most)s or less.")
NUMBER, TEXT, YES_OR_NO = N_("It must be a whole number."), N_("It must be a text."), N_("It must be true or false.")
LIST, OBJECT = N_("It must be a list."), N_("It must be an object.")
CHOICE = N_("It must be one of these: %(expected)s.")
ANYTHING_ELSE = N_("It does not fit the schema.")
# By pydantic's error type, which is also the `code` that the client gets.
TEXTS: dict[str, str] = {
    "missing": N_("It is missing."),
    "extra_forbidden": N_("There is no field of that name."),
    "string_type": TEXT,
    "string_unicode": N_("It holds a character that cannot be stored."),
    "string_pattern_mismatch": N_("It holds a character that is not allowed, or has another form."),
    "string_too_short": N_("It has fewer than %(least)s characters."),
    "string_too_long": N_("It has more than %(most)s characters."),
    "too_short": N_("It has fewer than %(least)s entries."),
    "too_long": N_("It has more than %(most)s entries."),
    "int_type": NUMBER,
    "int_parsing": NUMBER,
    "int_parsing_size": NUMBER,
    "int_from_float": NUMBER,
    "greater_than_equal": LEAST,
    "less_than_equal": MOST,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "list_type": LIST,
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT,
}
LIMITS = {"ge": "least", "le": "most", "min_length": "least", "max_length": "most"}  # pydantic's names for our places


class UnfitValue(ValueError):
    """One of our validators refuses a value: `text` is a template of the catalogues, `arguments` fill its places."""

    def __init__(self, text: str, **arguments: object) -> None:
        super().__init__(text)
        self.text = text
        self.arguments = arguments


def detail_of(error: ErrorDetails) -> str:
    """The error at one place, as text."""
    context: Mapping[str, object] = error.get("ctx", {})
    refused = context.get("error")
    if isinstance(refused, UnfitValue):
        return gettext(refused.text) % refused.arguments
    places = {LIMITS.get(name, name): value for name, value in context.items()}
    if "expected" in places:
        places["expected"] = str(places["expected"]).replace(" or ", ", ")
    return gettext(TEXTS.get(error["type"], ANYTHING_ELSE)) % places


def malformed_detail(error: ValueError | RecursionError) -> str:
    """Why a body is not valid JSON."""
    if isinstance(error, UnfitValue):
        return gettext(error.text) % error.arguments
    if isinstance(error, json.JSONDecodeError):
        place = {"line": error.lineno, "column": error.colno}
        return gettext("The JSON is broken at line %(line)s, column %(column)s.") % place
    if isinstance(error, UnicodeDecodeError):
        return gettext("The body is not UTF-8.")
    return gettext("The JSON is nested too deep, or holds a number with too many digits.")
