"""The list of people, and closing and reopening somebody's access."""

from __future__ import annotations

from flask import Blueprint, Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from common.errors import InvalidInput
from common.people import people
from common.permissions import Action
from webapp.people.people_page import render_people
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
@needs(Action.PEOPLE_SEE)
def page() -> Response:
    return render_people()


@blueprint.post("/<id:person_id>/archive")
@needs(Action.PEOPLE_ARCHIVE)
def archive(person_id: int) -> WerkzeugResponse:
    if person_id == reader().person_id:
        return render_people(words.refusal(InvalidInput("yourself")), 400)
    try:
        with desk().write() as session:
            people.archive(session, reader().actor, person_id)
    except InvalidInput as error:
        return render_people(words.refusal(error), 400)
    return redirect("/people", 303)


@blueprint.post("/<id:person_id>/restore")
@needs(Action.PEOPLE_ARCHIVE)
def restore(person_id: int) -> WerkzeugResponse:
    with desk().write() as session:
        people.restore(session, reader().actor, person_id)
    return redirect("/people?show=archived", 303)
