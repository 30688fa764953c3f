"""A request that lost a race is carried out again.

A view looks whether a name, a code or a key is taken, and inserts its row if it is not. On PostgreSQL two requests can
look at the same moment; the later one's insert then violates the unique constraint, and its transaction has changed
nothing. Carried out again it finds the other's row and answers as if it had come a moment later.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask import Flask, request
from flask.typing import ResponseReturnValue, RouteCallable
from sqlalchemy.exc import IntegrityError

from common.database.engine import is_unique_violation

MOST_REPEATS = 4  # in each round of several that race, one wins


def install(app: Flask) -> None:
    """Repeat every view that lost a race. Call it when all routes are registered."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _repeating(app.ensure_sync(view))


def _repeating(view: Callable[..., ResponseReturnValue]) -> RouteCallable:
    @functools.wraps(view)
    def repeating(**arguments: object) -> ResponseReturnValue:
        for _ in range(MOST_REPEATS):
            try:
                return view(**arguments)
            except IntegrityError as error:
                if not is_unique_violation(error):
                    raise
            for _, file in request.files.items(multi=True):  # a field may hold several
                file.stream.seek(0)
        return view(**arguments)

    return repeating
