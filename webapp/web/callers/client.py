"""The client of a request: its network, and what the proxies in between said of it."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, request
from werkzeug.http import parse_list_header
from werkzeug.middleware.proxy_fix import ProxyFix

from common.throttling.networks import network_of


def install(app: Flask, trusted_proxies: int) -> None:
    """Believe so many proxies: each of them has added the address that it saw to the end of `X-Forwarded-For`."""
    if trusted_proxies:
        cast(Any, app).wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=0, x_host=0)


def network() -> str:
    """The client's network, as the throttle counts it."""
    return network_of(request.remote_addr or "")


def hops() -> int:
    """How many addresses proxies, or the client itself, have named in front of the connection's own."""
    named = request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded") or ""
    return len(parse_list_header(named))
