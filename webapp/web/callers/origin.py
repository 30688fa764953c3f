"""Protection from cross-site request forgery: the browser must say that an unsafe request comes from our own pages.

Browsers send `Sec-Fetch-Site` to https and localhost, and `Origin` with every POST (Fetch, "Origin header"). A request
with neither comes from no page. It is refused too, because it would use the cookie.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, abort, request

from webapp.web.access import is_exempt
from webapp.web.context import desk

ORIGIN = "origin"  # the error page explains this reason
PORTS = {"http": 80, "https": 443}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(incoming: Request, public_url: str | None) -> bool:
    """Whether the browser says that this request comes from our own pages.

    A page of PUBLIC_URL's host must have its scheme and port, too; under another host, those of the request.
    """
    site = incoming.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    ours, own = _origin(public_url or ""), _origin(f"{incoming.scheme}://{incoming.host}")
    expected = {ours} if ours and own and ours[1] == own[1] else {ours, own}
    return _origin(incoming.headers.get("Origin", "")) in expected - {None}


def _origin(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, the usual port filled in (RFC 6454, 4); None for anything else."""
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname and parts.username is None else None


def check_origin() -> None:
    """Refuse a request of another site; called before each request."""
    if request.method in SAFE_METHODS or is_exempt():
        return
    if not is_same_origin(request, desk().settings.public_url):
        abort(403, ORIGIN)
