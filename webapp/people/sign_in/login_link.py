"""Signing in by a link in Telegram. Telegram's preview opens it too: so only the button on its page uses it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import SignInKind
from common.people import login_links, logins
from common.people.login_links import Asking
from common.signing import fresh_code
from common.throttling import counting
from common.throttling.limits import CountKey, Kind
from webapp.people.sign_in import attempts, begin, browser_cookie
from webapp.people.sign_in.addresses import desk_url
from webapp.web.access import public
from webapp.web.callers import client
from webapp.web.context import Desk, desk
from webapp.wording import times

blueprint = Blueprint("login_link", __name__, url_prefix="/login/link")
MAX_CODE = 64


@dataclass(frozen=True)
class LoginLinkPage:
    """The content of the pages of a link. `minutes`: how long it works after it was requested."""

    minutes: int = int(login_links.LIFE.total_seconds() // 60)
    code: str = ""
    name: str = ""  # of the person whom the link signs in
    wrong: str = ""  # why none is sent: too many were requested


def _cookie_name() -> str:
    return "__Host-asked" if desk().is_https else "asked"


def _browser_code() -> str:
    return request.cookies.get(_cookie_name(), "")[:MAX_CODE]


@blueprint.post("")
@public
def ask() -> WerkzeugResponse:
    """Request a link in Telegram: the answer, and its time, are the same for every name.

    The name's owner is told after the answer. 429 if this client has asked too often: nothing is written then.
    """
    if not desk_url():
        abort(404)
    username, browser = request.form.get("username", "")[:200], fresh_code()
    with desk().database.read() as session:
        known = browser_cookie.known(session, logins.find(session, username)[0])
    bucket = _counted(known)
    if pause := _reserve(bucket):
        refused = LoginLinkPage(wrong=times.pause(pause))
        return attempts.paused_page(make_response(render_template("people/login_link_asked.html", page=refused)), pause)
    if not desk().afterwards.put(partial(_send, desk(), username, _asking(browser), known is not None)):
        abort(503)
    answer = make_response(render_template("people/login_link_asked.html", page=LoginLinkPage()))
    answer.set_cookie(
        _cookie_name(),
        browser,
        max_age=login_links.LIFE,
        secure=desk().is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


def _counted(known: str | None) -> CountKey:
    """Who is counted: a browser in which this person has signed in before, else the network."""
    return CountKey(Kind.LINK_BROWSER, known) if known else CountKey(Kind.LINK_NETWORK, client.network())


def _reserve(bucket: CountKey) -> timedelta:
    with desk().database.read() as session:
        pause = counting.pause_of(session, [bucket])
    if pause:
        return pause
    with desk().write("throttle", durable=False) as session:
        return counting.reserve(session, [bucket])


def _asking(browser: str) -> Asking:
    return Asking(cookie=browser, browser=begin.browser_here(), network=client.network(), desk_url=desk_url())


def _send(desk: Desk, username: str, asking: Asking, is_known: bool) -> None:
    with desk.database.write("desk") as session:
        login_links.send_link(session, username, asking, is_known=is_known)


@blueprint.get("/<code>")
@public
def look(code: str) -> Response:
    """The page of a link: a button, which works only in the browser that requested the link."""
    with desk().database.read() as session:
        link = login_links.find(session, code[:MAX_CODE], _browser_code())
        if link is None:
            return _refused_page()
        return make_response(
            render_template("people/login_by_link.html", page=LoginLinkPage(code=code, name=link.person.name))
        )


def _refused_page() -> Response:
    return make_response(render_template("people/login_link_refused.html", page=LoginLinkPage()), 410)


@blueprint.post("/<code>")
@public
def use(code: str) -> WerkzeugResponse:
    """Sign in, once."""
    with desk().write("desk") as session:
        link = login_links.use_link(session, code[:MAX_CODE], _browser_code())
        if link is None:
            return _refused_page()
        counting.take_back(session, [_counted(browser_cookie.known(session, link.person_id))])
        signed_in = begin.open_session(session, link.person, SignInKind.LINK, link.chat_id)
    answer = redirect("/", 303)
    signed_in.set_cookies(answer)
    answer.delete_cookie(_cookie_name(), secure=desk().is_https, httponly=True, samesite="Lax", path="/")
    return answer
