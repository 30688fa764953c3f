"""Endpoints of the talk about an order: its timeline, receipts, messages, questions, the desk's notes."""

from __future__ import annotations

from typing import Any

from common.database.models import OutboxRow, OutboxState
from common.errors import Forbidden, NotFound
from common.i18n import gettext
from common.messaging import outbox
from common.orders import reading
from common.people.scopes import Scope
from common.permissions import Action
from common.talk import chat, notes, questions
from webapp.api import paging
from webapp.api.endpoints import Call, Group
from webapp.api.shapes.base import PageQuery
from webapp.api.shapes.talk_shapes import (
    Fact,
    FactPage,
    Message,
    MessageIn,
    Note,
    NoteIn,
    Notes,
    QuestionIn,
    QuestionOut,
    ReceiptOut,
    Receipts,
    Talk,
)
from webapp.wording import receipts
from webapp.wording.problems import Problem

group = Group("Talk")


@group.get("/orders/{order_id}/events", Scope.ORDERS_READ, Action.DESK_SEE)
def list_events(call: Call, order_id: int, query: PageQuery) -> FactPage:
    """Read an order's timeline

    All events, oldest first; the timeline is append-only.
    """
    reading.get_order(call.session, order_id)
    seen: list[Any] = paging.decode_cursor(query.cursor) or [0]
    found = reading.events_after(call.session, order_id, seen[0], query.limit + 1)
    key = [found[query.limit - 1].id] if len(found) > query.limit else None
    return FactPage(items=[Fact.of(event) for event in found[: query.limit]], next_cursor=paging.encode_cursor(key))


@group.get("/orders/{order_id}/receipts", Scope.ORDERS_READ, Action.DESK_SEE)
def list_receipts(call: Call, order_id: int) -> Receipts:
    """List an order's receipts

    The state of each message: queued, sent, failed and why, unreachable, unknown; the newest 200.
    """
    reading.get_order(call.session, order_id)
    return Receipts(items=[ReceiptOut.of(receipt) for receipt in receipts.of_order(call.session, order_id)])


@group.get("/orders/{order_id}/talk", Scope.ORDERS_READ, Action.DESK_SEE)
def read_talk(call: Call, order_id: int) -> Talk:
    """Read the talk about an order

    Messages of both sides, and the desk's questions with their answers; the newest 200 of each.
    """
    reading.get_order(call.session, order_id)
    return Talk(
        messages=[Message.of(message) for message in chat.of_order(call.session, order_id)],
        questions=[QuestionOut.of(question) for question in questions.of_order(call.session, order_id)],
    )


@group.get("/orders/{order_id}/notes", Scope.ORDERS_READ, Action.DESK_SEE)
def list_notes(call: Call, order_id: int) -> Notes:
    """Read the desk's notes about an order

    Staff write them for one another; the mechanic never reads them.
    """
    reading.get_order(call.session, order_id)
    return Notes(items=[Note.of(note) for note in notes.of_order(call.session, order_id)])


@group.post("/orders/{order_id}/notes", Scope.ORDERS_WRITE, Action.NOTE_WRITE, status=201)
def write_note(call: Call, order_id: int, body: NoteIn) -> Note:
    """Write a note for the desk

    It is never sent as a message.
    """
    return Note.of(notes.write(call.session, call.actor, order_id, body.text, key=call.key))


@group.post("/orders/{order_id}/notes/{note_id}/strike", Scope.ORDERS_WRITE, Action.NOTE_WRITE, problems=("not-now",))
def strike_note(call: Call, order_id: int, note_id: int) -> Note:
    """Take a note back

    Your own note; it stays readable, struck out.
    """
    try:
        return Note.of(notes.strike(call.session, call.actor, order_id, note_id))
    except Forbidden as error:
        raise Problem("not-now", gettext("Only its writer strikes a note out.")) from error


@group.post("/orders/{order_id}/questions", Scope.ORDERS_WRITE, Action.QUESTION_ASK, status=201, problems=("not-now",))
def ask_question(call: Call, order_id: int, body: QuestionIn) -> QuestionOut:
    """Ask the mechanic

    A question with buttons for the answers, or one that is answered in words.
    """
    asked = questions.ask(
        call.session,
        call.actor,
        order_id,
        body.kind,
        body.question,
        expected_version=body.version,
        line_id=body.line_id,
    )
    return QuestionOut.of(asked)


@group.post("/orders/{order_id}/messages", Scope.ORDERS_WRITE, Action.MESSAGE_WRITE, status=201)
def write_message(call: Call, order_id: int, body: MessageIn) -> Message:
    """Write to the mechanic

    It is queued; `receipt_id` names it among the order's receipts.
    """
    return Message.of(chat.write(call.session, call.actor, order_id, body.text, key=call.key))


@group.post("/receipts/{receipt_id}/resend", Scope.ORDERS_WRITE, Action.MESSAGE_REPAIR, problems=("not-now",))
def resend_message(call: Call, receipt_id: int) -> ReceiptOut:
    """Send a message again

    A message that failed, was unreachable or is unknown. The doubt whether an earlier send arrived stays marked.
    """
    _check_repairable(call, receipt_id, outbox.REPAIRABLE)
    return ReceiptOut.of(receipts.of_row(call.session, outbox.resend(call.session, receipt_id)))


@group.post("/receipts/{receipt_id}/arrived", Scope.ORDERS_WRITE, Action.MESSAGE_REPAIR, problems=("not-now",))
def mark_arrived(call: Call, receipt_id: int) -> ReceiptOut:
    """Mark an unknown message as arrived

    Telegram never answered, but staff asked the recipient.
    """
    _check_repairable(call, receipt_id, (OutboxState.HELD,))
    return ReceiptOut.of(receipts.of_row(call.session, outbox.mark_arrived(call.session, receipt_id)))


def _check_repairable(call: Call, receipt_id: int, states: tuple[OutboxState, ...]) -> None:
    """Raises: NotFound, Problem `not-now`."""
    row = call.session.get(OutboxRow, receipt_id, with_for_update=True)
    if row is None:
        raise NotFound("message", receipt_id)
    if row.state not in states:
        raise Problem("not-now", gettext("The message’s state does not allow it."))
