"""Requests about orders: the filters of lists, and the bodies of changes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from common.cars.plates import MAX_TYPED
from common.database.models import Grade, LineState, OrderState
from common.finding import search_terms
from common.orders import lines, placing
from common.orders import moves as orders
from common.orders.moves import Move
from common.orders.placing import MAX_QUANTITY
from webapp.api.shapes.base import Day, Id, Moment, PageQuery, RequestModel, string
from webapp.api.shapes.order_shapes import Version

Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


class OrderListQuery(PageQuery):
    """The filters of the desk's list, under the same names; an order must match all of them."""

    q: Annotated[
        str,
        string(search_terms.MAX_TYPED),
        Field(description="Number, plate or VIN in any form, part in any language, person, comment."),
    ] = ""
    state: Annotated[list[OrderState], Field(max_length=10, description="In one of these states.")] = []  # noqa: RUF012
    person: Annotated[Id | None, Field(description="Of this mechanic.")] = None
    category: Annotated[Id | None, Field(description="With a part of this category.")] = None
    owner: Annotated[
        str | None,
        Field(pattern=r"^(mine|nobody|[1-9][0-9]{0,14})$", description="Served by this person, by `mine` or `nobody`."),
    ] = None
    placed_from: Annotated[Day | None, Field(alias="from", description="Placed on this day or later.")] = None
    placed_until: Annotated[Day | None, Field(alias="to", description="Placed on this day or earlier.")] = None
    overdue: Annotated[
        Literal["1"] | None, Field(description="It waits past its day, or one of its lines was expected before today.")
    ] = None
    undelivered: Annotated[Literal["1"] | None, Field(description="With a message that did not arrive.")] = None


class ChangesQuery(PageQuery):
    since: Annotated[
        Moment,
        Field(
            description="Changed at this moment or later. Ask again with a minute's overlap: two changes may be "
            "committed in another order than they were made."
        ),
    ]


class LineIn(RequestModel):
    """A part of the catalogue or words, not both."""

    part_id: Id | None = None
    text: Annotated[
        Annotated[str, string(placing.MAX_WORDS, 1)] | None, Field(description="What is wanted, where it is no part.")
    ] = None
    quantity: Quantity = 1
    grade: Grade = Grade.ANY


class OrderIn(RequestModel):
    """An order that is placed for a mechanic."""

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
    vehicle: Annotated[str, string(MAX_TYPED, 1), Field(description="A plate, VIN or frame number, in any form.")]
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=placing.MAX_LINES)]
    comment: Annotated[str, string(placing.MAX_COMMENT)] = ""
    take: Annotated[bool, Field(description="Whether you are on it at once.")] = False


class CollectorIn(RequestModel):
    """The person who collects the order instead of the mechanic."""

    name: Annotated[str, string(orders.MAX_COLLECTOR, 1)]
    code: Annotated[str, string(20), Field(description="The three digits, where the mechanic asked for some.")] = ""


class MoveIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"move": "wait", "version": 2, "reason": "from Haifa", "expected_on": "2099-11-27"}]
        }
    )

    move: Move
    version: Version
    reason: Annotated[str, string(orders.MAX_REASON), Field(description="Needed to wait, cancel and reopen.")] = ""
    expected_on: Annotated[Day | None, Field(description="Until when it waits.")] = None
    day_unknown: Annotated[
        bool, Field(description="To wait without `expected_on`: nobody knows the day yet, and you say so.")
    ] = False
    collector: Annotated[CollectorIn | None, Field(description="To issue it to somebody else.")] = None
    undo_seconds: Annotated[
        int, Field(ge=0, le=60, description="So long its notice waits, and the move can be undone.")
    ] = 0


class UndoIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 3}]})

    version: Version


class SeenIn(RequestModel):
    """An order and the version that you saw."""

    id: Id
    version: Version


class BulkIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"move": "take", "orders": [{"id": 42, "version": 1}, {"id": 43, "version": 1}]}]
        }
    )

    move: Literal["take", "ready", "issue", "cancel"]
    orders: Annotated[list[SeenIn], Field(min_length=1, max_length=100)]
    reason: Annotated[str, string(orders.MAX_REASON), Field(description="Needed to cancel.")] = ""


class BulkOwnerIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person_id": 1, "orders": [{"id": 42, "version": 1}]}]})

    person_id: Annotated[Id | None, Field(description="Who serves them from now on; null: nobody.")]
    orders: Annotated[list[SeenIn], Field(min_length=1, max_length=100)]


class LineChangeIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "ordered", "version": 2, "expected_on": "2099-11-27"}]}
    )

    state: Annotated[LineState, Field(description="Its new state. A substitute is proposed by an endpoint of its own.")]
    version: Version
    expected_on: Annotated[Day | None, Field(description="When an ordered part is expected.")] = None
    supplier: Annotated[
        str, string(lines.MAX_SUPPLIER), Field(description="From whom it was ordered, for the desk.")
    ] = ""
    reason: Annotated[str, string(orders.MAX_REASON), Field(description="Why it came back: for `returned`.")] = ""


class OwnerIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person_id": 3, "version": 2}]})

    person_id: Annotated[Id | None, Field(description="Who serves it from now on; null: nobody.")]
    version: Version
