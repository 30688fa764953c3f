"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Login, SignInKind
from common.i18n import N_, gettext
from common.people import logins, staff
from common.permissions import Action, may
from webapp.people.sign_in import attempts, begin
from webapp.people.sign_in.addresses import desk_url, local_path
from webapp.web.access import public
from webapp.web.callers import sessions
from webapp.web.context import desk, maybe_reader
from webapp.wording import times

blueprint = Blueprint("login", __name__)
MAX_DEMO_ACCOUNTS = 4
LOST = {
    sessions.LOST_FORM: N_(
        "You had been signed out, so what you just sent was not kept and nothing was changed. Sign in: you come back to"
        " the page, and can do it again there."
    ),
    sessions.LOST_FILE: N_(
        "You had been signed out, so the photo or file that you just sent was not kept, nor the words with it. Sign in:"
        " you come back to the page, and can send it again there."
    ),
}


@dataclass(frozen=True)
class LoginPage:
    """The content of the page on which staff sign in."""

    error: str
    username: str  # the typed one
    next: str  # the path to open after the sign-in
    lost: str  # what the reader had sent when their session had ended: `form`, `file`, or nothing
    offers_link: bool  # whether a link in Telegram can be requested
    demo_accounts: list[Login]  # outside the demo, none
    demo_password: str

    @property
    def lost_words(self) -> str:
        """What was not kept, and what to do."""
        return gettext(LOST[self.lost]) if self.lost else ""


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
        lost=lost if (lost := request.values.get("lost", "")) in LOST else "",
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
    attempt = attempts.try_password(username, password)
    if isinstance(attempt, attempts.Paused):
        begin.note_failure(attempt)
        return attempts.paused_page(_page(times.pause(attempt.pause), username), attempt.pause)
    if isinstance(attempt, attempts.WrongPassword):
        begin.note_failure(attempt)
        return _wrong_page(username)
    with desk().write("sign_in") as session:
        person = logins.confirm_password(session, attempt.person_id, attempt.password_hash, attempt.fresh_hash)
        if person is None:
            return _wrong_page(username)
        if not may(person.role, Action.DESK_SEE):
            abort(403)
        signed_in = begin.open_session(session, person, SignInKind.PASSWORD)
    answer = redirect(local_path(request.form.get("next", "/")), 303)
    signed_in.set_cookies(answer)
    return answer


def _wrong_page(username: str) -> WerkzeugResponse:
    return _page(gettext("That name and password do not fit together."), username, 401)


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
