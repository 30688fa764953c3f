"""Limits of requests: no field may hold a NUL, which databases and pages cannot keep; and the size is limited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.datastructures import MultiDict

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
    """Set the request's size limit and refuse NULs; called before each request.

    Who is not signed in is sent to the login by `sessions.guard`, so a form for readers is not read and may be large.
    """
    if access.is_exempt():
        return
    _refuse_nuls(request.args)
    who, action = maybe_reader(), access.requested_action()
    if action is not None and who is None:
        return
    if action is not None and who is not None and may(who.role, action):
        request.max_content_length = _largest_request(current_app.view_functions.get(request.endpoint or ""))
    _refuse_nuls(request.form)


def _refuse_nuls(fields: MultiDict[str, str]) -> None:
    if any("\0" in value for _name, value in fields.items(multi=True)):
        abort(400)
