"""Numbers in addresses and forms: the ids of rows in routes (`<id:order_id>`), and fields that hold a number."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from common.errors import InvalidInput
from common.text.numbers import MAX_ID, MAX_VERSION, parse_number


class IdConverter(IntegerConverter):
    """An id of a row. A number that no row can have is 404 without a query."""

    def __init__(self, routes: Map) -> None:
        super().__init__(routes, max=MAX_ID)


def install(app: Flask) -> None:
    """Register the converter; call it before routes are added, because they name it."""
    app.url_map.converters["id"] = IdConverter


def requested_number(name: str) -> int | None:
    """The number in a field of the address or the form; None if the field holds no number."""
    return parse_number(request.values.get(name, ""))


def version_seen() -> int:
    """The version of the row that the reader saw when they filled in the form. Raises: InvalidInput."""
    version = parse_number(request.form.get("version", ""), MAX_VERSION)
    if version is None:
        raise InvalidInput("form")
    return version
