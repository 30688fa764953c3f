"""Repairing a message: send it again, or mark it as arrived."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from common.database.models import OutboxRow
from common.errors import NotFound
from common.messaging import outbox
from common.permissions import Action
from webapp.web.access import needs
from webapp.web.context import desk
from webapp.wording.error_pages import error_page

blueprint = Blueprint("message_repair", __name__, url_prefix="/messages")


def _repair(how: Callable[[Session, int], OutboxRow], row_id: int) -> Response:
    """Repair it; 409 if another reader has done it already."""
    try:
        with desk().write() as session:
            order_id = how(session, row_id).order_id
    except NotFound:
        with desk().database.read() as session:
            return error_page(404 if session.get(OutboxRow, row_id) is None else 409)
    return redirect(f"/orders/{order_id}#messages" if order_id else "/", 303)


@blueprint.post("/<id:row_id>/resend")
@needs(Action.MESSAGE_REPAIR)
def resend(row_id: int) -> Response:
    return _repair(outbox.resend, row_id)


@blueprint.post("/<id:row_id>/arrived")
@needs(Action.MESSAGE_REPAIR)
def mark_arrived(row_id: int) -> Response:
    return _repair(outbox.mark_arrived, row_id)
