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
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(incoming: Request, public_url: str | None) -> bool:
    """Whether the browser says that this request comes from our own pages."""
    site = incoming.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # scheme://host and nothing behind it (RFC 6454, 6.2). Not parsed as an address: an invalid one would raise.
    host = incoming.headers.get("Origin", "").partition("://")[2]
    return host in {incoming.host, urlsplit(public_url or "").netloc} - {""}


def check_origin() -> None:
    """Refuse a request of another site; called before each request."""
    if request.method in SAFE_METHODS or is_exempt():
        return
    if not is_same_origin(request, desk().settings.public_url):
        abort(403, ORIGIN)
