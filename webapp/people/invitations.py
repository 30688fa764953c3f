"""Invitations at the desk: for new people, for people whom the bot cannot reach, for the reader's own Telegram."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Invitation, InvitationWay, Role
from common.errors import InvalidInput
from common.messaging import bots
from common.people import invitations
from common.permissions import Action
from webapp.people import people
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.qr import qr_svg
from webapp.wording import words

blueprint = Blueprint("invitations", __name__)


@blueprint.post("/people/invitations")
@needs(Action.PEOPLE_INVITE)
def invite() -> Response:
    """A one-time link, shown once: only the code's digest is stored. Staff join at the desk."""
    try:
        role = _parse_role(request.form.get("role") or Role.MECHANIC)
        with desk().database.write() as session:
            made = invitations.invite(
                session,
                reader().actor,
                name=request.form.get("name", ""),
                role=role,
                language=request.form.get("language") or None,
                way=InvitationWay.CHAT if role is Role.MECHANIC else InvitationWay.DESK,
            )
    except InvalidInput as error:
        return people.render_people(words.refusal(error), 400)
    return invitation_page(*made)


def _parse_role(given: str) -> Role:
    """Raises: InvalidInput `role`."""
    if given not in set(Role):
        raise InvalidInput("role")
    return Role(given)


@blueprint.post("/people/<id:person_id>/invitations")
@needs(Action.PEOPLE_INVITE)
def invite_again(person_id: int) -> Response:
    """A new link for a known person: it moves them to the chat that opens it."""
    with desk().database.write() as session:
        made = invitations.invite_again(session, reader().actor, person_id)
    return invitation_page(*made)


@blueprint.post("/people/invitations/<id:invitation_id>/revoke")
@needs(Action.PEOPLE_INVITE)
def revoke(invitation_id: int) -> WerkzeugResponse:
    """Revoke an invitation."""
    with desk().database.write() as session:
        invitations.revoke(session, reader().actor, invitation_id)
    return redirect("/people", 303)


def invitation_page(invitation: Invitation, code: str, back: str = "/people") -> Response:
    """The page that shows a link and its QR code, once."""
    with desk().database.read() as session:
        link = _desk_link(code) if invitation.way is InvitationWay.DESK else bots.bot_link(session, code)
    body = render_template(
        "people/invitation.html", invitation=invitation, code=code, link=link, qr=qr_svg(link), back=back
    )
    return make_response(body, 201)


def _desk_link(code: str) -> str:
    return f"{(desk().settings.public_url or request.url_root).rstrip('/')}/welcome/{code}"
