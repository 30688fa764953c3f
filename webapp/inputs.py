"""What no field of ours may hold: databases and pages cannot keep a NUL. And how much a request may send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, request

from common.permissions import Action, may
from webapp.desk import maybe_reader
from webapp.sessions import is_exempt, needed

View = TypeVar("View", bound=Callable[..., Any])
_uploads: dict[object, int] = {}


def upload(most: int) -> Callable[[View], View]:
    """Mark a route that takes a file: so many bytes, from those who may use it; from others what any form may send."""

    def mark(view: View) -> View:
        _uploads[view] = most
        return view

    return mark


def check() -> None:
    """Before each request."""
    if is_exempt():
        return
    view, who = current_app.view_functions.get(request.endpoint or ""), maybe_reader()
    if view in _uploads and who is not None and may(who.role, needed(view) or Action.DESK_SEE):
        request.max_content_length = _uploads[view]
    values = [value for fields in (request.args, request.form) for _name, value in fields.items(multi=True)]
    if any("\0" in value for value in values):
        abort(400)
