"""People: the list with their reachability, the requests to join, the open invitations."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Invitation, JoinRequest, Role
from common.errors import InvalidInput
from common.people import directory, invitations, join_requests, rights
from common.people import people as people_
from common.people.directory import PeopleSearch
from common.permissions import Action
from webapp.people import person_actions
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number
from webapp.wording import words

blueprint = Blueprint("people", __name__, url_prefix="/people")
PER_PAGE = 50
REQUESTS_PER_PAGE = 10
MAX_TYPED = 80


@dataclass(frozen=True)
class InvitationRow:
    """An open invitation, whether it is for staff, and whether the reader may revoke it."""

    invitation: Invitation
    is_for_staff: bool
    may_revoke: bool


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page() -> Response:
    return render_people()


def render_people(wrong: str = "", code: int = 200, told: str = "") -> Response:
    """The page. `wrong`: why the invitation was refused; `told`: the result of a request to join."""
    wanted = _people_query()
    with desk().database.read() as session:
        found = directory.find(session, wanted, PER_PAGE + 1)
        asking = _join_requests_page(session)
        body = render_template(
            "people/people.html",
            people=[(person, why, person_actions.of_person(person)) for person, why in found[:PER_PAGE]],
            more=found[PER_PAGE - 1][0].id if len(found) > PER_PAGE else None,
            wanted=wanted,
            address=address,
            all_roles=list(Role),
            asking=asking[:REQUESTS_PER_PAGE],
            more_asking=asking[REQUESTS_PER_PAGE - 1].id if len(asking) > REQUESTS_PER_PAGE else None,
            invitations=[_invitation_row(invitation) for invitation in invitations.open_invitations(session)],
            roles=list(Role) if reader().may(Action.PEOPLE_STAFF) else [],
            gone=wanted.archived,
            wrong=wrong,
            told=told,
            typed=request.form,
        )
    return make_response(body, code)


def _invitation_row(invitation: Invitation) -> InvitationRow:
    may_revoke = rights.may_revoke(reader().actor, invitation)
    return InvitationRow(invitation, rights.is_staff(invitation.role), may_revoke)


def _people_query() -> PeopleSearch:
    role = request.args.get("role", "")
    return PeopleSearch(
        text=" ".join(request.args.get("q", "")[:MAX_TYPED].split()),
        role=Role(role) if role in set(Role) else None,
        unreachable=request.args.get("reach") == "no",
        archived=request.args.get("show") == "archived",
        after=requested_number("after") or 0,
    )


def address(wanted: PeopleSearch, **other: object) -> str:
    """The list's address with some filters changed."""
    given = {
        "q": wanted.text,
        "role": wanted.role.value if wanted.role else "",
        "reach": "no" if wanted.unreachable else "",
        "show": "archived" if wanted.archived else "",
        **other,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/people?{query}" if query else "/people"


def _join_requests_page(session: Session) -> list[JoinRequest]:
    """A page of requests to join and one more, for readers who may decide."""
    if not reader().may(Action.PEOPLE_ADMIT):
        return []
    return join_requests.open_requests(session, requested_number("asked_after") or 0, REQUESTS_PER_PAGE + 1)


@blueprint.post("/<id:person_id>/archive")
@needs(Action.PEOPLE_ARCHIVE)
def archive(person_id: int) -> WerkzeugResponse:
    if person_id == reader().person_id:
        return render_people(words.refusal(InvalidInput("yourself")), 400)
    try:
        with desk().database.write() as session:
            people_.archive(session, reader().actor, person_id)
    except InvalidInput as error:
        return render_people(words.refusal(error), 400)
    return redirect("/people", 303)


@blueprint.post("/<id:person_id>/restore")
@needs(Action.PEOPLE_ARCHIVE)
def restore(person_id: int) -> WerkzeugResponse:
    with desk().database.write() as session:
        people_.restore(session, reader().actor, person_id)
    return redirect("/people?show=archived", 303)
