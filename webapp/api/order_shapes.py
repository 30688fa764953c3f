"""What orders look like from outside, and what may be asked of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from common import chat, orders, questions
from common.models import (
    Additives,
    ChangeRequest,
    ChatMessage,
    Event,
    Grade,
    LineState,
    Order,
    OrderLine,
    OrderState,
    Person,
    Question,
    RequestState,
    Vehicle,
    Via,
)
from common.orders import MAX_QUANTITY, Move
from common.plates import MAX_TYPED
from common.questions import is_open
from webapp.api.shapes import Asked, Day, Id, Moment, Names, Paged, Told, string
from webapp.receipts import Receipt

Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The order's version as you saw it.")]
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
WHEN = "2026-11-25T08:12:30Z"


class PersonName(Told):
    """Somebody, by number and name."""

    id: Id
    name: str

    @classmethod
    def of(cls, person: Person) -> PersonName:
        return cls(id=person.id, name=person.name)


class Car(Told):
    """A car as the station knows it."""

    id: Id
    plate: Annotated[str, Field(description="As people write it; the VIN where there is no plate.")]
    vin: str | None
    country: str

    @classmethod
    def of(cls, vehicle: Vehicle) -> Car:
        return cls(id=vehicle.id, plate=vehicle.display, vin=vehicle.vin, country=vehicle.country)


class Line(Told):
    """One wanted part, in the words of when it was ordered."""

    id: Id
    position: int
    part_id: Id | None
    names: Names
    text: Annotated[str | None, Field(description="What was written, where it is no part of the catalogue.")]
    quantity: int
    grade: Grade
    state: LineState
    expected_on: Day | None
    substitute: Annotated[str, Field(description="What is proposed instead, or was accepted; else empty.")]

    @classmethod
    def of(cls, line: OrderLine) -> Line:
        names = {language: words for language, words in line.words.items() if language}
        return cls(
            id=line.id,
            position=line.position,
            part_id=line.part_id,
            names=names,
            text=line.words.get(""),
            quantity=line.quantity,
            grade=line.grade,
            state=line.state,
            expected_on=line.expected_on,
            substitute=line.substitute,
        )


LINE: dict[str, Any] = {
    "id": 7,
    "position": 1,
    "part_id": 12,
    "names": {"ru": "Масляный фильтр", "he": "מסנן שמן", "en": "Oil filter"},
    "text": None,
    "quantity": 2,
    "grade": "any",
    "state": "requested",
    "expected_on": None,
    "substitute": "",
}
ORDER: dict[str, Any] = {
    "id": 42,
    "state": "in_work",
    "state_since": WHEN,
    "version": 2,
    "person": {"id": 3, "name": "Dima"},
    "owner": {"id": 1, "name": "Rina"},
    "vehicle": {"id": 5, "plate": "12-345-67", "vin": None, "country": "il"},
    "lines": [LINE],
    "comment": "for the red one",
    "additives": "",
    "reason": "",
    "expected_on": None,
    "issued_to": "",
    "created_at": WHEN,
    "updated_at": WHEN,
}


class OrderBrief(Told):
    """An order with its lines, as lists show it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER]})

    id: Annotated[Id, Field(description="Also the number people say.")]
    state: OrderState
    state_since: Moment
    version: Annotated[int, Field(description="Send it with a change: it is refused if the order is another by then.")]
    person: Annotated[PersonName, Field(description="Whose order it is.")]
    owner: Annotated[PersonName | None, Field(description="Who serves it.")]
    vehicle: Car | None
    lines: list[Line]
    comment: str
    additives: Additives
    reason: Annotated[str, Field(description="Why it waits, was cancelled or reopened; a code or words.")]
    expected_on: Day | None
    issued_to: Annotated[str, Field(description="Who collected it, where it was not the mechanic.")]
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, order: Order) -> OrderBrief:
        return cls(**_facts(order))


