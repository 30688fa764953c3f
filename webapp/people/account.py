"""The reader's own settings: language, theme, Telegram account, signed-in browsers, password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common import i18n
from common.database.models import Chat, Login, Person, StaffSession
from common.errors import InvalidInput
from common.i18n import gettext
from common.people import invitations, logins, people, preferences, staff
from common.people.access import revocation
from common.people.access.revocation import AccessChange, Holder
from common.signing import digest
from webapp.people.invitation_page import render_invitation
from webapp.people.sign_in import attempts, browser_cookie
from webapp.people.sign_in.addresses import local_path
from webapp.web import sessions
from webapp.web.access import public, signed_in
from webapp.web.context import desk, maybe_reader, reader
from webapp.web.languages import COOKIE
from webapp.wording import access_text, template_context, times, words

blueprint = Blueprint("account", __name__)
YEAR = 365 * 86400


@dataclass(frozen=True)
class AccountPage:
    """The content of the reader's own page."""

    login: Login | None
    sessions: list[StaffSession]
    this: str  # the digest of the session in use
    is_linked: bool  # whether a Telegram account is linked
    unreachable: str  # why the bot cannot reach the reader; empty if it can
    ends_by_recovery: str  # what a new password or a sign-out everywhere would end, in words
    ends_by_unlinking: str
    wrong: str


@blueprint.get("/account")
@signed_in
def page() -> Response:
    return _page()


def _page(wrong: str = "", code: int = 200) -> Response:
    with desk().database.read() as session:
        body = render_template("people/account.html", page=_read_account(session, wrong))
    return make_response(body, code)


def _read_account(session: Session, wrong: str) -> AccountPage:
    person = session.get_one(Person, reader().person_id)
    chat = session.get(Chat, person.telegram_id) if person.telegram_id is not None else None
    return AccountPage(
        login=person.login,
        sessions=staff.browsers(session, person.id),
        this=digest(sessions.session_token() or ""),
        is_linked=person.telegram_id is not None,
        unreachable=chat.unreachable if chat else "",
        ends_by_recovery=_ended(session, AccessChange.SIGNED_OUT),
        ends_by_unlinking=_ended(session, AccessChange.CHAT),
        wrong=wrong,
    )


def _ended(session: Session, change: AccessChange) -> str:
    return access_text.ended(revocation.count(session, Holder(reader().person_id, reader().role), change))


@blueprint.post("/account/telegram")
@signed_in
def link_telegram() -> Response:
    """A one-time link for the reader's own Telegram account, valid for a quarter of an hour."""
    with desk().write() as session:
        made = invitations.link_own(session, reader().actor)
    return render_invitation(*made, back="/account")


@blueprint.post("/account/telegram/unlink")
@signed_in
def unlink_telegram() -> Response:
    """Unlink the reader's Telegram account: no message is sent to it any more."""
    with desk().write() as session:
        people.unlink(session, reader().actor, reader().person_id)
    return redirect("/account", 303)


@blueprint.post("/account/language")
@public
def choose_language() -> Response:
    code = i18n.known_language(request.form.get("language"))
    if code is None:
        abort(400)
    who = maybe_reader()
    if who is not None:
        with desk().write() as session:
            people.choose_language(session, session.get_one(Person, who.person_id), code)
    return _set_preference(COOKIE, code)


@blueprint.post("/account/keys")
@signed_in
def choose_keys() -> Response:
    """Switch the desk's single-key shortcuts on or off, for this reader in every browser (WCAG 2.1.4)."""
    chosen = request.form.get("single_keys", "")
    if chosen not in ("on", "off"):
        abort(400)
    with desk().write() as session:
        preferences.set_single_keys(session, session.get_one(Person, reader().person_id), chosen == "on")
    return redirect("/account", 303)


@blueprint.post("/account/theme")
@public
def choose_theme() -> Response:
    theme = request.form.get("theme", "")
    if theme not in template_context.THEMES:
        abort(400)
    return _set_preference(template_context.THEME, theme)


def _set_preference(name: str, value: str) -> Response:
    answer = redirect(local_path(request.form.get("next", "/")), 303)
    answer.set_cookie(name, value, max_age=YEAR, secure=desk().is_https, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/account/browsers")
@signed_in
def sign_out() -> Response:
    """Sign out one of the reader's browsers."""
    with desk().write() as session:
        logins.close_browser(session, reader().person_id, request.form.get("browser", "")[:64])
    return redirect("/account", 303)


@blueprint.post("/account/password")
@signed_in
def change_password() -> Response:
    """Set a new password: every other browser of the reader is signed out."""
    present, wished = request.form.get("present", "")[:1000], request.form.get("password", "")[:1000]
    with desk().database.read() as session:
        login = session.get(Login, reader().person_id)
    if login is None:
        abort(404)
    attempt = attempts.try_password(login.username, present)
    if isinstance(attempt, attempts.Paused):
        return attempts.paused_page(_page(times.pause(attempt.pause)), attempt.pause)
    if isinstance(attempt, attempts.WrongPassword):
        return _page(gettext("That is not your present password."), 400)
    try:
        with desk().write() as session:
            person = session.get_one(Person, reader().person_id)
            logins.set_password(session, person, login.username, wished)
            staff.record(session, reader().actor, "person.password", person)
            token = logins.open_session(session, person.id, request.user_agent.string)
            browser = browser_cookie.remember(session, person.id)
    except InvalidInput as error:
        return _page(words.refusal(error), 400)
    answer = redirect("/account", 303)
    sessions.set_cookie(answer, token)
    browser_cookie.set_cookie(answer, browser)
    return answer


@blueprint.post("/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    with desk().write() as session:
        staff.sign_out(session, reader().actor, reader().person_id)
    answer = redirect("/login", 303)
    sessions.drop_cookie(answer)
    return answer
