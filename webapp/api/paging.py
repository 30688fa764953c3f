"""Paging by cursor: a signed position that is bound to the list's filters. Rows added meanwhile do not shift pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from common.i18n import gettext
from common.signing import digest
from webapp.web.context import desk
from webapp.wording.problems import Problem


def decode_cursor(cursor: str | None) -> list[Any] | None:
    """The sort key of the last row seen. Raises: Problem `invalid`: the cursor is forged, or of another list."""
    if cursor is None:
        return None
    try:
        of_list, key = _serializer().loads(cursor)
    except (BadSignature, ValueError, TypeError):
        of_list, key = "", None
    if of_list != _list_digest():
        error = {
            "in": "query",
            "at": "/cursor",
            "code": "cursor",
            "detail": gettext("This cursor belongs to another list, or to none."),
        }
        raise Problem("invalid", members={"errors": [error]})
    return list(key)


def encode_cursor(key: Sequence[Any] | None) -> str | None:
    """The cursor of the page after this sort key; None at the end."""
    return str(_serializer().dumps([_list_digest(), list(key)])) if key is not None else None


def _list_digest() -> str:
    """A digest of the request's filters, without cursor and page size."""
    asked = sorted((name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "limit"))
    return digest(f"{request.path}\n{asked}")[:16]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(desk().settings.secret_key, salt="api cursor")
