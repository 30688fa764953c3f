"""What each reader decides for themselves: language, light or dark, their Telegram, which browsers stay signed in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from common import clock, i18n, logins, preferences
from common import invitations as invitations_
from common import people as people_
from common.models import Chat, Person, StaffSession
from common.signing import digest
from webapp import browsers, invitations, pages, sessions
from webapp.desk import desk, maybe_reader, reader
from webapp.languages import COOKIE
from webapp.login import inside

blueprint = Blueprint("account", __name__)
YEAR = 365 * 86400
MOST = 50


@blueprint.get("/account")
def page() -> str:
    with desk().database.read() as session:
        live = session.scalars(
            select(StaffSession)
            .where(
                StaffSession.person_id == reader().person_id,
                StaffSession.revoked_at.is_(None),
                StaffSession.expires_at > clock.utcnow(),
                StaffSession.seen_at > clock.utcnow() - logins.IDLE_LIFE,
            )
            .order_by(StaffSession.seen_at.desc())
            .limit(MOST)
        ).all()
        person = session.get_one(Person, reader().person_id)
        return render_template(
            "account.html",
            sessions=live,
            this=digest(sessions.token() or ""),
            named=browsers.named,
            person=person,
            chat=session.get(Chat, person.telegram_id) if person.telegram_id is not None else None,
        )


@blueprint.post("/account/telegram")
def link() -> Response:
    """A one-time link for the reader's own Telegram account, good for a quarter of an hour."""
    with desk().database.write() as session:
        made = invitations_.link_own(session, reader().actor)
    return invitations.ticket(*made, back="/account")


@blueprint.post("/account/telegram/unlink")
def unlink() -> Response:
    """Take the reader's Telegram account off: nothing is sent to it any more."""
    with desk().database.write() as session:
        people_.unlink(session, reader().actor, reader().person_id)
    return redirect("/account", 303)


@blueprint.post("/account/language")
@sessions.public
def speak() -> Response:
    code = i18n.known(request.form.get("language"))
    if code is None:
        abort(400)
    who = maybe_reader()
    if who is not None:
        with desk().database.write() as session:
            people_.choose_language(session, session.get_one(Person, who.person_id), code)
    return _remembered(COOKIE, code)


@blueprint.post("/account/keys")
def choose_keys() -> Response:
    """Switch the desk's single keys on or off, for this reader in every browser (WCAG 2.1.4)."""
    chosen = request.form.get("single_keys", "")
    if chosen not in ("on", "off"):
        abort(400)
    with desk().database.write() as session:
        preferences.use_single_keys(session, session.get_one(Person, reader().person_id), chosen == "on")
    return redirect("/account", 303)


@blueprint.post("/account/theme")
@sessions.public
def shade() -> Response:
    theme = request.form.get("theme", "")
    if theme not in pages.THEMES:
        abort(400)
    return _remembered(pages.THEME, theme)


def _remembered(name: str, value: str) -> Response:
    answer = redirect(inside(request.form.get("next", "/")), 303)
    answer.set_cookie(name, value, max_age=YEAR, secure=desk().is_https, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    with desk().database.write() as session:
        logins.close_all(session, reader().person_id)
    answer = redirect("/login", 303)
    sessions.drop_cookie(answer)
    return answer
