"""Addresses around a sign-in: the desk's own, and the page to return to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request

from webapp.web.context import desk

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
LOCAL_PATH = re.compile(r"/(?![/\\])[\w\-./?=&%+~:,]{0,500}", re.ASCII)


def local_path(target: str) -> str:
    """The target if it is a path of this desk, else the board: no open redirects."""
    return target if LOCAL_PATH.fullmatch(target) and not urlsplit(target).netloc else "/"


def desk_url() -> str:
    """The base of links: PUBLIC_URL; on a loopback address, that address. Empty: no address that can be trusted.

    A stranger's request may name any host, and a link to it would lead to the stranger's site.
    """
    own = request.url_root if urlsplit(request.url_root).hostname in LOOPBACK_HOSTS else ""
    return desk().settings.public_url or own
