"""The page of a staff invitation: its link leads here, to choose a username and a password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common import i18n
from common.database.models import InvitationWay, SignInKind
from common.errors import InvalidInput
from common.people import invitations
from common.people.invitations import InvitationRefused
from webapp.people.sign_in import begin
from webapp.web.access import public
from webapp.web.context import desk
from webapp.wording import words

blueprint = Blueprint("welcome", __name__)
MAX_CODE = 64


@dataclass(frozen=True)
class WelcomePage:
    """The content of the page: of the form, or of the refusal if the invitation is no longer good."""

    code: str
    name: str = ""  # of the invited person
    username: str = ""  # the typed one
    wrong: str = ""


@blueprint.get("/welcome/<code>")
@public
def form(code: str) -> Response:
    """An invitation to the desk: choose a username and a password."""
    return _page(code)


def _page(code: str, wrong: str = "", status: int = 200) -> Response:
    """The page; opening it does not use the invitation up."""
    with desk().database.read() as session:
        found = invitations.look_up(session, code[:MAX_CODE], InvitationWay.DESK)
        if isinstance(found, InvitationRefused):
            refused = WelcomePage(code, wrong=words.invitation_refusal(found))
            return make_response(render_template("people/welcome_refused.html", page=refused), 410)
        page = WelcomePage(code, found.name, request.form.get("username", "")[:64], wrong)
    return make_response(render_template("people/welcome.html", page=page), status)


@blueprint.post("/welcome/<code>")
@public
def join(code: str) -> WerkzeugResponse:
    """Join the staff and sign in; this uses the invitation up."""
    username, password = request.form.get("username", "")[:200], request.form.get("password", "")[:1000]
    try:
        with desk().write() as session:
            joined = invitations.accept_at_desk(
                session,
                code[:MAX_CODE],
                username=username,
                password=password,
                language=i18n.language(),
                station=desk().settings.station_name,
            )
            if not isinstance(joined, InvitationRefused):
                signed_in = begin.open_session(session, joined, SignInKind.INVITATION)
    except InvalidInput as error:
        return _page(code, words.refusal(error), 400)
    if isinstance(joined, InvitationRefused):
        return _page(code)
    answer = redirect("/", 303)
    signed_in.set_cookies(answer)
    return answer
