"""Sessions of browsers, and whether their reader may call a route.

The cookie holds a random value whose digest is a row; revoking the row signs the browser out. GET never writes, so
the time of last use is kept by unsafe requests only.
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Response, abort, current_app, g, redirect, request
from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Response as WerkzeugResponse

from common import clock
from common.database.models import StaffSession
from common.people import logins
from common.permissions import may
from common.signing import digest
from webapp.web import access
from webapp.web.context import Reader, desk, read_reader

FROM_LOGIN = re.compile(r"https?://[^/]+/login\b")
TOUCH_EVERY = timedelta(minutes=10)
LOST_FORM, LOST_FILE = "form", "file"
BACKGROUND_ENDPOINTS = ("presence.look",)  # requests that an open page sends by itself


def cookie_name() -> str:
    """The cookie's name; `__Host-` binds it to this host and to https (RFC 6265bis, 4.1.3.2)."""
    return "__Host-desk" if desk().is_https else "desk"


def set_cookie(response: WerkzeugResponse, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        signed_cookie(token, desk().settings.secret_key),
        max_age=logins.SESSION_LIFE,
        secure=desk().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: WerkzeugResponse) -> None:
    response.delete_cookie(cookie_name(), secure=desk().is_https, httponly=True, samesite="Lax", path="/")


def session_token() -> str | None:
    """The session's token, if we signed the cookie: a forged one never reaches the database."""
    value = request.cookies.get(cookie_name(), "")
    if len(value) > 200 or not value.isascii():
        return None
    try:
        return _signer(desk().settings.secret_key).unsign(value).decode()
    except BadSignature:
        return None


def signed_cookie(token: str, secret_key: str) -> str:
    """A cookie's value, signed with SECRET_KEY: a new key signs all readers out."""
    return _signer(secret_key).sign(token).decode()


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt="desk session")


def came_from_login() -> bool:
    """Whether the reader has just signed in, by password or by link: then the search box has the focus."""
    return FROM_LOGIN.match(request.referrer or "") is not None


def identify() -> None:
    """Set the request's reader, None if the browser is not signed in; called before each request."""
    token = None if access.is_exempt() and request.endpoint else session_token()
    g.reader = _find_reader(digest(token)) if token is not None else None


def identify_again() -> None:
    """Look the reader up again after the body was read: a client may send it as slowly as it likes."""
    if g.reader is None or request.method != "POST":
        return
    g.reader = _find_reader(g.reader.session_digest)
    if g.reader is not None and request.endpoint not in BACKGROUND_ENDPOINTS:
        _touch(g.reader)


def guard() -> WerkzeugResponse | None:
    """Let the request in, send the reader to the login, or refuse; called before each request."""
    if request.endpoint is None:
        return None
    mark = access.requested_access()
    if mark is None:
        abort(403)
    if mark.action is None:
        return None
    if g.reader is None:
        return login_redirect()
    if not may(g.reader.role, mark.action):
        abort(403)
    return None


def _find_reader(session_digest: str) -> Reader | None:
    with desk().database.read() as session:
        return read_reader(session, session_digest)


def _touch(who: Reader) -> None:
    """Keep the time of the session's last use, to some minutes."""
    if who.seen_at >= clock.utcnow() - TOUCH_EVERY:
        return
    with desk().database.write() as session:
        row = session.get(StaffSession, who.session_digest)
        if row is not None:
            row.seen_at = clock.utcnow()


def login_redirect() -> WerkzeugResponse:
    """Send the reader to the login, which leads back to the page that they were on, and says what was not kept."""
    where, lost = _page_to_return_to(), _what_is_lost()
    said = {"next": where} if where != "/" else {}
    said |= {"lost": lost} if lost else {}
    login = f"/login?{urlencode(said)}" if said else "/login"
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": login})
    if request.endpoint == "board.events":
        return Response(status=401)
    return redirect(login, 303)


def _what_is_lost() -> str:
    """What the request brought and nobody reads: a form, or one with a file; empty: nothing of the reader's."""
    if request.method != "POST" or request.endpoint in BACKGROUND_ENDPOINTS:
        return ""
    return LOST_FILE if request.mimetype == "multipart/form-data" else LOST_FORM


def _page_to_return_to() -> str:
    """The page that was asked for. For a form or a part of a page, the one that it stands on; unknown: the board."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.full_path.rstrip("?")
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    pages = current_app.create_url_adapter(request)
    if page.netloc != request.host or pages is None or not pages.test(page.path, "GET"):
        return "/"
    return page._replace(scheme="", netloc="", fragment="").geturl()
