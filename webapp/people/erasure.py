"""Erasing a person at the desk: managers, after a question that says what will happen, in numbers."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.errors import InvalidInput
from common.permissions import Action
from common.personal import erasure
from webapp.people.person_page import render_person
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("erasure", __name__, url_prefix="/people/<id:person_id>")
MOST_AT_ONCE = 20  # transactions within one request; the daemon does the rest


@blueprint.post("/erase")
@needs(Action.PEOPLE_ARCHIVE)
def erase(person_id: int) -> WerkzeugResponse:
    """Erase what is stored about somebody; the station's numbers stay."""
    try:
        if person_id == reader().person_id:
            raise InvalidInput("yourself")
        if not request.form.get("sure"):
            raise InvalidInput("not_confirmed")
        with desk().write("desk") as session:
            erasure.begin(session, reader().actor, person_id)
    except InvalidInput as error:
        return render_person(person_id, 400, wrong=words.refusal(error))
    _go_on()
    return redirect(f"/people/{person_id}", 303)


def _go_on() -> None:
    for _ in range(MOST_AT_ONCE):
        with desk().write("desk") as session:
            if not erasure.go_on(session, desk().settings.station_language):
                return