def _facts(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "state": order.state,
        "state_since": order.state_since,
        "version": order.version,
        "person": PersonName.of(order.person),
        "owner": PersonName.of(order.owner) if order.owner else None,
        "vehicle": Car.of(order.vehicle) if order.vehicle else None,
        "lines": [Line.of(line) for line in order.lines],
        "comment": order.comment,
        "additives": order.additives,
        "reason": order.reason,
        "expected_on": order.expected_on,
        "issued_to": order.issued_to,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


class Wish(Told):
    """What the mechanic wants changed in an order that was taken."""

    id: Id
    kind: Literal["add_line", "remove_line", "quantity", "cancel"]
    line_id: Id | None
    names: Names
    text: str | None
    quantity: int | None
    state: RequestState
    asked_at: Moment
    decided_at: Moment | None

    @classmethod
    def of(cls, request: ChangeRequest) -> Wish:
        words = dict(request.arguments.get("words") or {})
        return cls(
            id=request.id,
            kind=request.kind,  # type: ignore[arg-type]  # checked right here
            line_id=request.arguments.get("line"),
            names={language: said for language, said in words.items() if language},
            text=words.get(""),
            quantity=request.arguments.get("quantity"),
            state=request.state,
            asked_at=request.asked_at,
            decided_at=request.decided_at,
        )


WISH: dict[str, Any] = {
    "id": 4,
    "kind": "quantity",
    "line_id": 7,
    "names": LINE["names"],
    "text": None,
    "quantity": 3,
    "state": "asked",
    "asked_at": WHEN,
    "decided_at": None,
}


class WholeOrder(OrderBrief):
    """One order, with what can be done next."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**ORDER, "moves": ["ready", "wait", "cancel"], "requests": [WISH]}]}
    )

    moves: Annotated[list[Move], Field(description="The moves its state allows.")]
    requests: Annotated[list[Wish], Field(description="What the mechanic wants changed and the desk has to decide.")]

    @classmethod
    def whole(cls, order: Order, requests: list[ChangeRequest]) -> WholeOrder:
        moves = [transition.move for transition in orders.moves_from(order.state)]
        return cls(**_facts(order), moves=moves, requests=[Wish.of(request) for request in requests])


class OrderPage(Told):
    """Orders, newest first; with `updated_since` the ones changed longest ago first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ORDER], "next_cursor": None}]})

    items: list[OrderBrief]
    next_cursor: str | None


class OrderQuery(Paged):
    state: Annotated[
        list[OrderState] | None, Field(default=None, max_length=10, description="In one of these states.")
    ] = None
    person_id: Annotated[Id | None, Field(default=None, description="Of this mechanic.")] = None
    owner_id: Annotated[Id | None, Field(default=None, description="Served by this person.")] = None
    plate: Annotated[
        Annotated[str, string(MAX_TYPED, 1)] | None,
        Field(default=None, description="Of the car with this plate or VIN, in any form."),
    ] = None
    placed_from: Annotated[
        Day | None, Field(default=None, description="Placed on this day or later, in the station's time.")
    ] = None
    placed_until: Annotated[Day | None, Field(default=None, description="Placed on this day or earlier.")] = None
    updated_since: Annotated[
        Moment | None,
        Field(
            default=None,
            description="Changed at this moment or later, oldest change first: for clients that keep a copy. "
            "Ask again with a minute's overlap: two changes may be committed in another order than they were made.",
        ),
    ] = None


class LineIn(Asked):
    """A part of the catalogue, or words: one of the two."""

    part_id: Id | None = None
    text: Annotated[
        Annotated[str, string(orders.MAX_WORDS, 1)] | None, Field(description="What is wanted, where it is no part.")
    ] = None
    quantity: Quantity = 1
    grade: Grade = Grade.ANY


