"""What no field of ours may hold: databases and pages cannot keep a NUL."""

from __future__ import annotations

from flask import abort, request

from webapp.sessions import is_exempt


def check() -> None:
    """Before each request."""
    if is_exempt():
        return
    values = [value for fields in (request.args, request.form) for _name, value in fields.items(multi=True)]
    if any("\0" in value for value in values):
        abort(400)
