"""Signing in and out."""

from __future__ import annotations

import re
import threading
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Login, Person
from common.i18n import gettext
from common.people import logins
from common.permissions import Action, may
from webapp.web import sessions
from webapp.web.access import public
from webapp.web.context import desk, maybe_reader

blueprint = Blueprint("login", __name__)

# 19 MiB each: more at once would fill a small machine's memory.
_verification_slots = threading.BoundedSemaphore(4)
VERIFY_WAIT = 5.0
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
LOCAL_PATH = re.compile(r"/(?![/\\])[\w\-./?=&%+~:,]{0,500}", re.ASCII)


def local_path(target: str) -> str:
    """The target if it is a path of this desk, else the board: no open redirects."""
    return target if LOCAL_PATH.fullmatch(target) and not urlsplit(target).netloc else "/"


def client_address() -> str:
    """The client's address. With an https PUBLIC_URL a proxy stands before us, and its last entry counts."""
    forwarded = request.headers.get("X-Forwarded-For", "") if desk().is_https else ""
    return (forwarded.rpartition(",")[2].strip() or request.remote_addr or "")[:64]


@blueprint.get("/login")
@public
def form() -> WerkzeugResponse:
    if maybe_reader() is not None:
        return redirect(local_path(request.args.get("next", "/")), 303)
    return _page()


def _page(error: str = "", username: str = "", code: int = 200) -> Response:
    target = local_path(request.values.get("next", "/"))
    body = render_template(
        "people/login.html",
        error=error,
        username=username,
        target=target,
        demo=_demo_accounts(),
        by_link=bool(desk_url()),
    )
    return make_response(body, code)


def desk_url() -> str:
    """The base of links: PUBLIC_URL; on a loopback address, that address. Empty: no address that can be trusted.

    A stranger's request may name any host, and a link to it would lead to the stranger's site.
    """
    own = request.url_root if urlsplit(request.url_root).hostname in LOOPBACK_HOSTS else ""
    return desk().settings.public_url or own


def _demo_accounts() -> list[tuple[str, str, str]]:
    """The accounts to try in the demo: name, username, password. Outside the demo, none."""
    password = desk().settings.demo_password
    if not desk().settings.demo or not password:
        return []
    with desk().database.read() as session:
        rows = session.execute(select(Person.name, Login.username).join(Person).order_by(Person.id).limit(4))
        return [(row[0], row[1], password) for row in rows]


@blueprint.post("/login")
@public
def sign_in() -> WerkzeugResponse:
    username, password = request.form.get("username", "")[:200], request.form.get("password", "")[:1000]
    address = client_address()
    with desk().database.read() as session:
        if logins.is_throttled(session, username, address):
            answer = _page(gettext("Too many attempts. Wait a quarter of an hour, then try again."), username, 429)
            answer.headers["Retry-After"] = str(int(logins.WINDOW.total_seconds()))
            return answer
        person_id, password_hash = logins.find(session, username)
        role = session.scalar(select(Person.role).where(Person.id == person_id))
    if not verify_password(password, password_hash) or person_id is None or role is None:
        with desk().database.write() as session:
            logins.record_failure(session, username, address)
        return _page(gettext("That name and password do not fit together."), username, 401)
    if not may(role, Action.DESK_SEE):
        abort(403)
    return _open_session(person_id)


def verify_password(password: str, password_hash: str) -> bool:
    """Whether the password matches its hash. At most a few are verified at a time; others wait."""
    if not _verification_slots.acquire(timeout=VERIFY_WAIT):
        abort(503)
    try:
        return logins.password_matches(password, password_hash)
    finally:
        _verification_slots.release()


def _open_session(person_id: int) -> WerkzeugResponse:
    with desk().database.write() as session:
        token = logins.open_session(session, person_id, request.user_agent.string)
    answer = redirect(local_path(request.form.get("next", "/")), 303)
    sessions.set_cookie(answer, token)
    return answer


@blueprint.post("/logout")
@public
def sign_out() -> WerkzeugResponse:
    value = sessions.session_token()
    if value is not None:
        with desk().database.write() as session:
            logins.close_session(session, value)
    answer = redirect("/login", 303)
    sessions.drop_cookie(answer)
    return answer
