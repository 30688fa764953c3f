"""Malformed, oversized, unauthenticated, unknown: every address of both processes answers as the design says.

The table is compared with the routes of both programs, so that a new route is listed here or fails.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from common import signing
from common.database.models import InboxRow, InboxState
from common.messaging.inbox import MAX_BODY
from docs.tables.routes import daemon_routes, web_routes
from sandbox.testing import running
from tests.acceptance.desk import Desk
from tests.acceptance.fixtures import ENGINE, KNOWN
from tests.integration.crowd import hire_many, orders_in_work
from tests.stations.station import DOORBELL_SECRET, WEBHOOK_SECRET, Station, request, station
from tests.support.cast import AVI, PASSWORD, hire
from tests.support.waiting import eventually

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
OPEN_FORM = (
    Case("from nowhere", 403, b"", {"Content-Type": FORM}),
    Case("from a foreign page", 403, b"", {"Content-Type": FORM, "Origin": "https://evil.example"}),
    Case("from a foreign page, says the browser", 403, b"", {"Sec-Fetch-Site": "cross-site"}),
    Case("too large", 413, LARGE, {"Content-Type": FORM}, own=True),
    Case("a NUL in a field", 400, b"a=%00", {"Content-Type": FORM}, own=True),
    WRONG_METHOD,
)
CLOSED_FORM = (*OPEN_FORM, Case("nobody is signed in", 303, b"", {"Content-Type": FORM}, own=True))
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
WEB: dict[str, tuple[Case, ...]] = {
    "GET /": PAGE,
    "GET /account": PAGE,
    "GET /board/columns": PAGE,
    "GET /board/new": PAGE,
    "GET /desk/style": (Case("nobody is signed in", 303), signed("outside the demo", 404), WRONG_METHOD),
    "GET /system": PAGE,
    "GET /audit": (*PAGE, signed("a page that is none", 200, "?before=x&about=y")),
    "GET /catalogue": (
        *PAGE,
        signed("a category that is none", 200, "?category=x&lacks=xx&show=y"),
        signed("far away", 200, "?after=" + "9" * 40),
    ),
    "GET /catalogue/parts/new": PAGE,
    "POST /catalogue/parts": (*CLOSED_FORM, signed("no name", 400, body=b"name_ru=+&category=1")),
    "GET /catalogue/parts/<part_id>": (*PAGE, signed("none with this number", 404, "/catalogue/parts/999999")),
    "POST /catalogue/parts/<part_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name_ru=x&category=1"),
        signed("a stale version", 409, body=b"name_ru=x&category=1&version=7"),
        signed("none with this number", 404, "/catalogue/parts/999999", b"name_ru=x&category=1&version=1"),
    ),
    "POST /catalogue/parts/<part_id>/archive": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/parts/999999/archive"),
    ),
    "POST /catalogue/parts/<part_id>/restore": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/parts/999999/restore"),
    ),
    "POST /catalogue/parts/<part_id>/place": (*CLOSED_FORM, signed("before nothing", 400, body=b"before=999999")),
    "GET /catalogue/parts/<part_id>/merge": (
        *PAGE,
        signed("into itself", 400, "/catalogue/parts/1/merge?into=1"),
        signed("into none", 404, "/catalogue/parts/1/merge?into=999999"),
    ),
    "POST /catalogue/parts/<part_id>/merge": (
        *CLOSED_FORM,
        signed("into nothing", 400, body=b""),
        signed("a stale version", 409, body=b"into=2&version=7&into_version=7"),
    ),
    "GET /catalogue/lines/<line_id>": (*PAGE, signed("no such line", 404, "/catalogue/lines/999999")),
    "POST /catalogue/lines/<line_id>": (
        *CLOSED_FORM,
        signed("no category", 400, body=b"name_ru=x"),
        signed("no such line", 404, "/catalogue/lines/999999", b"name_ru=x&category=1"),
    ),
    "POST /catalogue/lines/<line_id>/link": (
        *CLOSED_FORM,
        signed("to no part", 404, body=b"part=999999"),
        signed("no such line", 404, "/catalogue/lines/999999/link", b"part=1"),
    ),
    "GET /catalogue/export.csv": PAGE,
    "GET /catalogue/export.xlsx": PAGE,
    "GET /catalogue/import": PAGE,
    "POST /catalogue/import": (*CLOSED_FORM, signed("no file", 400, body=b"")),
    "GET /catalogue/import/<import_id>": (*PAGE, signed("no such", 404, "/catalogue/import/999999")),
    "POST /catalogue/import/<import_id>": (*CLOSED_FORM, signed("no such", 404, "/catalogue/import/999999")),
    "GET /catalogue/import/<import_id>/bad.csv": (*PAGE, signed("no such", 404, "/catalogue/import/999999/bad.csv")),
    "GET /catalogue/categories": PAGE,
    "POST /catalogue/categories": (*CLOSED_FORM, signed("no name", 400, body=b"name_ru=+")),
    "GET /catalogue/categories/<category_id>": (*PAGE, signed("no such", 404, "/catalogue/categories/999999")),
    "POST /catalogue/categories/<category_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name_ru=x"),
        signed("a stale version", 409, body=b"name_ru=x&version=7"),
    ),
    "POST /catalogue/categories/<category_id>/archive": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/categories/999999/archive"),
    ),
    "POST /catalogue/categories/<category_id>/restore": (
        *CLOSED_FORM,
        signed("no such", 404, "/catalogue/categories/999999/restore"),
    ),
    "POST /catalogue/categories/<category_id>/place": (
        *CLOSED_FORM,
        signed("before nothing", 400, body=b"before=999999"),
    ),
    "GET /people": (
        *PAGE,
        signed("a page that is none", 200, "?after=-1"),
        signed("far away", 200, "?after=" + "9" * 40),
    ),
    "GET /orders": (
        *PAGE,
        signed("a state that is none", 200, "?state=lost"),
        signed("a page that is none", 200, "?before=x"),
        signed("a number that is too large", 200, "?q=" + "9" * 60),
        signed("not UTF-8", 200, "?q=%ff%fe"),
        signed("days that are none", 200, "?from=0000-99-99&to=yesterday"),
        signed("no such view", 404, "?view=999999"),
        signed("a view that is none", 404, "?view=x"),
    ),
    "GET /orders/export.csv": (*PAGE, signed("no such view", 404, "/orders/export.csv?view=999999")),
    "GET /orders/export.xlsx": (*PAGE, signed("days that are none", 200, "/orders/export.xlsx?from=x&to=y")),
    "GET /views": (*PAGE, signed("a page that is none", 200, "?after=x")),
    "GET /orders/<order_id>": (*PAGE, *NO_SUCH, signed("a number that is too large", 404, "/orders/" + "9" * 30)),
    "GET /orders/<order_id>/live": (*PAGE, signed("none with this number", 404, "/orders/999999/live")),
    "GET /events": (Case("nobody is signed in", 401), WRONG_METHOD),
    "GET /login": (Case("to another site", 200, path="?next=https://evil.example"), WRONG_METHOD),
    "POST /login": (
        *OPEN_FORM,
        Case("nothing filled in", 401, b"", {"Content-Type": FORM}, own=True),
        Case("a wrong password", 401, b"username=avi&password=guess", {"Content-Type": FORM}, own=True),
        Case("not a form", 401, b'{"username":', {"Content-Type": "application/json"}, own=True),
        Case("not UTF-8", 401, b"username=%ff%fe&password=%ff", {"Content-Type": FORM}, own=True),
    ),
    "POST /login/link": (
        *OPEN_FORM,
        Case("a name of nobody", 200, b"username=nobody", {"Content-Type": FORM}, own=True),
    ),
    "GET /login/link/<code>": (Case("a link of nobody", 410), WRONG_METHOD),
    "POST /login/link/<code>": (*OPEN_FORM, Case("a link of nobody", 410, b"", {"Content-Type": FORM}, own=True)),
    "POST /logout": (*OPEN_FORM, Case("nobody is signed in", 303, b"", {"Content-Type": FORM}, own=True)),
    "POST /account/language": (*OPEN_FORM, Case("a language we do not speak", 400, b"language=xx", own=True)),
    "POST /account/keys": (*CLOSED_FORM, signed("neither on nor off", 400, body=b"single_keys=perhaps")),
    "POST /account/theme": (*OPEN_FORM, Case("a theme there is not", 400, b"theme=pink", own=True)),
    "POST /account/sign-out-everywhere": CLOSED_FORM,
    "POST /orders/<order_id>/moves": (
        *CLOSED_FORM,
        signed("no move", 400, body=b""),
        signed("a move there is not", 400, body=b"move=fly&version=2"),
        signed("a version that is none", 400, body=b"move=ready&version=two"),
        signed("a stale version", 409, body=b"move=ready&version=1"),
        signed("a move not allowed from here", 409, body=b"move=take&version=2"),
        signed("no reason", 400, body=b"move=wait&version=2&reason=++"),
        signed("a day that is none", 400, body=b"move=wait&version=2&reason=x&expected_on=soon"),
        signed("no such order", 404, "/orders/999999/moves", b"move=ready&version=2"),
    ),
    "POST /orders/<order_id>/look": (
        *CLOSED_FORM,
        signed("no such order", 404, "/orders/999999/look", b""),
        signed("an order that is there", 204, "/orders/1/look", b"gone=1"),
    ),
    "POST /orders/<order_id>/undo": (
        *CLOSED_FORM,
        signed("a version that is none", 400, body=b"version=two"),
        signed("a stale version", 409, body=b"version=1"),
        signed("a move of somebody else", 409, body=b"version=2"),
        signed("no such order", 404, "/orders/999999/undo", b"version=2"),
    ),
    "POST /orders/<order_id>/lines/<line_id>": (
        *CLOSED_FORM,
        signed("no state", 400, body=b"version=2"),
        signed("a state there is not", 400, body=b"version=2&state=lost"),
        signed("a day that is over", 400, body=b"version=2&state=ordered&expected_on=2020-01-01"),
        signed("a stale version", 409, body=b"version=1&state=here"),
        signed("no such line", 404, "/orders/1/lines/999999", b"version=2&state=here"),
    ),
    "POST /orders/<order_id>/lines/<line_id>/substitute": (
        *CLOSED_FORM,
        signed("no words", 400, body=b"version=2&substitute=+"),
        signed("a stale version", 409, body=b"version=1&substitute=x"),
        signed("no such line", 404, "/orders/1/lines/999999/substitute", b"version=2&substitute=x"),
    ),
    "POST /orders/<order_id>/questions": (
        *CLOSED_FORM,
        signed("no question", 400, body=b"version=2&kind=side"),
        signed("a kind there is not", 400, body=b"version=2&kind=riddle&question=x"),
        signed("a stale version", 409, body=b"version=1&kind=side&question=x"),
        signed("no such order", 404, "/orders/999999/questions", b"version=2&kind=side&question=x"),
    ),
    "POST /orders/<order_id>/messages": (
        *CLOSED_FORM,
        signed("no key", 400, body=b"text=x"),
        signed("no words", 400, body=b"key=kkkkkkkkkkkk&text="),
        signed("no such order", 404, "/orders/999999/messages", b"key=kkkkkkkkkkkk&text=x"),
    ),
    "POST /orders/<order_id>/replies": (
        *CLOSED_FORM,
        signed("no reply of this name", 400, body=b"reply=zzz"),
        signed("no such order", 404, "/orders/999999/replies", b"reply=eta"),
    ),
    "GET /replies": (*PAGE, signed("a page that is none", 200, "?after=" + "z" * 400)),
    "POST /replies": (
        *CLOSED_FORM,
        signed("nothing filled in", 400, body=b""),
        signed("a place that nothing fills", 400, body=b"shortcut=x&text_en=%7Bprice%7D"),
        signed("a preview of nothing", 400, body=b"do=preview&shortcut=x"),
    ),
    "GET /replies/<reply_id>": (*PAGE, signed("none with this number", 404, "/replies/999999")),
    "POST /replies/<reply_id>": (
        *CLOSED_FORM,
        signed("none with this number", 404, "/replies/999999", b"shortcut=x&text_en=x&version=1"),
    ),
    "POST /replies/<reply_id>/archive": (
        *CLOSED_FORM,
        signed("none with this number", 404, "/replies/999999/archive", b""),
    ),
    "POST /replies/<reply_id>/restore": (
        *CLOSED_FORM,
        signed("none with this number", 404, "/replies/999999/restore", b""),
    ),
    "GET /orders/new": PAGE,
    "GET /orders/new/people": PAGE,
    "GET /orders/new/parts": PAGE,
    "POST /orders/new": (
        *CLOSED_FORM,
        signed("nothing filled in", 200, body=b""),
        signed("no key", 400, body=b"do=place"),
        signed("nobody chosen", 400, body=b"do=place&key=kkkkkkkkkkkk"),
        signed("a button there is not", 200, body=b"do=explode:99999999999999999999"),
    ),
    "POST /orders/<order_id>/owner": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"owner="),
        signed("nobody of this number", 400, body=b"version=2&owner=999999"),
        signed("no number", 400, body=b"version=2&owner=me"),
        signed("a stale version", 409, body=b"version=1&owner="),
        signed("no such order", 404, "/orders/999999/owner", b"version=2&owner="),
    ),
    "POST /orders/<order_id>/notes": (
        *CLOSED_FORM,
        signed("no key", 400, body=b"note=x"),
        signed("no words", 400, body=b"key=kkkkkkkkkkkk&note="),
        signed("no such order", 404, "/orders/999999/notes", b"key=kkkkkkkkkkkk&note=x"),
    ),
    "POST /orders/<order_id>/notes/<note_id>/strike": (
        *CLOSED_FORM,
        signed("no such note", 404, "/orders/1/notes/999999/strike", b""),
    ),
    "POST /orders/<order_id>/requests/<request_id>": (
        *CLOSED_FORM,
        signed("no decision", 400, body=b"version=2"),
        signed("no such request", 404, "/orders/1/requests/999999", b"version=2&decision=accept"),
    ),
    "GET /orders/<order_id>/slip": (
        *PAGE,
        signed("none with this number", 404, "/orders/999999/slip"),
        signed("a paper that is none", 200, "?width=banner&language=xx&key=%ff"),
    ),
    "GET /slips": (
        Case("nobody is signed in", 303),
        signed("no order", 400),
        signed("no numbers", 400, "?orders=1,x"),
        signed("a number that is too large", 404, "?orders=999999999999999"),
        signed("too many", 400, "?orders=" + ",".join(map(str, range(1, 60)))),
        WRONG_METHOD,
    ),
    "POST /slips": (
        *CLOSED_FORM,
        signed("no order", 400, body=b"key=kkkkkkkkkkkk"),
        signed("no key", 400, body=b"orders=1"),
        signed("none with this number", 404, body=b"orders=999999&key=kkkkkkkkkkkk"),
    ),
    "POST /slips/choose": (
        *CLOSED_FORM,
        signed("nothing is ticked", 400, body=b""),
        signed("what is no order", 400, body=b"pick=x:1"),
    ),
    "POST /slips/failed": (*CLOSED_FORM, signed("no key", 400, body=b"orders=1")),
    "GET /media/<media_id>": (*PAGE, signed("none with this number", 404, "/media/999999")),
    "GET /media/<media_id>/thumbnail": (*PAGE, signed("none with this number", 404, "/media/999999/thumbnail")),
    "GET /welcome/<code>": (Case("an invitation of nobody", 410), WRONG_METHOD),
    "POST /welcome/<code>": (
        *OPEN_FORM,
        Case("an invitation of nobody", 410, b"username=x&password=seven+grey+pigeons", own=True),
    ),
    "POST /account/telegram": CLOSED_FORM,
    "POST /account/telegram/unlink": CLOSED_FORM,
    "GET /people/roles": PAGE,
    "GET /people/<person_id>": (*PAGE, signed("nobody", 404, "/people/999999")),
    "POST /people/<person_id>": (
        *CLOSED_FORM,
        signed("no version", 400, body=b"name=x&language=ru"),
        signed("a stale version", 409, body=b"name=x&language=ru&version=999"),
        signed("nobody", 404, "/people/999999", b"name=x&language=ru&version=1"),
    ),
    "POST /people/<person_id>/role": (
        *CLOSED_FORM,
        signed("a role there is not", 400, body=b"role=king&version=1"),
        signed("a stale version", 409, body=b"role=storekeeper&version=999"),
        signed("nobody", 404, "/people/999999/role", b"role=storekeeper&version=1"),
    ),
    "POST /people/<person_id>/sign-out": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/sign-out")),
    "POST /people/<person_id>/desk-link": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/desk-link")),
    "POST /account/browsers": (*CLOSED_FORM, signed("a browser of nobody", 303, body=b"browser=x")),
    "POST /account/password": (*CLOSED_FORM, signed("a wrong password", 400, body=b"present=guess&password=y")),
    "POST /people/<person_id>/invitations": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/invitations")),
    "POST /people/requests/<request_id>": (
        *CLOSED_FORM,
        signed("no decision", 400, body=b""),
        signed("nobody asked", 404, "/people/requests/999999", b"decision=let_in"),
    ),
    "POST /messages/<row_id>/resend": (*CLOSED_FORM, signed("no such message", 404, "/messages/999999/resend")),
    "POST /messages/<row_id>/arrived": (*CLOSED_FORM, signed("no such message", 404, "/messages/999999/arrived")),
    "POST /people/<person_id>/archive": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/archive")),
    "POST /people/<person_id>/restore": (*CLOSED_FORM, signed("nobody", 404, "/people/999999/restore")),
    "POST /orders/moves": (
        *CLOSED_FORM,
        signed("nothing ticked", 400, body=b"move=take"),
        signed("no such move", 400, body=b"move=fly&pick=1:1"),
        signed("no order", 400, body=b"move=take&pick=one:two"),
        signed("too many", 400, body=b"move=take" + b"".join(b"&pick=%d:1" % n for n in range(101))),
        signed("none with this number", 200, body=b"move=take&pick=999999:1"),
    ),
    "POST /views": (
        *CLOSED_FORM,
        signed("no name", 400, body=b"name=+&q=oil"),
        signed("a name too long", 400, body=b"q=oil&name=" + b"x" * 61),
        signed("a view of everything", 400, body=b"name=all"),
    ),
    "POST /views/<view_id>": (
        *CLOSED_FORM,
        signed("no such view", 404, "/views/999999", b"version=1&name=x"),
        signed("no version", 400, "/views/999999", b"name=x"),
    ),
    "POST /views/<view_id>/archive": (*CLOSED_FORM, signed("none", 404, "/views/999999/archive", b"version=1")),
    "POST /views/<view_id>/restore": (*CLOSED_FORM, signed("none", 404, "/views/999999/restore", b"version=1")),
    "POST /people/invitations": (
        *CLOSED_FORM,
        signed("no name", 400, body=b"name=+&language=ru"),
        signed("a language we do not speak", 400, body=b"name=Lev&language=xx"),
    ),
    "POST /people/invitations/<invitation_id>/revoke": (
        *CLOSED_FORM,
        signed("no such invitation", 404, "/people/invitations/999999/revoke"),
    ),
    "GET /static/scripts/<digest>/<name>": (
        Case("no such script", 404, path="/static/scripts/0/nothing.js"),
        Case("out of the directory", 404, path="/static/scripts/0/../../app.py"),
        Case("out of it in disguise", 404, path="/static/scripts/0/%2e%2e%2fdesk.css"),
        WRONG_METHOD,
    ),
    "GET /static/<filename>": (
        Case("no such file", 404, path="/static/nothing.js"),
        Case("out of the directory", 404, path="/static/../app.py"),
        Case("out of it in disguise", 404, path="/static/%2e%2e/app.py"),
        WRONG_METHOD,
    ),
    "GET /health/live": PROGRAM,
    "GET /health/ready": PROGRAM,
    "GET /health/system": PROGRAM,
    "GET /metrics": CLOSED_PROGRAM,
    "POST /telegram/webhook": WEBHOOK,
    **{name: API for name, who, _ in web_routes() if who.startswith("a token")},
    "GET /api/docs": (Case("nobody is signed in", 200), Case("another method", 405, verb="PUT")),
    "GET /api/v1/openapi.json": (Case("a body with a GET", 200, b"{}"), Case("another method", 405, verb="PUT")),
}


def ring(secret: str, seconds_ago: int = 0, body: bytes = b"") -> dict[str, str]:
    stamp = int(time.time()) - seconds_ago
    return {"X-Felix-Timestamp": str(stamp), "X-Felix-Signature": signing.sign_ring(secret, stamp, body)}


DAEMON: dict[str, tuple[Case, ...]] = {
    "GET /health/live": PROGRAM,
    "GET /health/ready": PROGRAM,
    "GET /metrics": CLOSED_PROGRAM,
    "POST /telegram/webhook": WEBHOOK,
    "POST /doorbell": (
        Case("not signed", 401),
        Case("signed by somebody else", 401, headers=ring("bell_Z9x8C7v6B5n4M3l2K1j0H9g8")),
        Case("signed an hour ago", 401, headers=ring(DOORBELL_SECRET, 3600)),
        Case("signed for another body", 401, b"!", ring(DOORBELL_SECRET)),
        Case("a time that is none", 401, headers={"X-Felix-Timestamp": "noon", "X-Felix-Signature": "x"}),
        Case("too large", 413, b"x" * 5000, ring(DOORBELL_SECRET)),
        WRONG_METHOD,
    ),
}
BROKEN = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no such version": b"POST /telegram/webhook HTTP/9.9\r\nHost: x\r\n\r\n",
    "two lengths": b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
    "a length that is none": b"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """One running station with an order in work, for all tests here."""
    directory: Path = tmp_path_factory.mktemp("requests")
    with (
        running(time_scale=ENGINE, args=KNOWN) as box,
        station(directory, f"sqlite:///{directory / 'felix.sqlite3'}", box) as opened,
    ):
        opened.open()
        orders_in_work(opened, hire_many(opened, 1))
        opened.wait_settled()
        yield opened


@pytest.fixture(scope="module")
def manager(here: Station) -> Desk:
    hire(here.database, AVI, password=PASSWORD)
    desk = Desk(here.web_port)
    desk.sign_in(AVI)
    return desk


def ask(port: int, route: str, case: Case, desk: Desk | None = None) -> tuple[int, bytes]:
    verb, _, path = route.partition(" ")
    path = path.replace("<filename>", "desk.css")
    path = re.sub("<[a-z_]+>", "1", path)
    path = path + case.path if case.path.startswith("?") else case.path or path
    headers = {"Origin": f"http://127.0.0.1:{port}"} if case.own else {}
    if case.signed_in and desk is not None:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    return request(case.verb or verb, port, path, case.body, {**headers, **case.headers})


def test_every_route_of_the_desk_is_in_the_table() -> None:
    assert set(WEB) == {name for name, _, _ in web_routes()}


def test_every_route_of_the_daemon_is_in_the_table() -> None:
    assert set(DAEMON) == {name for name, _ in daemon_routes()}


@pytest.mark.parametrize("route", WEB)
def test_the_desk_answers_each_request_as_designed(here: Station, manager: Desk, route: str) -> None:
    assert_as_designed(here.web_port, route, WEB[route], manager)


@pytest.mark.parametrize("route", DAEMON)
def test_the_daemon_answers_each_request_as_designed(here: Station, route: str) -> None:
    port = here.doorbell_port if route.endswith("/doorbell") else here.daemon_port
    assert_as_designed(port, route, DAEMON[route])


def assert_as_designed(port: int, route: str, cases: tuple[Case, ...], desk: Desk | None = None) -> None:
    answers = {case.about: (case.status, *ask(port, route, case, desk)) for case in cases}
    assert {about: got for about, (_, got, _) in answers.items()} == {
        about: want for about, (want, _, _) in answers.items()
    }
    assert not [about for about, (_, _, body) in answers.items() if b"Traceback" in body]


@pytest.mark.parametrize("path", ["/nothing", "/telegram", "/telegram/webhook/", "/doorbell", "/%00", "/" + "x" * 3000])
def test_there_is_nothing_at_any_other_address(here: Station, path: str) -> None:
    for port in (here.web_port, here.daemon_port):
        assert request("POST", port, path, b"{}", AUTHENTIC)[0] == 404


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_not_http_is_refused_and_the_process_goes_on(here: Station, broken: str) -> None:
    for port in (here.web_port, here.daemon_port, here.doorbell_port):
        said = raw(port, BROKEN[broken])
        assert said[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 431", b"HTTP/1.1 505"), said[:80]
        assert b"Traceback" not in said
    assert all(process.get("/health/live")[0] == 200 for process in here.started)


def raw(port: int, sent: bytes) -> bytes:
    """What comes back for these bytes, until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while piece := _received(connection):
            said += piece
        return said


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def test_an_update_too_large_without_a_length_is_refused_at_both_ports(here: Station) -> None:
    for port in (here.web_port, here.daemon_port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        pieces = (b"x" * 65536 for _ in range(MAX_BODY // 65536 + 2))
        try:
            connection.request("POST", "/telegram/webhook", pieces, AUTHENTIC, encode_chunked=True)
            assert connection.getresponse().status == 413
        except (BrokenPipeError, ConnectionResetError):
            pass  # it stopped reading, which is as good
        finally:
            connection.close()


def test_an_update_that_breaks_off_is_not_kept(here: Station) -> None:
    before = count(here)
    head = f"POST /telegram/webhook HTTP/1.1\r\nHost: x\r\n{SECRET}: {WEBHOOK_SECRET}\r\nContent-Length: 500\r\n\r\n"
    for port in (here.web_port, here.daemon_port):
        raw(port, head.encode() + b'{"update_id": 5000')
    assert count(here) == before


def count(here: Station) -> int:
    with here.database.read() as session:
        return session.scalar(select(func.count(InboxRow.seq))) or 0


@pytest.mark.parametrize("way", ["web", "daemon"])
def test_what_is_authentic_is_kept_whatever_it_is(here: Station, way: str) -> None:
    """Unreadable bodies in quarantine with their bytes, unknown kinds done as ignored; none of them lost."""
    port = here.web_port if way == "web" else here.daemon_port
    number = 770_000 if way == "web" else 780_000
    unreadable = f"not JSON, by the {way}".encode()
    unknown = {"update_id": number, "telepathy": {"from": {"id": 1001}, "thought": "wiper"}}
    empty = {"update_id": number + 1}
    strange = {"update_id": number + 2, "message": "a string"}
    known = (json.dumps(one).encode() for one in (unknown, empty, strange))
    for body in (unreadable, *known):
        assert request("POST", port, "/telegram/webhook", body, AUTHENTIC)[0] == 200
    eventually(lambda: not here.unsettled(), 10, "all are worked off")
    with here.database.read() as session:
        kept = session.scalars(select(InboxRow).where(InboxRow.body == unreadable)).one()
        rows = {row.update_id: row for row in session.scalars(select(InboxRow).where(InboxRow.update_id >= number))}
    assert (kept.state, kept.update_id) == (InboxState.QUARANTINED, None)
    assert (rows[number].state, rows[number].kind, rows[number].outcome) == (InboxState.DONE, "telepathy", "ignored")
    assert (rows[number + 1].state, rows[number + 1].outcome) == (InboxState.DONE, "ignored")
    assert (rows[number + 2].state, bool(rows[number + 2].body)) == (InboxState.QUARANTINED, True)