class OrderIn(Asked):
    """An order for a mechanic, placed by somebody else."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": 3,
                    "vehicle": "12-345-67",
                    "lines": [{"part_id": 12, "quantity": 2}, {"text": "clip of the left door", "grade": "original"}],
                    "comment": "for the red one",
                }
            ]
        }
    )

    person_id: Annotated[Id, Field(description="The mechanic it is for: their card and notices come as always.")]
    vehicle: Annotated[
        Annotated[str, string(MAX_TYPED, 1)] | None, Field(description="A plate or a VIN, in any form.")
    ] = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=orders.MAX_LINES)]
    comment: Annotated[str, string(orders.MAX_COMMENT)] = ""
    additives: Additives = Additives.UNSAID


class CollectorIn(Asked):
    """Somebody else who takes it."""

    name: Annotated[str, string(orders.MAX_COLLECTOR, 1)]
    code: Annotated[str, string(20), Field(description="The three digits, where the mechanic asked for some.")] = ""


class MoveIn(Asked):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"move": "wait", "version": 2, "reason": "from Haifa", "expected_on": "2099-11-27"}]
        }
    )

    move: Move
    version: Version
    reason: Annotated[str, string(orders.MAX_REASON), Field(description="Needed to wait, cancel and reopen.")] = ""
    expected_on: Annotated[Day | None, Field(description="Until when it waits.")] = None
    collector: Annotated[CollectorIn | None, Field(description="To issue it to somebody else.")] = None


class LineChangeIn(Asked):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "ordered", "version": 2, "expected_on": "2099-11-27"}]}
    )

    state: Annotated[LineState, Field(description="Its new state. A substitute is proposed by an endpoint of its own.")]
    version: Version
    expected_on: Annotated[Day | None, Field(description="When an ordered part is expected.")] = None


class SubstituteIn(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"substitute": "Bosch F 026 407 006", "version": 2}]})

    substitute: Annotated[str, string(questions.MAX_SUBSTITUTE, 1)]
    version: Version


class QuestionIn(Asked):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "side", "question": "Which door is it?", "version": 2}]}
    )

    kind: Annotated[
        Literal["side", "yes_no", "free"], Field(description="Which answers the mechanic is offered; `free`: words.")
    ]
    question: Annotated[str, string(questions.MAX_QUESTION, 1)]
    line_id: Annotated[Id | None, Field(description="The line it is about.")] = None
    version: Version


class MessageIn(Asked):
    """Words for the mechanic. They fit whatever state the order is in, so no version is asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The filter is here in an hour."}]})

    text: Annotated[str, string(chat.MAX_MESSAGE, 1)]


class DecisionIn(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "accept", "version": 2}]})

    decision: Literal["accept", "refuse"]
    version: Version


EVENT: dict[str, Any] = {
    "id": 91,
    "kind": "order.taken",
    "at": WHEN,
    "person": {"id": 1, "name": "Rina"},
    "via": "api",
    "version": 2,
    "facts": {"before": "new", "after": "in_work"},
}


class Fact(Told):
    """One event of an order's timeline: who, what, before and after, from where."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT]})

    id: Id
    kind: str
    at: Moment
    person: PersonName | None
    via: Via
    version: Annotated[int, Field(description="The order's version after it.")]
    facts: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> Fact:
        return cls(
            id=event.id,
            kind=event.kind,
            at=event.at,
            person=PersonName.of(event.actor) if event.actor else None,
            via=event.via,
            version=event.version,
            facts=event.arguments,
        )


class FactPage(Told):
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
    "text": "Order 42 is ready.",
    "may_resend": False,
}


class ReceiptOut(Told):
    """What is known of one message to a chat; nobody can know more than Telegram's answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECEIPT]})

    id: Id
    kind: str
    receipt: Literal["queued", "sent", "failed", "unreachable", "unknown"]
    at: Moment
    sent_at: Moment | None
    next_try_at: Moment | None
    attempts: int
    may_have_arrived_twice: bool
    reason: Annotated[str, Field(description="A code, or Telegram's own words.")]
    text: Annotated[str | None, Field(description="As it was sent; not every kind is kept.")]
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
            reason=receipt.reason,
            text=receipt.text,
            may_resend=receipt.may_resend,
        )


class Receipts(Told):
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


class Message(Told):
    """Something that was written in an order, by its mechanic or by staff."""

    model_config = ConfigDict(json_schema_extra={"examples": [MESSAGE]})

    id: Id
    person: PersonName
    text: str
    at: Moment
    edited_at: Moment | None
    receipt_id: Annotated[Id | None, Field(description="How it left, where staff wrote it.")]

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


class QuestionOut(Told):
    """Something the desk asked, and the answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})

    id: Id
    kind: str
    text: str
    line_id: Id | None
    asked_at: Moment
    answer: Annotated[str, Field(description="A code of its kind, or words; empty: none yet.")]
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


class Talk(Told):
    """What was said about an order: the newest 200 messages and every question, oldest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"messages": [MESSAGE], "questions": [QUESTION]}]})

    messages: list[Message]
    questions: list[QuestionOut]
