"""The guard before everything the emulator serves: this machine's programs and the emulator's own page, nobody else.

A page that a developer visits can send requests to this machine, under our own name too (DNS rebinding). Programs send
neither Origin nor Sec-Fetch-Site; browsers send one of them with whatever is not a link that somebody follows.
"""

import ipaddress
from urllib.parse import urlsplit

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.api.answers import refusal
from sandbox.errors import forbidden
from sandbox.telegram.world import World

_OWN_SITE = ("none", "same-origin")
_API = ("/bot", "/file/")
_OPEN_TO_LINKS = ("/t.me/", "/static/", "/favicon.ico")  # and the page itself: they show, and change nothing


def guard_of(world: World) -> Middleware:
    """The middleware for an application of this world."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        sentence = _why_refused(request, world.options.exposed)
        return await handler(request) if sentence is None else _refused(request, sentence)

    return guard


def _why_refused(request: web.Request, exposed: bool) -> str | None:
    host = _host_of(f"//{request.host}")
    if not exposed and not is_loopback(host):
        return "this host name is not mine"
    if request.path == "/" or request.path.startswith(_OPEN_TO_LINKS):
        return None
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "none") in _OWN_SITE and origin in (None, f"http://{request.host}"):
        return None
    return "requests of other sites are refused"


def _refused(request: web.Request, sentence: str) -> web.Response:
    if request.path.startswith(_API):
        return refusal(forbidden(sentence)).response()
    body = msgspec.json.encode({"error": sentence})
    return web.Response(status=403, body=body, content_type="application/json")


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return "" if parts.username is not None else (parts.hostname or "").removesuffix(".")


def is_loopback(host: str) -> bool:
    """Whether the name or the literal address is this machine's own, whoever resolves it (RFC 6761, 6.3)."""
    address = address_of(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The literal address, an IPv4-mapped one as IPv4; None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
