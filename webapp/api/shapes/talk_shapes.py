"""Answers and requests about an order's talk: events, receipts, messages, questions, notes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from common.database.models import AuditEntry, ChatMessage, DeskNote, Event, Question, Via
from common.talk import chat, notes, questions
from common.talk.questions import is_open
from webapp.api.shapes.base import Id, Moment, RequestModel, ResponseModel, string
from webapp.api.shapes.order_shapes import WHEN, PersonName, Version
from webapp.wording.receipts import Receipt

EVENT: dict[str, Any] = {
    "id": 91,
    "kind": "order.taken",
    "at": WHEN,
    "person": {"id": 1, "name": "Rina"},
    "via": "api",
    "version": 2,
    "facts": {"before": "new", "after": "in_work"},
}


class Fact(ResponseModel):
    """An event of an order or of the audit: who, what, before and after, from where."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    id: Id
    kind: str
    at: Moment
    person: PersonName | None
    via: Via
    version: Annotated[int, Field(description="The order's version after the event.")]
    facts: dict[str, Any]

    @classmethod
    def of(cls, event: Event | AuditEntry) -> Fact:
        return cls(
            id=event.id,
            kind=event.kind,
            at=event.at,
            person=PersonName.of(event.actor) if event.actor else None,
            via=event.via,
            version=event.version,
            facts=event.arguments,
        )


class FactPage(ResponseModel):
    """A timeline, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EVENT], "next_cursor": None}]})

    items: list[Fact]
    next_cursor: str | None


RECEIPT: dict[str, Any] = {
    "id": 310,
    "kind": "notice.ready",
    "receipt": "sent",
    "at": WHEN,
    "sent_at": WHEN,
    "next_try_at": None,
    "attempts": 1,
    "may_have_arrived_twice": False,
    "reason": "",
    "detail": "",
    "text": "Order 42 is ready.",
    "may_resend": False,
}


class ReceiptOut(ResponseModel):
    """The known state of one message to a chat; it cannot tell more than Telegram's answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECEIPT]})

    id: Id
    kind: str
    receipt: Literal["queued", "sent", "failed", "unreachable", "unknown"]
    at: Moment
    sent_at: Moment | None
    next_try_at: Moment | None
    attempts: int
    may_have_arrived_twice: bool
    reason: Annotated[
        str, Field(description="A code for the reason of this state or of the next attempt; empty: there is no reason.")
    ]
    detail: Annotated[str, Field(description="The details of the reason: Telegram's words, or an error's name.")]
    text: Annotated[str | None, Field(description="The text as it was sent; null for kinds whose text is not kept.")]
    may_resend: bool

    @classmethod
    def of(cls, receipt: Receipt) -> ReceiptOut:
        return cls(
            id=receipt.id,
            kind=receipt.kind,
            receipt=receipt.code,  # type: ignore[arg-type]  # checked right here
            at=receipt.at,
            sent_at=receipt.sent_at,
            next_try_at=receipt.next_try,
            attempts=receipt.attempts,
            may_have_arrived_twice=bool(receipt.doubt),
            reason=receipt.reason or "",
            detail=receipt.detail,
            text=receipt.text,
            may_resend=receipt.may_resend,
        )


class Receipts(ResponseModel):
    """The newest 200 messages of an order, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [RECEIPT]}]})

    items: list[ReceiptOut]


MESSAGE: dict[str, Any] = {
    "id": 17,
    "person": {"id": 1, "name": "Rina"},
    "text": "The filter is here in an hour.",
    "at": WHEN,
    "edited_at": None,
    "receipt_id": 311,
}
QUESTION: dict[str, Any] = {
    "id": 6,
    "kind": "side",
    "text": "Which door is it?",
    "line_id": 7,
    "asked_at": WHEN,
    "answer": "left",
    "answered_at": WHEN,
    "is_open": False,
}


class Message(ResponseModel):
    """A message in an order, by its mechanic or by staff."""

    model_config = ConfigDict(json_schema_extra={"examples": [MESSAGE]})

    id: Id
    person: PersonName
    text: str
    at: Moment
    edited_at: Moment | None
    receipt_id: Annotated[Id | None, Field(description="The receipt of a message that staff wrote.")]

    @classmethod
    def of(cls, message: ChatMessage) -> Message:
        return cls(
            id=message.id,
            person=PersonName.of(message.author),
            text=message.text,
            at=message.at,
            edited_at=message.edited_at,
            receipt_id=message.outbox_id,
        )


class QuestionOut(ResponseModel):
    """A question of the desk, and its answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})

    id: Id
    kind: str
    text: str
    line_id: Id | None
    asked_at: Moment
    answer: Annotated[
        str, Field(description="The answer: a code of the question's kind, or words; empty: there is no answer yet.")
    ]
    answered_at: Moment | None
    is_open: bool

    @classmethod
    def of(cls, question: Question) -> QuestionOut:
        return cls(
            id=question.id,
            kind=question.kind,
            text=question.text,
            line_id=question.line_id,
            asked_at=question.asked_at,
            answer=question.answer,
            answered_at=question.answered_at,
            is_open=is_open(question),
        )


class Talk(ResponseModel):
    """The talk about an order: the newest 200 messages and every question, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"messages": [MESSAGE], "questions": [QUESTION]}]})

    messages: list[Message]
    questions: list[QuestionOut]


class SubstituteIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"substitute": "Bosch F 026 407 006", "version": 2}]})

    substitute: Annotated[str, string(questions.MAX_SUBSTITUTE, 1)]
    version: Version


class QuestionIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "side", "question": "Which door is it?", "version": 2}]}
    )

    kind: Annotated[
        Literal["side", "yes_no", "free"],
        Field(description="The offered answers; `free`: the mechanic answers in words."),
    ]
    question: Annotated[str, string(questions.MAX_QUESTION, 1)]
    line_id: Annotated[Id | None, Field(description="The line that the question is about.")] = None
    version: Version


class MessageIn(RequestModel):
    """Words for the mechanic. They fit every state of the order, so the request has no version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The filter is here in an hour."}]})

    text: Annotated[str, string(chat.MAX_MESSAGE, 1)]


class DecisionIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "accept", "version": 2}]})

    decision: Literal["accept", "refuse"]
    version: Version


NOTE: dict[str, Any] = {
    "id": 9,
    "person": {"id": 1, "name": "Rina"},
    "text": "The supplier wants cash.",
    "at": WHEN,
    "struck_at": None,
}


class Note(ResponseModel):
    """A note that staff wrote for one another. The mechanic never reads it."""

    model_config = ConfigDict(json_schema_extra={"examples": [NOTE]})

    id: Id
    person: PersonName
    text: str
    at: Moment
    struck_at: Annotated[Moment | None, Field(description="When the writer struck the note out; it stays readable.")]

    @classmethod
    def of(cls, note: DeskNote) -> Note:
        person = PersonName.of(note.author)
        return cls(id=note.id, person=person, text=note.text, at=note.at, struck_at=note.struck_at)


class Notes(ResponseModel):
    """The newest 200 notes of an order, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [NOTE]}]})

    items: list[Note]


class NoteIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The supplier wants cash."}]})

    text: Annotated[str, string(notes.MAX_NOTE, 1)]
