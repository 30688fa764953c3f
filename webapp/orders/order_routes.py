"""The routes of one order: its page, and its moves."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as WerkzeugResponse

from common.errors import InvalidInput, StaleVersion, WrongState
from common.orders import undo
from common.orders.moves import Move
from common.permissions import Action
from webapp.orders import order_forms
from webapp.orders.order_page import redirect_after_move, render_order_page, stale_move_response
from webapp.web.access import needs, signed_in
from webapp.web.context import desk, reader
from webapp.web.numbers import version_seen
from webapp.wording import words

blueprint = Blueprint("order", __name__, url_prefix="/orders")


@blueprint.get("/<id:order_id>")
@signed_in
def page(order_id: int) -> Response:
    return render_order_page(order_id)


@blueprint.get("/<id:order_id>/live")
@signed_in
def inside(order_id: int) -> Response:
    """The page's inside, for live updates."""
    return render_order_page(order_id, template="orders/order_inside.html")


@blueprint.post("/<id:order_id>/moves")
@needs(Action.ORDER_MOVE)
def move(order_id: int) -> WerkzeugResponse:
    """Move it, if it has not changed since the reader saw it; else 409 and the changes."""
    from_board = request.form.get("back") == "board"
    seen = 0
    try:
        wanted, seen = _requested_move()
        with desk().write("desk") as session:
            undo.move_with_undo(
                session,
                reader().actor,
                order_id,
                wanted,
                expected_version=seen,
                within=timedelta(seconds=desk().settings.timing.undo),
                reason=order_forms.reason_given(),
                expected_on=None if order_forms.day_unknown() else order_forms.day_given(),
                day_unknown=order_forms.day_unknown(),
                collector=order_forms.collector_given(),
            )
    except (StaleVersion, WrongState):
        return stale_move_response(order_id, seen, from_board)
    except InvalidInput as error:
        return render_order_page(order_id, 400, wrong=words.refusal(error))
    return redirect_after_move(order_id, from_board)


def _requested_move() -> tuple[Move, int]:
    """Raises: InvalidInput."""
    wanted = request.form.get("move", "")
    if wanted not in set(Move):
        raise InvalidInput("form")
    return Move(wanted), version_seen()
