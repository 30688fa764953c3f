"""Who has an order's page open: the page reports it while it is visible, and when it is left."""

from __future__ import annotations

from flask import Blueprint, Response, request

from common.talk import presence
from webapp.web.access import signed_in
from webapp.web.context import desk, reader

blueprint = Blueprint("presence", __name__, url_prefix="/orders")


@blueprint.post("/<id:order_id>/look")
@signed_in
def look(order_id: int) -> Response:
    """Record that the reader has the order's page open; with `gone`, has left it. It does not prolong the session."""
    with desk().write("desk") as session:
        mark = presence.mark_closed if request.form.get("gone") else presence.mark_open
        mark(session, order_id, reader().person_id)
    return Response(status=204)
