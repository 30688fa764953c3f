"""Endpoints of serving an order: its lines, substitutes, the mechanic's requests for changes."""

from __future__ import annotations

from common.database.models import ChangeRequest
from common.errors import NotFound
from common.orders import lines, owners
from common.orders.content import corrections
from common.orders.content.corrections import Wanted
from common.people.scopes import Scope
from common.permissions import Action
from common.talk import change_requests, questions
from webapp.api.endpoints import Call, Group
from webapp.api.resources.orders import check_not_past, read_whole_order
from webapp.api.shapes.order_bodies import LineChangeIn, LineWantedIn, OwnerIn
from webapp.api.shapes.order_shapes import WholeOrder
from webapp.api.shapes.talk_shapes import DecisionIn, SubstituteIn

group = Group("Serving an order")


@group.patch("/orders/{order_id}/lines/{line_id}", Scope.ORDERS_WRITE, Action.LINE_CHANGE, problems=("not-now",))
def change_line(call: Call, order_id: int, line_id: int, body: LineChangeIn) -> WholeOrder:
    """Change a line's state

    Here, ordered with an expected day, unavailable, issued, returned. Lines never move their order.
    """
    lines.change_line(
        call.session,
        call.actor,
        order_id,
        line_id,
        body.state,
        expected_version=body.version,
        expected_on=check_not_past(body.expected_on),
        supplier=body.supplier,
        reason=body.reason,
    )
    return read_whole_order(call.session, order_id)


@group.patch("/orders/{order_id}/lines/{line_id}/wanted", Scope.ORDERS_WRITE, Action.LINE_CHANGE, problems=("not-now",))
def correct_line(call: Call, order_id: int, line_id: int, body: LineWantedIn) -> WholeOrder:
    """Correct what is wanted of a line

    Its quantity, its unit and its remark, as long as it is not handed out. What is so already changes nothing.
    """
    wanted = Wanted(body.quantity, body.unit, body.remark)
    corrections.correct_line(call.session, call.actor, order_id, line_id, wanted, expected_version=body.version)
    return read_whole_order(call.session, order_id)


@group.post("/orders/{order_id}/owner", Scope.ORDERS_WRITE, Action.ORDER_ASSIGN, problems=("not-now",))
def set_owner(call: Call, order_id: int, body: OwnerIn) -> WholeOrder:
    """Set an order's owner

    A person who serves orders, or none. A new owner whom another person sets is told in Telegram.
    """
    owners.assign(call.session, call.actor, order_id, body.person_id, expected_version=body.version)
    return read_whole_order(call.session, order_id)


@group.post(
    "/orders/{order_id}/lines/{line_id}/substitute", Scope.ORDERS_WRITE, Action.QUESTION_ASK, problems=("not-now",)
)
def propose_substitute(call: Call, order_id: int, line_id: int, body: SubstituteIn) -> WholeOrder:
    """Propose a substitute for a line

    The mechanic is asked in Telegram; the answer changes the line.
    """
    questions.propose_substitute(
        call.session, call.actor, order_id, line_id, body.substitute, expected_version=body.version
    )
    return read_whole_order(call.session, order_id)


@group.post(
    "/orders/{order_id}/requests/{request_id}/decision",
    Scope.ORDERS_WRITE,
    Action.REQUEST_DECIDE,
    problems=("not-now",),
)
def decide_request(call: Call, order_id: int, request_id: int, body: DecisionIn) -> WholeOrder:
    """Decide a mechanic's request for a change

    An accepted change is made; of a refused one the mechanic gets a notice.
    """
    asked = call.session.get(ChangeRequest, request_id)
    if asked is None or asked.order_id != order_id:
        raise NotFound("request", request_id)
    how = change_requests.accept if body.decision == "accept" else change_requests.refuse
    how(call.session, call.actor, request_id, expected_version=body.version)
    return read_whole_order(call.session, order_id)
