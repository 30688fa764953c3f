"""One person: the page, and the forms that change name, notices, role and ways in."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.database.models import Role
from common.errors import InvalidInput, StaleVersion
from common.people import invitations, people, staff
from common.permissions import Action
from webapp.people.invitation_page import render_invitation
from webapp.people.person_page import PersonForm, render_person
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import words

blueprint = Blueprint("person", __name__, url_prefix="/people/<id:person_id>")


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page(person_id: int) -> Response:
    """One person: name, language, notices, reachability, last orders, and for managers role, browsers and history."""
    return render_person(person_id)


@blueprint.post("")
@needs(Action.PEOPLE_CHANGE)
def save(person_id: int) -> WerkzeugResponse:
    """Change name, language and notices, if the person has not changed since the reader saw them; else 409."""
    with desk().database.read() as session:
        form = PersonForm.typed(staff.get(session, person_id))
    try:
        with desk().write("desk") as session:
            people.change(
                session,
                reader().actor,
                person_id,
                expected_version=version_seen(),
                name=form.name,
                language=form.language,
                muted=form.muted,
            )
    except StaleVersion as error:
        return render_person(person_id, 409, form=form, stale_since=error.since)
    except InvalidInput as error:
        return render_person(person_id, 400, form=form, wrong=words.refusal(error))
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/role")
@needs(Action.ROLE_CHANGE)
def change_role(person_id: int) -> WerkzeugResponse:
    """Change the role; the last manager stays a manager."""
    seen, given = requested_number("version"), request.form.get("role", "")
    try:
        if seen is None or given not in set(Role):
            raise InvalidInput("role")
        with desk().write("desk") as session:
            staff.change_role(session, reader().actor, person_id, Role(given), expected_version=seen)
    except StaleVersion:
        return render_person(person_id, 409, stale_since=seen)
    except InvalidInput as error:
        return render_person(person_id, 400, wrong=words.refusal(error))
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/sign-out")
@needs(Action.SESSION_CLOSE)
def sign_out(person_id: int) -> WerkzeugResponse:
    """Sign the person out of every browser."""
    with desk().write("desk") as session:
        staff.sign_out(session, reader().actor, person_id)
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/desk-link")
@needs(Action.PEOPLE_STAFF)
def make_desk_link(person_id: int) -> WerkzeugResponse:
    """A one-time link with which a member of staff chooses a name and a password, at first or anew."""
    try:
        with desk().write("desk") as session:
            made = invitations.invite_to_desk(session, reader().actor, person_id)
    except InvalidInput as error:
        return render_person(person_id, 400, wrong=words.refusal(error))
    return render_invitation(*made, back=f"/people/{person_id}")
