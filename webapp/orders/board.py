"""The board's routes: the page, its live updates, and the alarm for new orders."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from common import i18n
from common.database.engine import revision
from common.orders import open_orders
from common.orders.open_orders import NewOrder
from common.permissions import Action
from common.talk import presence
from webapp.orders.board_page import MAX_CARDS, read_board, read_board_page, read_inside, render_columns
from webapp.web import live
from webapp.web.access import signed_in
from webapp.web.context import desk, is_signed_in, reader

blueprint = Blueprint("board", __name__)


@blueprint.get("/")
@signed_in
def page() -> str:
    with desk().database.read() as session:
        return render_template("orders/board.html", page=read_board_page(session))


@blueprint.get("/board/columns")
@live.limit_concurrency
@signed_in
def columns() -> str:
    """The board's inside, for live updates. Readers with the same language and rights share one rendering."""
    me, may_move = reader().person_id, reader().may(Action.ORDER_MOVE)
    with desk().database.read() as session:
        number = revision(session)
        # A reader is not told that they have an order open themselves: such a reader's columns are not shared.
        alone = me if presence.has_order_open(session, me) else None
        own = read_inside(session, Markup(""))
    kept = desk().page_cache.get_or_render(
        (i18n.language(), may_move, alone), number, lambda: _shared_columns(may_move=may_move, except_=alone)
    )
    return render_template("orders/board_inside.html", page=replace(own, columns=Markup(kept)))  # noqa: S704 our own


def _shared_columns(*, may_move: bool, except_: int | None) -> str:
    with desk().database.read() as session:
        return render_columns(read_board(session, may_move=may_move, except_=except_))


@blueprint.get("/board/new")
@signed_in
def new() -> Response:
    """Orders that are not taken yet, newest first, for the alarm."""
    with desk().database.read() as session:
        found = open_orders.new_orders(session, MAX_CARDS)
    return jsonify(orders=[{"id": order.order_id, "text": _alarm_text(order)} for order in found])


def _alarm_text(order: NewOrder) -> str:
    """The car and the person, each in its own direction: a notification is plain text."""
    plate = [i18n.left_to_right(order.plate)] if order.plate else []
    return " · ".join([*plate, i18n.isolated(order.person)])


@blueprint.get("/events")
@signed_in
def events() -> Response:
    """The live stream; 503 when the maximum of streams is reached: then the page polls."""
    hub = desk().hub
    stream = hub.join(reader().session_digest)
    if stream is None:
        return Response(status=503, headers={"Retry-After": "30"})
    try:
        # Read after joining: a change between the two would otherwise be lost.
        with desk().database.read() as session:
            first = revision(session)
    except SQLAlchemyError:
        hub.leave(stream)
        raise
    told = live.events(hub, stream, first, is_signed_in(desk().database, reader().session_digest))
    answer = Response(told, mimetype="text/event-stream")
    answer.call_on_close(lambda: hub.leave(stream))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer
