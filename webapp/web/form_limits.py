"""Limits of requests: no field may hold a NUL, which databases and pages cannot keep; and the size is limited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from common.permissions import may
from webapp.web import access
from webapp.web.context import maybe_reader

View = TypeVar("View", bound=Callable[..., Any])
MAX_FORM = 64 * 1024  # of a request without its file
# How much of a request the server reads before the desk refuses it: browsers send all of it before they look at an
# answer. docs/how-to/one-small-server.md tells proxies to let as much through.
MOST_TAKEN = 64 * 1024 * 1024
UPLOAD = "felix_largest_request"


def accepts_upload(largest: int) -> Callable[[View], View]:
    """Mark a route that takes a file of so many bytes from permitted readers; others have the limit of any form."""

    def mark(view: View) -> View:
        setattr(view, UPLOAD, largest + MAX_FORM)
        return view

    return mark


def largest(app: Flask) -> int:
    """The size of the largest request that any route takes, in bytes."""
    return max(_largest_request(view) for view in app.view_functions.values())


def _largest_request(view: object) -> int:
    size: int = getattr(view, UPLOAD, MAX_FORM)
    return size


def check_limits() -> None:
    """Set the request's size limit and refuse NULs; called before each request."""
    if access.is_exempt():
        return
    who, mark = maybe_reader(), access.requested_access()
    if who is not None and mark is not None and mark.action is not None and may(who.role, mark.action):
        request.max_content_length = _largest_request(current_app.view_functions.get(request.endpoint or ""))
    values = [value for fields in (request.args, request.form) for _name, value in fields.items(multi=True)]
    if any("\0" in value for value in values):
        abort(400)
