"""The requests of strangers who ask to join: a manager accepts or refuses."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from common.database.models import JoinRequest
from common.errors import InvalidInput
from common.i18n import gettext as _
from common.people import join_requests
from common.people.join_requests import State
from common.permissions import Action
from webapp.people.people_page import render_people
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("join_requests", __name__, url_prefix="/people/requests")
DECISIONS = {"let_in": State.APPROVED, "refuse": State.REFUSED}


@blueprint.post("/<id:request_id>")
@needs(Action.PEOPLE_ADMIT)
def decide(request_id: int) -> Response:
    """Accept or refuse; 409 and the decider's name if the request was decided already."""
    wanted = DECISIONS.get(request.form.get("decision", ""))
    if wanted is None:
        abort(400)
    try:
        with desk().write() as session:
            asked, is_ours = join_requests.decide(
                session, reader().actor, request_id, wanted, name=request.form.get("name", "")
            )
            told = "" if is_ours or asked.state is wanted else _decided_text(asked)
    except InvalidInput as error:
        return render_people(code=400, told=words.refusal(error))
    return render_people(code=409, told=told) if told else redirect("/people", 303)


def _decided_text(asked: JoinRequest) -> str:
    """The earlier decision, and who made it."""
    facts = {"name": asked.name, "who": asked.decider.name if asked.decider else "?"}
    if asked.state is State.APPROVED:
        return _("%(name)s is in already: %(who)s decided.") % facts
    return _("%(name)s was refused already: %(who)s decided.") % facts
