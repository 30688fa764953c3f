"""Endpoints of serving an order: its lines, questions, messages, what the mechanic wants changed, messages repaired."""

from __future__ import annotations

from common import chat, lines, outbox, questions, requests
from common.errors import NotFound
from common.models import ChangeRequest, OutboxRow, OutboxState
from common.permissions import Action
from common.scopes import Scope
from webapp import receipts
from webapp.api.endpoints import Call, Group
from webapp.api.order_shapes import (
    DecisionIn,
    LineChangeIn,
    Message,
    MessageIn,
    QuestionIn,
    QuestionOut,
    ReceiptOut,
    SubstituteIn,
    WholeOrder,
)
from webapp.api.orders import coming, whole
from webapp.api.problems import Problem

group = Group("Serving an order")


@group.patch("/orders/{order_id}/lines/{line_id}", Scope.ORDERS_WRITE, Action.LINE_CHANGE, problems=("not-now",))
def change_line(call: Call, order_id: int, line_id: int, body: LineChangeIn) -> WholeOrder:
    """Change a line's state

    Here, ordered with an expected day, unavailable, issued, returned. Lines never move their order.
    """
    lines.change_line(
        call.session,
        order_id,
        line_id,
        body.state,
        call.actor,
        expected_version=body.version,
        expected_on=coming(body.expected_on),
    )
    return whole(call.session, order_id)


@group.post(
    "/orders/{order_id}/lines/{line_id}/substitute", Scope.ORDERS_WRITE, Action.QUESTION_ASK, problems=("not-now",)
)
def propose_substitute(call: Call, order_id: int, line_id: int, body: SubstituteIn) -> WholeOrder:
    """Propose a substitute for a line

    The mechanic is asked in Telegram; the answer changes the line.
    """
    questions.propose(call.session, order_id, line_id, body.substitute, call.actor, expected_version=body.version)
    return whole(call.session, order_id)


@group.post("/orders/{order_id}/questions", Scope.ORDERS_WRITE, Action.QUESTION_ASK, status=201, problems=("not-now",))
def ask_question(call: Call, order_id: int, body: QuestionIn) -> QuestionOut:
    """Ask the mechanic

    A question with buttons for the answers, or one to answer in words.
    """
    asked = questions.ask(
        call.session,
        order_id,
        body.kind,
        body.question,
        call.actor,
        expected_version=body.version,
        line_id=body.line_id,
    )
    return QuestionOut.of(asked)


@group.post("/orders/{order_id}/messages", Scope.ORDERS_WRITE, Action.MESSAGE_WRITE, status=201)
def write_message(call: Call, order_id: int, body: MessageIn) -> Message:
    """Write to the mechanic

    It leaves through the outbox; `receipt_id` names its row among the order's receipts.
    """
    return Message.of(chat.write(call.session, order_id, body.text, call.actor, key=call.key))


@group.post(
    "/orders/{order_id}/requests/{request_id}/decision",
    Scope.ORDERS_WRITE,
    Action.REQUEST_DECIDE,
    problems=("not-now",),
)
def decide_request(call: Call, order_id: int, request_id: int, body: DecisionIn) -> WholeOrder:
    """Decide what the mechanic wants changed

    Accepted, it is done; refused, a notice tells the mechanic.
    """
    asked = call.session.get(ChangeRequest, request_id)
    if asked is None or asked.order_id != order_id:
        raise NotFound("request", request_id)
    how = requests.accept if body.decision == "accept" else requests.refuse
    how(call.session, request_id, call.actor, expected_version=body.version)
    return whole(call.session, order_id)


@group.post("/receipts/{receipt_id}/resend", Scope.ORDERS_WRITE, Action.MESSAGE_REPAIR, problems=("not-now",))
def resend_message(call: Call, receipt_id: int) -> ReceiptOut:
    """Send a message again

    One that failed, was unreachable or is unknown. What may have arrived before stays marked.
    """
    _check_repairable(call, receipt_id, outbox.REPAIRABLE)
    return ReceiptOut.of(receipts.of_row(call.session, outbox.resend(call.session, receipt_id)))


@group.post("/receipts/{receipt_id}/arrived", Scope.ORDERS_WRITE, Action.MESSAGE_REPAIR, problems=("not-now",))
def mark_arrived(call: Call, receipt_id: int) -> ReceiptOut:
    """Say that an unknown message has arrived

    Telegram never answered, and somebody has asked.
    """
    _check_repairable(call, receipt_id, (OutboxState.HELD,))
    return ReceiptOut.of(receipts.of_row(call.session, outbox.mark_arrived(call.session, receipt_id)))


def _check_repairable(call: Call, receipt_id: int, states: tuple[OutboxState, ...]) -> None:
    """Raises: NotFound, Problem `not-now`."""
    row = call.session.get(OutboxRow, receipt_id, with_for_update=True)
    if row is None:
        raise NotFound("message", receipt_id)
    if row.state not in states:
        raise Problem("not-now", f"the message is {outbox.RECEIPTS.get(row.state, row.state.value)}")
