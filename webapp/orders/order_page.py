"""One order: its lines, its moves, what happened, what was said to whom."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from common.cars import vehicle_history, vins
from common.counter import pickup
from common.database.engine import revision
from common.database.models import Chat, Order, OrderLine
from common.errors import InvalidInput, StaleVersion, WrongState
from common.i18n import gettext
from common.orders import lines, moves, overdue, owners, progress, reading, reasons, undo
from common.orders.moves import Move
from common.orders.states import BOARD, EXPLAINED, SERVED
from common.people import rights
from common.permissions import Action
from common.signing import fresh_code
from common.talk import change_requests, notes, presence, quick_replies
from common.talk.questions import ANSWERS
from common.talk.quick_replies import FilledText
from webapp.orders import board, order_forms
from webapp.talk import attached, order_talk, receipts, timeline
from webapp.web.access import needs, signed_in
from webapp.web.context import desk, reader
from webapp.web.numbers import version_seen
from webapp.wording import times, words

blueprint = Blueprint("order", __name__, url_prefix="/orders")
MAX_HISTORY = 5


@blueprint.get("/<id:order_id>")
@signed_in
def page(order_id: int) -> Response:
    return render_order_page(order_id)


@blueprint.get("/<id:order_id>/live")
@signed_in
def inside(order_id: int) -> Response:
    """The page's inside, for live updates."""
    return render_order_page(order_id, template="orders/order_inside.html")


def render_order_page(
    order_id: int,
    code: int = 200,
    template: str = "orders/order_page.html",
    wrong: str = "",
    stale_since: int | None = None,
    picked: FilledText | None = None,
) -> Response:
    """The page, with whatever was typed into one of its forms in its place.

    Args:
        stale_since: the version a refused change was made for: the page tells what happened since then.
        picked: a quick reply for the message box, behind what is typed there already.
    """
    with desk().database.read() as session:
        number = revision(session)
        order = reading.read_order(session, order_id)
        sent = receipts.of_order(session, order_id)
        talk = order_talk.of_order(session, order, sent)
        chat = session.get(Chat, order.person.telegram_id) if order.person.telegram_id else None
        body = render_template(
            template,
            order=order,
            revision=number,
            moves=moves.moves_from(order.state),
            limit=board.age_limit(order.state) if order.state in BOARD else None,
            facts=timeline.with_messages(timeline.of_order(session, order_id), sent),
            attached=attached.of_order(session, order_id),
            receipts=order_talk.receipts_beside_talk(sent, talk),
            talk=talk,
            brought=attached.of_chat(session, order_id),
            notes=notes.of_order(session, order_id),
            wishes=change_requests.open_requests(session, order),
            planned=pickup.current_plan(session, order),
            changes_of=lines.changes_from,
            replies=quick_replies.active_replies(session) if reader().may(Action.MESSAGE_WRITE) else [],
            message=_message_draft(picked),
            picked=words.quick_reply_warnings(picked, order.person.language) if picked else "",
            staff=owners.candidates(session),
            progress=progress.of(order),
            shows_progress=progress.of(order).is_partial and order.state in SERVED,
            shows_reason=bool(order.reason) and order.state in EXPLAINED,
            suggested=progress.suggested_move(order),
            late_lines=[line.id for line in overdue.overdue_lines(order, times.today())],
            waits_too_long=overdue.is_past_day(order, times.today()),
            offered=reasons.OFFERED,
            answers=ANSWERS,
            fresh_key=fresh_code(),
            chat=chat,
            offers_link=_offers_link(order, chat),
            before=_last_orders_of_car(session, order),
            same_before=_earlier_parts_of_car(session, order),
            made=vins.describe_vin((order.vehicle and order.vehicle.vin) or ""),
            offers=undo.undo_offers(session, reader().person_id),
            looking=presence.viewers(session, [order_id], except_=reader().person_id).get(order_id, []),
            meanwhile=timeline.since(session, order_id, stale_since) if stale_since is not None else [],
            is_stale=stale_since is not None,
            kept=order_forms.typed_texts(),
            wrong=wrong,
            typed=request.form,
            typed_line=(request.view_args or {}).get("line_id"),
        )
    return make_response(body, code)


def _offers_link(order: Order, chat: Chat | None) -> bool:
    """Whether the reader is offered a new link for the mechanic, whom the bot does not reach."""
    person = order.person
    is_reached = person.telegram_id is not None and not (chat and chat.unreachable)
    return not is_reached and person.archived_at is None and rights.may_invite(reader().actor, person.role)


def _message_draft(picked: FilledText | None) -> str:
    """What stands in the message box."""
    typed = request.form.get("text", "")
    return "\n".join(text for text in (typed.rstrip(), picked.text) if text) if picked else typed


def _last_orders_of_car(session: Session, order: Order) -> list[Order]:
    """The car's last orders before this one."""
    if order.vehicle_id is None:
        return []
    return vehicle_history.last_orders(session, order.vehicle_id, limit=MAX_HISTORY, before=order.id)


def _earlier_parts_of_car(session: Session, order: Order) -> dict[int, OrderLine]:
    """By part, when this car got the same one before."""
    parts = [line.part_id for line in order.lines if line.part_id is not None]
    if order.vehicle_id is None or not parts:
        return {}
    return vehicle_history.same_parts_before(session, order.vehicle_id, parts, before=order.id)


@blueprint.post("/<id:order_id>/moves")
@needs(Action.ORDER_MOVE)
def move(order_id: int) -> WerkzeugResponse:
    """Move it, if it is still as the reader saw it: 409 and what happened meanwhile if not."""
    from_board = request.form.get("back") == "board"
    seen = 0
    try:
        wanted, seen = _requested_move()
        with desk().database.write("desk") as session:
            undo.move_with_undo(
                session,
                order_id,
                wanted,
                reader().actor,
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


def redirect_after_move(order_id: int, from_board: bool) -> WerkzeugResponse:
    """Back to where the press came from."""
    if not from_board:
        return redirect(f"/orders/{order_id}", 303)
    if request.headers.get("HX-Request"):
        return make_response(board.render_columns())
    return redirect("/", 303)


def stale_move_response(order_id: int, seen: int, from_board: bool) -> Response:
    """What happened to the order since the reader saw it, where the press came from."""
    if not (from_board and request.headers.get("HX-Request")):
        return render_order_page(order_id, 409, stale_since=seen)
    with desk().database.read() as session:
        facts = timeline.since(session, order_id, seen)
    happened = facts[-1].sentence if facts else gettext("It changed meanwhile.")
    return make_response(board.render_columns([(order_id, happened)]), 409)
