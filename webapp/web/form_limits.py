"""What no field of ours may hold: databases and pages cannot keep a NUL. And how much a request may send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from common.permissions import may
from webapp.web import access
from webapp.web.context import maybe_reader

View = TypeVar("View", bound=Callable[..., Any])
MAX_FORM = 64 * 1024  # of a request, or of what stands around its file
# Of a refused request, what we still read. docs/how-to/one-small-server.md tells proxies to let as much through.
MOST_TAKEN = 64 * 1024 * 1024
CHUNK = 64 * 1024
UPLOAD = "felix_largest_request"


def accepts_upload(largest: int) -> Callable[[View], View]:
    """Mark a route that takes a file of so many bytes, from those who may; from others what any form may send."""

    def mark(view: View) -> View:
        setattr(view, UPLOAD, largest + MAX_FORM)
        return view

    return mark


def largest(app: Flask) -> int:
    """Bytes of the largest request that any route takes."""
    return max(_largest_request(view) for view in app.view_functions.values())


def _largest_request(view: object) -> int:
    size: int = getattr(view, UPLOAD, MAX_FORM)
    return size


def check_limits() -> None:
    """Before each request."""
    if access.is_exempt():
        return
    who, mark = maybe_reader(), access.requested_access()
    if who is not None and mark is not None and mark.action is not None and may(who.role, mark.action):
        request.max_content_length = _largest_request(current_app.view_functions.get(request.endpoint or ""))
    values = [value for fields in (request.args, request.form) for _name, value in fields.items(multi=True)]
    if any("\0" in value for value in values):
        abort(400)


def take_rest() -> None:
    """Read and drop what the client still sends of a request that is refused.

    Browsers and proxies send a request whole before they look at the answer. gunicorn takes 64 KiB of what we leave,
    and then resets the connection: they would show an error of their own instead of our page.
    """
    if not request.environ.get("wsgi.input_terminated"):
        return  # a server that does not end the body at its length: a read would wait for ever
    taken = 0
    while taken < MOST_TAKEN and (piece := request.environ["wsgi.input"].read(CHUNK)):
        taken += len(piece)
