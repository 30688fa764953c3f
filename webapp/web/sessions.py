"""Who is asking: each route is for signed-in staff with a permission, unless it says that it is public.

The cookie holds a random value whose digest is a row; revoking the row signs the browser out. GET never writes, so
the time of last use is kept by unsafe requests only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, current_app, g, redirect, request
from itsdangerous import BadSignature, Signer
from werkzeug.wrappers import Response as WerkzeugResponse

from common import clock
from common.database.models import StaffSession
from common.people import logins
from common.permissions import Action, may
from common.signing import digest
from webapp.web.context import Reader, desk

View = TypeVar("View", bound=Callable[..., Any])
FROM_LOGIN = re.compile(r"https?://[^/]+/login\b")
TOUCH_EVERY = timedelta(minutes=10)
BACKGROUND_ENDPOINTS = ("presence.look",)  # what an open page sends while nobody does anything
_public: set[object] = set()
_exempt: set[object] = set()
_needs: dict[object, Action] = {}


def public(view: View) -> View:
    """Mark a route as open to everybody."""
    _public.add(view)
    return view


def exempt(view: View) -> View:
    """Mark a route that is called by programs with their own secret: no session, no origin check."""
    _exempt.add(view)
    return public(view)


def needs(action: Action) -> Callable[[View], View]:
    """Mark the permission a route wants; without a mark it is `desk.see`."""

    def mark(view: View) -> View:
        _needs[view] = action
        return view

    return mark


def permission_of(view: object) -> Action | None:
    """The permission a view was marked with."""
    return _needs.get(view)


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def is_exempt() -> bool:
    """Whether nobody is asked who they are: static files, programs with their own secret, and what leads nowhere."""
    return request.endpoint in ("static", None) or _view() in _exempt


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to https (RFC 6265bis, 4.1.3.2)."""
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
    """The session's token, if the cookie is one that we signed: a forged one never reaches the database."""
    value = request.cookies.get(cookie_name(), "")
    if len(value) > 200 or not value.isascii():
        return None
    try:
        return _signer(desk().settings.secret_key).unsign(value).decode()
    except BadSignature:
        return None


def signed_cookie(token: str, secret_key: str) -> str:
    """A cookie's value. Signed with SECRET_KEY, so that a new key signs everybody out."""
    return _signer(secret_key).sign(token).decode()


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt="desk session")


def came_from_login() -> bool:
    """Whether the reader comes from signing in, by password or by link: they may type at once what they look for."""
    return FROM_LOGIN.match(request.referrer or "") is not None


def identify() -> None:
    """Before each request: who asks, None when nobody is signed in."""
    g.reader = None if is_exempt() and request.endpoint else _find_reader(session_token())


def guard() -> WerkzeugResponse | None:
    """Before each request: let in, send to the login, or refuse."""
    view = _view()
    if view is None or request.endpoint == "static" or view in _public:
        return None
    if g.reader is None:
        return _login_redirect()
    if not may(g.reader.role, permission_of(view) or Action.DESK_SEE):
        abort(403)
    return None


def _find_reader(value: str | None) -> Reader | None:
    if value is None:
        return None
    with desk().database.read() as session:
        found = logins.session_of_cookie(session, value)
        if found is None or not may(found.person.role, Action.DESK_SEE):
            return None
        seen = found.seen_at
        person = found.person
        who = Reader(person.id, person.name, person.role, person.language, person.single_keys)
    if (
        request.method == "POST"
        and request.endpoint not in BACKGROUND_ENDPOINTS
        and seen < clock.utcnow() - TOUCH_EVERY
    ):
        _touch(value)
    return who


def _touch(value: str) -> None:
    with desk().database.write() as session:
        row = session.get(StaffSession, digest(value))
        if row is not None:
            row.seen_at = clock.utcnow()


def _login_redirect() -> WerkzeugResponse:
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": "/login"})
    if request.endpoint == "board.events":
        return Response(status=401)
    where = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect("/login" if where == "/" else f"/login?{urlencode({'next': where})}", 303)
