"""Undo: the person who moved an order takes the move back, within ten seconds, if the order has not changed since."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from common.errors import InvalidInput, StaleVersion
from common.orders.undo import undo_move
from common.permissions import Action
from webapp.orders import board_page, order_page
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.web.numbers import version_seen
from webapp.wording import words

blueprint = Blueprint("undo", __name__, url_prefix="/orders")


@blueprint.post("/<id:order_id>/undo")
@needs(Action.ORDER_MOVE)
def undo(order_id: int) -> Response:
    """Undo the reader's last move; 409 and the changes if the order has changed since."""
    from_board = request.form.get("back") == "board"
    seen = 0
    try:
        seen = version_seen()
        with desk().write("desk") as session:
            undo_move(session, reader().actor, order_id, expected_version=seen)
    except StaleVersion:
        return order_page.stale_move_response(order_id, seen, from_board)
    except InvalidInput as error:
        return _refusal_response(order_id, from_board, error)
    return order_page.redirect_after_move(order_id, from_board)


def _refusal_response(order_id: int, from_board: bool, error: InvalidInput) -> Response:
    if from_board and request.headers.get("HX-Request"):
        return make_response(board_page.render_inside(wrong=words.refusal(error)), 409)
    return order_page.render_order_page(order_id, 400 if error.code == "form" else 409, wrong=words.refusal(error))
