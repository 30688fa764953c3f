"""Answers about orders."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from common.database.models import (
    Additives,
    ChangeRequest,
    Grade,
    LineState,
    Order,
    OrderLine,
    OrderState,
    Person,
    RequestState,
    Unit,
    Vehicle,
)
from common.orders import progress
from common.orders.moves import Move, moves_from
from common.text.numbers import MAX_VERSION
from webapp.api.shapes.base import Day, Id, Moment, Names, ResponseModel

Version = Annotated[int, Field(ge=1, le=MAX_VERSION, description="The order's version as you read it.")]
WHEN = "2026-11-25T08:12:30Z"


class PersonName(ResponseModel):
    """A person, by number and name."""

    id: Id
    name: str

    @classmethod
    def of(cls, person: Person) -> PersonName:
        return cls(id=person.id, name=person.name)


class Car(ResponseModel):
    """A car as the station knows it."""

    id: Id
    plate: Annotated[str, Field(description="The plate as people write it; the VIN if the car has no plate.")]
    vin: str | None
    country: str

    @classmethod
    def of(cls, vehicle: Vehicle) -> Car:
        return cls(id=vehicle.id, plate=vehicle.display, vin=vehicle.vin, country=vehicle.country)


class Line(ResponseModel):
    """One ordered part, in the words of the time of the order."""

    id: Id
    position: int
    part_id: Id | None
    names: Names
    text: Annotated[str | None, Field(description="The written words, if the line names no part of the catalogue.")]
    quantity: Annotated[int, Field(description="A whole number of the unit.")]
    unit: Unit
    remark: Annotated[str, Field(description="What was said of the part: a side, a viscosity, a size, a brand.")]
    grade: Grade
    state: LineState
    expected_on: Day | None
    supplier: Annotated[str, Field(description="The supplier; only the desk sees it.")]
    reason: Annotated[str, Field(description="Why the part was returned; otherwise empty.")]
    substitute: Annotated[str, Field(description="The substitute that is proposed or was accepted; otherwise empty.")]

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
            unit=line.unit,
            remark=line.remark,
            grade=line.grade,
            state=line.state,
            expected_on=line.expected_on,
            supplier=line.supplier,
            reason=line.reason,
            substitute=line.substitute,
        )


LINE: dict[str, Any] = {
    "id": 7,
    "position": 1,
    "part_id": 12,
    "names": {"ru": "Масляный фильтр", "he": "פילטר שמן", "en": "Oil filter"},
    "text": None,
    "quantity": 2,
    "unit": "pcs",
    "remark": "",
    "grade": "any",
    "state": "requested",
    "expected_on": None,
    "supplier": "",
    "reason": "",
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


class OrderBrief(ResponseModel):
    """An order with its lines, as in lists."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER]})

    id: Annotated[Id, Field(description="The order's number, also on pages and slips.")]
    state: OrderState
    state_since: Moment
    version: Annotated[
        int, Field(description="Send it with a change: the change is refused if the order has changed since.")
    ]
    person: Annotated[PersonName, Field(description="The person who ordered.")]
    owner: Annotated[PersonName | None, Field(description="The person who serves the order.")]
    vehicle: Car | None
    lines: list[Line]
    comment: str
    additives: Additives
    reason: Annotated[
        str, Field(description="Why the order waits, was cancelled or reopened: a code or a person's words.")
    ]
    expected_on: Day | None
    issued_to: Annotated[str, Field(description="Who collected the order, if it was not the mechanic.")]
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, order: Order) -> OrderBrief:
        return cls(**_brief_fields(order))


def _brief_fields(order: Order) -> dict[str, Any]:
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


class Wish(ResponseModel):
    """A change that the mechanic requests in an order that was taken."""

    id: Id
    kind: Literal["add_line", "remove_line", "quantity", "remark", "cancel"]
    line_id: Id | None
    names: Names
    text: str | None
    quantity: int | None
    unit: Annotated[Unit | None, Field(description="Of the quantity, if there is one.")]
    remark: Annotated[str, Field(description="The new remark; in other requests the one that the line had.")]
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
            names={language: text for language, text in words.items() if language},
            text=words.get(""),
            quantity=request.arguments.get("quantity"),
            unit=Unit(request.arguments.get("unit", Unit.PIECE)) if "quantity" in request.arguments else None,
            remark=request.arguments.get("remark", ""),
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
    "unit": "pcs",
    "remark": "",
    "state": "asked",
    "asked_at": WHEN,
    "decided_at": None,
}


class WholeOrder(OrderBrief):
    """One order, with its possible moves."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**ORDER, "moves": ["ready", "wait", "cancel"], "suggested": None, "requests": [WISH]}]
        }
    )

    moves: Annotated[list[Move], Field(description="The moves that the order's state allows.")]
    suggested: Annotated[
        Move | None, Field(description="The move that the lines suggest. The order never moves by itself.")
    ]
    requests: Annotated[
        list[Wish], Field(description="The mechanic's open requests for a change, for the desk to decide.")
    ]

    @classmethod
    def with_requests(cls, order: Order, requests: list[ChangeRequest]) -> WholeOrder:
        moves = [transition.move for transition in moves_from(order.state)]
        wishes = [Wish.of(request) for request in requests]
        return cls(**_brief_fields(order), moves=moves, suggested=progress.suggested_move(order), requests=wishes)


class OrderPage(ResponseModel):
    """A page of orders."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ORDER], "next_cursor": None}]})

    items: list[OrderBrief]
    next_cursor: str | None


class Outcome(ResponseModel):
    """The result for one order of many."""

    id: Id
    state: Annotated[OrderState | None, Field(description="The order's new state; null: the order is unchanged.")]
    version: int | None
    problem: Annotated[
        str, Field(description="Why the order is unchanged: the problem's name, as in its `type`; otherwise empty.")
    ]
    detail: str


class Outcomes(ResponseModel):
    """The result of each order, in the sequence of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"id": 42, "state": "in_work", "version": 2, "problem": "", "detail": ""},
                        {"id": 43, "state": None, "version": 4, "problem": "stale-version", "detail": ""},
                    ]
                }
            ]
        }
    )

    items: list[Outcome]
