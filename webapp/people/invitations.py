"""Invitations at the desk: for new people, for people whom the bot cannot reach, for the reader's own Telegram."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import InvitationWay, Role
from common.errors import InvalidInput
from common.people import invitations
from common.permissions import Action
from webapp.people.invitation_page import render_invitation
from webapp.people.people_page import render_people
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("invitations", __name__)


@blueprint.post("/people/invitations")
@needs(Action.PEOPLE_INVITE)
def invite() -> Response:
    """A one-time link, shown once: only the code's digest is stored. Staff join at the desk."""
    try:
        role = _parse_role(request.form.get("role") or Role.MECHANIC)
        with desk().write() as session:
            made = invitations.invite(
                session,
                reader().actor,
                name=request.form.get("name", ""),
                role=role,
                language=request.form.get("language") or None,
                way=InvitationWay.CHAT if role is Role.MECHANIC else InvitationWay.DESK,
            )
    except InvalidInput as error:
        return render_people(words.refusal(error), 400)
    return render_invitation(*made)


def _parse_role(given: str) -> Role:
    """Raises: InvalidInput `role`."""
    if given not in set(Role):
        raise InvalidInput("role")
    return Role(given)


@blueprint.post("/people/<id:person_id>/invitations")
@needs(Action.PEOPLE_INVITE)
def invite_again(person_id: int) -> Response:
    """A new link for a known person: it moves them to the chat that opens it."""
    with desk().write() as session:
        made = invitations.invite_again(session, reader().actor, person_id)
    return render_invitation(*made)


@blueprint.post("/people/invitations/<id:invitation_id>/revoke")
@needs(Action.PEOPLE_INVITE)
def revoke(invitation_id: int) -> WerkzeugResponse:
    """Revoke an invitation."""
    with desk().write() as session:
        invitations.revoke(session, reader().actor, invitation_id)
    return redirect("/people", 303)
