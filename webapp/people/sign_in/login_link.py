"""Signing in by a link in Telegram. Telegram's preview opens it too: so only the button on its page uses it up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.people import login_links
from common.signing import fresh_code
from webapp.people.sign_in.addresses import client_address, desk_url
from webapp.web import sessions
from webapp.web.access import public
from webapp.web.context import desk

blueprint = Blueprint("login_link", __name__, url_prefix="/login/link")
MAX_CODE = 64


@dataclass(frozen=True)
class LoginLinkPage:
    """The content of the pages of a link. `minutes`: how long it works after it was requested."""

    minutes: int = int(login_links.LIFE.total_seconds() // 60)
    code: str = ""
    name: str = ""  # of the person whom the link signs in


def _cookie_name() -> str:
    return "__Host-asked" if desk().is_https else "asked"


def _browser_code() -> str:
    return request.cookies.get(_cookie_name(), "")[:MAX_CODE]


@blueprint.post("")
@public
def ask() -> Response:
    """Request a link in Telegram: the answer is the same for every name."""
    if not desk_url():
        abort(404)
    browser = fresh_code()
    with desk().write("desk") as session:
        login_links.send_link(
            session, request.form.get("username", "")[:200], client_address(), browser=browser, desk_url=desk_url()
        )
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
        token = login_links.sign_in(session, code[:MAX_CODE], _browser_code(), request.user_agent.string)
    if token is None:
        return _refused_page()
    answer = redirect("/", 303)
    sessions.set_cookie(answer, token)
    answer.delete_cookie(_cookie_name(), secure=desk().is_https, httponly=True, samesite="Lax", path="/")
    return answer
