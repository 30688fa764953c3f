"""The reader's own settings: language, theme, Telegram account, signed-in browsers, password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common import audit, i18n
from common.database.models import Chat, Login, Person, SignIn, StaffSession
from common.errors import InvalidInput
from common.i18n import gettext
from common.people import invitations, logins, people, preferences, staff
from common.people.access import revocation, sign_ins
from common.people.access.revocation import AccessChange, Holder
from common.signing import digest
from webapp.people import fresh_proof
from webapp.people.fresh_proof import NotProved
from webapp.people.invitation_page import render_invitation
from webapp.people.sign_in import attempts, begin, browser_cookie
from webapp.people.sign_in.addresses import local_path
from webapp.web.access import public, signed_in
from webapp.web.callers import sessions
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
    linked: str  # when, and in which browser it was asked for
    has_fresh_link: bool  # then no password is asked
    sign_ins: list[SignIn]  # the last ones, and failures
    has_news: bool  # whether something changed that the reader has not read
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
        linked=_linked_text(session, person.id) if person.telegram_id is not None else "",
        has_fresh_link=fresh_proof.has_fresh_link(session),
        sign_ins=sign_ins.latest(session, person.id),
        has_news=person.has_access_news,
        ends_by_recovery=_ended(session, AccessChange.SIGNED_OUT),
        ends_by_unlinking=_ended(session, AccessChange.CHAT),
        wrong=wrong,
    )


def _linked_text(session: Session, person_id: int) -> str:
    """When the present Telegram account was linked, and which browser asked; empty if nobody wrote it down."""
    entry = audit.last(session, "person.linked", person_id)
    if entry is None:
        return ""
    facts = {"day": times.day(entry.at), "hour": times.hour(entry.at), "browser": entry.arguments.get("browser") or "?"}
    return gettext("Linked on %(day)s, %(hour)s; asked for in %(browser)s.") % facts


def _refused_page(not_proved: NotProved) -> Response:
    page = _page(not_proved.why, 400)
    return attempts.paused_page(page, not_proved.pause) if not_proved.pause else page


@blueprint.post("/account/read")
@signed_in
def mark_read() -> Response:
    """The reader has read what changed of their access: pages say so no more."""
    with desk().write() as session:
        sign_ins.mark_read(session, reader().person_id)
    return redirect("/account", 303)


def _ended(session: Session, change: AccessChange) -> str:
    return access_text.ended(revocation.count(session, Holder(reader().person_id, reader().role), change))


@blueprint.post("/account/telegram")
@signed_in
def link_telegram() -> Response:
    """A one-time link for the reader's own Telegram account, valid for a quarter of an hour."""
    if not_proved := fresh_proof.check(request.form.get("present", "")[:1000]):
        return _refused_page(not_proved)
    with desk().write() as session:
        made = invitations.link_own(session, reader().actor, begin.browser_here())
    return render_invitation(*made, back="/account")


@blueprint.post("/account/telegram/unlink")
@signed_in
def unlink_telegram() -> Response:
    """Unlink the reader's Telegram account: no message is sent to it any more."""
    if not_proved := fresh_proof.check(request.form.get("present", "")[:1000]):
        return _refused_page(not_proved)
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
    if not_proved := fresh_proof.check_password(present):
        return _refused_page(not_proved)
    try:
        with desk().write() as session:
            person = session.get_one(Person, reader().person_id)
            login = session.get_one(Login, person.id)
            station = desk().settings.station_name
            logins.set_password(session, person, login.username, wished, station=station)
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
