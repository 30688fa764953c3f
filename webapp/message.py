"""Repairing a message: send it again, or say that it arrived."""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from common import outbox
from common.permissions import Action
from webapp.desk import desk
from webapp.order import MOST_ID
from webapp.sessions import needs

blueprint = Blueprint("message", __name__, url_prefix="/messages")


def _back(order_id: int | None) -> Response:
    return redirect(f"/orders/{order_id}#messages" if order_id else "/", 303)


@blueprint.post(f"/<int(max={MOST_ID}):row_id>/resend")
@needs(Action.MESSAGE_REPAIR)
def resend(row_id: int) -> Response:
    with desk().database.write() as session:
        order_id = outbox.resend(session, row_id).order_id
    return _back(order_id)


@blueprint.post(f"/<int(max={MOST_ID}):row_id>/arrived")
@needs(Action.MESSAGE_REPAIR)
def arrived(row_id: int) -> Response:
    with desk().database.write() as session:
        order_id = outbox.mark_arrived(session, row_id).order_id
    return _back(order_id)
