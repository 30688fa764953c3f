"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Login, Person
from common.i18n import gettext
from common.people import logins, staff
from common.permissions import Action, may
from webapp.people.sign_in.addresses import client_address, desk_url, local_path
from webapp.people.sign_in.passwords import verify_password
from webapp.web import sessions
from webapp.web.access import public
from webapp.web.context import desk, maybe_reader

blueprint = Blueprint("login", __name__)
MAX_DEMO_ACCOUNTS = 4


@dataclass(frozen=True)
class LoginPage:
    """The content of the page on which staff sign in."""

    error: str
    username: str  # the typed one
    next: str  # the path to open after the sign-in
    offers_link: bool  # whether a link in Telegram can be requested
    demo_accounts: list[Login]  # outside the demo, none
    demo_password: str


@blueprint.get("/login")
@public
def form() -> WerkzeugResponse:
    if maybe_reader() is not None:
        return redirect(local_path(request.args.get("next", "/")), 303)
    return _page()


def _page(error: str = "", username: str = "", code: int = 200) -> Response:
    password = (desk().settings.demo and desk().settings.demo_password) or ""
    page = LoginPage(
        error=error,
        username=username,
        next=local_path(request.values.get("next", "/")),
        offers_link=bool(desk_url()),
        demo_accounts=_demo_accounts() if password else [],
        demo_password=password,
    )
    return make_response(render_template("people/login.html", page=page), code)


def _demo_accounts() -> list[Login]:
    with desk().database.read() as session:
        return staff.first_logins(session, MAX_DEMO_ACCOUNTS)


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
        person = session.get(Person, person_id) if person_id is not None else None
    if not verify_password(password, password_hash) or person is None:
        with desk().write() as session:
            logins.record_failure(session, username, address)
        return _page(gettext("That name and password do not fit together."), username, 401)
    if not may(person.role, Action.DESK_SEE):
        abort(403)
    return _open_session(person.id)


def _open_session(person_id: int) -> WerkzeugResponse:
    with desk().write() as session:
        token = logins.open_session(session, person_id, request.user_agent.string)
    answer = redirect(local_path(request.form.get("next", "/")), 303)
    sessions.set_cookie(answer, token)
    return answer


@blueprint.post("/logout")
@public
def sign_out() -> WerkzeugResponse:
    value = sessions.session_token()
    if value is not None:
        with desk().write() as session:
            logins.close_session(session, value)
    answer = redirect("/login", 303)
    sessions.drop_cookie(answer)
    return answer
