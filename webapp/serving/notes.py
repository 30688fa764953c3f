"""Notes of the desk on an order's page: only staff read them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.errors import Forbidden, InvalidInput
from common.i18n import gettext
from common.permissions import Action
from common.talk import notes
from webapp.orders import order_page
from webapp.orders.order_forms import key_given
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import words

blueprint = Blueprint("notes", __name__, url_prefix="/orders/<id:order_id>/notes")


def _save_change(order_id: int, change: Callable[[Session], object]) -> WerkzeugResponse:
    """A note fits every state of the order, so the form holds no version."""
    try:
        with desk().write("desk") as session:
            change(session)
    except InvalidInput as error:
        return order_page.render_order_page(order_id, 400, wrong=words.refusal(error))
    except Forbidden:
        return order_page.render_order_page(order_id, 403, wrong=gettext("Only its writer strikes a note out."))
    return redirect(f"/orders/{order_id}#notes", 303)


@blueprint.post("")
@needs(Action.NOTE_WRITE)
def write(order_id: int) -> WerkzeugResponse:
    """Write a note for the desk; it is never sent."""
    text = request.form.get("note", "")
    return _save_change(order_id, lambda session: notes.write(session, reader().actor, order_id, text, key=key_given()))


@blueprint.post("/<id:note_id>/strike")
@needs(Action.NOTE_WRITE)
def strike(order_id: int, note_id: int) -> WerkzeugResponse:
    """Strike a note out, as its writer; it stays readable."""
    return _save_change(order_id, lambda session: notes.strike(session, reader().actor, order_id, note_id))
