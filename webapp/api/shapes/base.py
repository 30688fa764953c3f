"""The base of the models of requests and answers."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from common.i18n import N_
from common.languages import LANGUAGES
from common.text.numbers import MAX_ID, MAX_VERSION
from webapp.api import schema_errors
from webapp.api.schema_errors import UnfitValue

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Moment = AwareDatetime
RowVersion = Annotated[int, Field(ge=1, le=MAX_VERSION, description="The row's version as you read it.")]
NO_NUL = r"^[^\x00]*$"  # databases and pages cannot keep a NUL


def string(most: int, least: int = 0) -> StringConstraints:
    """A string of a body or a query, of limited length, without NUL."""
    return StringConstraints(min_length=least, max_length=most, pattern=NO_NUL)


DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _check_day(given: object) -> object:
    is_day = isinstance(given, date) or (isinstance(given, str) and DAY.fullmatch(given))
    if not is_day:
        raise UnfitValue(schema_errors.DAY)
    return given


Day = Annotated[date, Field(strict=False), BeforeValidator(_check_day)]


class RequestModel(BaseModel):
    """A request's body: unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class QueryModel(BaseModel):
    """A request's query."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ResponseModel(BaseModel):
    """An answer's body. Later versions add fields: clients ignore unknown ones."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class PageQuery(QueryModel):
    """A list comes a page at a time."""

    cursor: Annotated[
        str | None, Field(default=None, max_length=400, description="The `next_cursor` of the previous page.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=100, description="The maximum number of items.")] = 50


Names = Annotated[
    dict[str, str],
    Field(description="The text in each language.", examples=[{"ru": "Фильтр", "he": "מסנן", "en": "Filter"}]),
]


def check_language(code: str) -> str:
    """The language that a client names. Raises: UnfitValue."""
    _check_languages({code: ""})
    return code


def _check_languages(names: dict[str, str]) -> dict[str, str]:
    if set(names) - set(LANGUAGES):
        raise UnfitValue(N_("The languages are: %(languages)s."), languages=", ".join(LANGUAGES))
    return names


Translations = Annotated[
    dict[str, Annotated[str, string(200)]],
    AfterValidator(_check_languages),
    Field(
        description="A name for each language that has one.",
        json_schema_extra={"propertyNames": {"enum": list(LANGUAGES)}},
    ),
]
