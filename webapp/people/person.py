"""One person: name, reachability, wanted notices, orders and role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common import audit
from common.database.models import Chat, Login, Person, Role
from common.errors import InvalidInput, StaleVersion
from common.orders import reading
from common.people import invitations, people, preferences, staff
from common.permissions import Action
from webapp.people import browsers, person_actions
from webapp.people import invitations as tickets
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import requested_number, version_seen
from webapp.wording import audit_text, words

blueprint = Blueprint("person", __name__, url_prefix="/people/<id:person_id>")
MAX_ORDERS = 10


@dataclass(frozen=True)
class PersonForm:
    """The fields of a person's form."""

    name: str
    language: str
    muted: list[str]

    @classmethod
    def typed(cls, person: Person) -> PersonForm:
        """The sent form: a ticked box means that the notice is wanted."""
        wanted = set(request.form.getlist("wanted"))
        muted = [kind.value for kind in preferences.choices(person) if kind not in wanted]
        return cls(request.form.get("name", ""), request.form.get("language", ""), muted)


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page(person_id: int) -> Response:
    """One person: name, language, notices, reachability, last orders, and for managers role, browsers and history."""
    return _page(person_id)


def _page(
    person_id: int, code: int = 200, *, form: PersonForm | None = None, wrong: str = "", stale_since: int | None = None
) -> Response:
    with desk().database.read() as session:
        person = staff.get(session, person_id)
        chat = session.get(Chat, person.telegram_id) if person.telegram_id is not None else None
        body = render_template(
            "people/person.html",
            person=person,
            form=form or PersonForm(person.name, person.language, person.muted),
            actions=person_actions.of_person(person),
            choices=preferences.choices(person),
            unreachable=chat.unreachable if chat else "",
            login=session.get(Login, person_id),
            browsers=staff.browsers(session, person_id) if reader().may(Action.SESSION_CLOSE) else [],
            named=browsers.browser_name,
            orders=reading.last_orders(session, person_id, MAX_ORDERS),
            roles=list(Role),
            wrong=wrong,
            is_stale=stale_since is not None,
            meanwhile=audit_text.audit_texts(audit.since(session, "person", person_id, stale_since))
            if stale_since
            else [],
            history=audit_text.audit_texts(audit.of(session, "person", person_id))
            if reader().may(Action.AUDIT_SEE)
            else None,
        )
    return make_response(body, code)


@blueprint.post("")
@needs(Action.PEOPLE_CHANGE)
def save(person_id: int) -> WerkzeugResponse:
    """Change name, language and notices, if the person has not changed since the reader saw them; else 409."""
    with desk().database.read() as session:
        form = PersonForm.typed(staff.get(session, person_id))
    try:
        with desk().database.write("desk") as session:
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
        return _page(person_id, 409, form=form, stale_since=error.since)
    except InvalidInput as error:
        return _page(person_id, 400, form=form, wrong=words.refusal(error))
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/role")
@needs(Action.ROLE_CHANGE)
def change_role(person_id: int) -> WerkzeugResponse:
    """Change the role; the last manager stays a manager."""
    seen, given = requested_number("version"), request.form.get("role", "")
    try:
        if seen is None or given not in set(Role):
            raise InvalidInput("role")
        with desk().database.write("desk") as session:
            staff.change_role(session, reader().actor, person_id, Role(given), expected_version=seen)
    except StaleVersion:
        return _page(person_id, 409, stale_since=seen)
    except InvalidInput as error:
        return _page(person_id, 400, wrong=words.refusal(error))
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/sign-out")
@needs(Action.SESSION_CLOSE)
def sign_out(person_id: int) -> WerkzeugResponse:
    """Sign the person out of every browser."""
    with desk().database.write("desk") as session:
        staff.sign_out(session, reader().actor, person_id)
    return redirect(f"/people/{person_id}", 303)


@blueprint.post("/desk-link")
@needs(Action.PEOPLE_STAFF)
def make_desk_link(person_id: int) -> WerkzeugResponse:
    """A one-time link with which a member of staff chooses a name and a password, at first or anew."""
    try:
        with desk().database.write("desk") as session:
            made = invitations.invite_to_desk(session, reader().actor, person_id)
    except InvalidInput as error:
        return _page(person_id, 400, wrong=words.refusal(error))
    return tickets.invitation_page(*made, back=f"/people/{person_id}")
