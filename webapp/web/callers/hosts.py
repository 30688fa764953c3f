"""The host that a request names: the desk answers to its own names, so that no stranger's site can pose as it.

A site whose name points to this machine (DNS rebinding) would otherwise be the desk for a browser of our network, and
read its pages. What programs call with their own secret takes any name: a browser has no such secret.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from flask import Flask, Response, request

from common import clock, i18n
from common.i18n import N_, gettext
from common.languages import LANGUAGES
from common.settings.hosts import name_of
from webapp.web import access
from webapp.web.context import desk

log = logging.getLogger(__name__)
BAD_REQUEST, MISDIRECTED = 400, 421  # RFC 9110, 7.2 and 15.5.20
LOG_EVERY = timedelta(minutes=1)
WORDS = (
    N_("This is not the address of this desk, so nothing is shown here. Open the desk by its own address."),
    N_("If you run the desk: set PUBLIC_URL to the address that people type, or add this name to TRUSTED_HOSTS."),
)


class RefusalLog:
    """One line a minute, however many requests are refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quiet_until: datetime | None = None
        self._untold = 0

    def add(self, name: str | None) -> None:
        with self._lock:
            now = clock.utcnow()
            if self._quiet_until is not None and now < self._quiet_until:
                self._untold += 1
                return
            untold, self._untold, self._quiet_until = self._untold, 0, now + LOG_EVERY
        log.warning(
            "Refused a request to %s: none of the desk's names (%d more since the last line); see TRUSTED_HOSTS",
            f"the host {name}" if name else "a host that cannot be read",
            untold,
        )


def install(app: Flask) -> None:
    """Refuse requests to other hosts; call it before all else that is done before a request."""
    refusals = RefusalLog()

    @app.before_request
    def check_host() -> Response | None:
        if request.endpoint is not None and access.is_exempt():
            return None
        name = name_of(request.headers.get("Host", ""))
        if name is not None and desk().settings.own_hosts.hold(name):
            return None
        refusals.add(name)
        return _refusal(BAD_REQUEST if name is None else MISDIRECTED)


def _refusal(code: int) -> Response:
    """A page in all languages: nothing of the reader is looked up."""
    return Response("\n".join(_words_in(language) for language in LANGUAGES), code, mimetype="text/plain")


def _words_in(language: str) -> str:
    with i18n.use_language(language):
        return "".join(f"{gettext(words)}\n" for words in WORDS)
