"""Numbers in addresses and forms: the ids of rows in routes (`<id:order_id>`), and fields that hold a number."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from common.errors import InvalidInput
from common.text.numbers import MAX_ID, MAX_VERSION, parse_number


class IdConverter(IntegerConverter):
    """An id of a row. What no row can have leads nowhere: the database is not asked for it."""

    def __init__(self, routes: Map) -> None:
        super().__init__(routes, max=MAX_ID)


def install(app: Flask) -> None:
    """Before routes are added: they name the converter."""
    app.url_map.converters["id"] = IdConverter


def requested_number(name: str) -> int | None:
    """The number in a field of the address or the form; None if there is none."""
    return parse_number(request.values.get(name, ""))


def version_seen() -> int:
    """The version of the row that the reader saw when they filled in the form. Raises: InvalidInput."""
    version = parse_number(request.form.get("version", ""), MAX_VERSION)
    if version is None:
        raise InvalidInput("form")
    return version
