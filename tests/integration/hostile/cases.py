"""Requests that differ from what a route wants, and the cases that every page, form or program has."""

from __future__ import annotations

from dataclasses import dataclass, field

from common.messaging.inbox import MAX_BODY
from tests.stations.station import WEBHOOK_SECRET

FORM = "application/x-www-form-urlencoded"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
AUTHENTIC = {SECRET: WEBHOOK_SECRET}
LARGE = b"a=" + b"x" * (64 * 1024)
HUGE = b"x" * (MAX_BODY + 1)


@dataclass(frozen=True)
class Case:
    """A request that differs from what a route wants; the route's method and path unless it says otherwise."""

    about: str
    status: int
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    path: str = ""
    verb: str = ""
    signed_in: bool = False
    own: bool = False  # from a page of this desk


def signed(about: str, status: int, path: str = "", body: bytes | None = None) -> Case:
    """A manager does it, on a page of the desk."""
    return Case(about, status, body, {"Content-Type": FORM}, path, signed_in=True, own=True)


WRONG_METHOD = Case("another method", 405, verb="PATCH")
PAGE = (
    Case("nobody is signed in", 303),
    Case("a session of nobody", 303, headers={"Cookie": "desk=" + "x" * 43}),
    Case("a session that is no session", 303, headers={"Cookie": "desk=\t;;=;desk"}),
    signed("a NUL in the query", 400, path="?q=%00"),
    WRONG_METHOD,
)
NOT_OURS = (
    Case("from nowhere", 403, b"", {"Content-Type": FORM}),
    Case("from a foreign page", 403, b"", {"Content-Type": FORM, "Origin": "https://evil.example"}),
    Case("from a foreign page, says the browser", 403, b"", {"Sec-Fetch-Site": "cross-site"}),
)
OPEN_FORM = (
    *NOT_OURS,
    Case("too large", 413, LARGE, {"Content-Type": FORM}, own=True),
    Case("a NUL in a field", 400, b"a=%00", {"Content-Type": FORM}, own=True),
    WRONG_METHOD,
)
CLOSED_FORM = (
    *NOT_OURS,
    Case("nobody is signed in", 303, b"", {"Content-Type": FORM}, own=True),
    Case("nobody is signed in, and it is large", 303, LARGE, {"Content-Type": FORM}, own=True),
    Case("nobody is signed in, and a NUL in a field", 303, b"a=%00", {"Content-Type": FORM}, own=True),
    signed("a NUL in a field", 400, body=b"a=%00"),
    WRONG_METHOD,
)
NO_SUCH = (signed("none with this number", 404, "/orders/999999"), signed("no number", 404, "/orders/one"))
PROGRAM = (WRONG_METHOD, Case("a body with a GET", 200, b"{}"))
CLOSED_PROGRAM = (
    Case("no token", 401),
    Case("a wrong token", 401, headers={"Authorization": "Bearer wrong"}),
    Case("another scheme", 401, headers={"Authorization": "Basic eDp5"}),
    WRONG_METHOD,
)
WEBHOOK = (
    Case("no secret", 401, b'{"update_id":1}'),
    Case("a wrong secret", 401, b'{"update_id":1}', {SECRET: "wrong"}),
    Case("a secret in other letters", 401, b'{"update_id":1}', {SECRET: "\xfc\xef"}),
    Case("too large and not authentic", 401, HUGE),
    Case("too large", 413, HUGE, AUTHENTIC),
    Case("not JSON", 200, b"\xff\xfe{", AUTHENTIC),
    Case("nothing", 200, b"", AUTHENTIC),
    Case("nested too deep", 200, b"[" * 100_000, AUTHENTIC),
    Case("no object", 200, b"[1]", AUTHENTIC),
    Case("no number", 200, b'{"message":{}}', AUTHENTIC),
    Case("a number that is too large", 200, b'{"update_id":1e99}', AUTHENTIC),
    WRONG_METHOD,
    Case("asked as a page", 405, verb="GET"),
)
API = (
    Case("no token", 401),
    Case("a wrong token", 401, headers={"Authorization": "Bearer fh_" + "x" * 43}),
    Case("another scheme", 401, headers={"Authorization": "Basic eDp5"}),
    signed("a session of the desk", 401),
    Case("another method", 405, verb="PUT"),
)
