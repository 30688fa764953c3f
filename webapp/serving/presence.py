"""Who has an order's page open: the page says so while somebody sees it, and when it goes."""

from __future__ import annotations

from flask import Blueprint, Response, request

from common.talk import presence
from webapp.web.access import signed_in
from webapp.web.context import desk, reader

blueprint = Blueprint("presence", __name__, url_prefix="/orders")


@blueprint.post("/<id:order_id>/look")
@signed_in
def look(order_id: int) -> Response:
    """The reader has the order's page open; with `gone`, not any more. Nobody stays signed in by it."""
    with desk().database.write("desk") as session:
        said = presence.mark_closed if request.form.get("gone") else presence.mark_open
        said(session, order_id, reader().person_id)
    return Response(status=204)
