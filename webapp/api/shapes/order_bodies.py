"""Requests about orders: the filters of lists, and the bodies of changes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from common.cars.plates import MAX_TYPED
from common.database.models import Grade, LineState, OrderState, Unit
from common.finding import search_terms
from common.orders import lines, moves, placing
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.moves import Move
from webapp.api.shapes.base import Day, Id, Moment, PageQuery, RequestModel, string
from webapp.api.shapes.order_shapes import Version

Quantity = Annotated[
    int,
    Field(ge=1, le=MAX_QUANTITY, description="A whole number of the unit: half a litre is 500 `ml`."),
]
Remark = Annotated[
    str,
    string(placing.MAX_REMARK),
    Field(description="What is said of the part, in words: a side, a viscosity, a size, a brand."),
]


class OrderListQuery(PageQuery):
    """The filters of the desk's list, under the same names; an order must match all of them."""

    q: Annotated[
        str,
        string(search_terms.MAX_TYPED),
        Field(
            description="Words to search for: an order's number, a plate or VIN in any form, a part in any language, "
            "a person, a remark, the comment."
        ),
    ] = ""
    state: Annotated[list[OrderState], Field(max_length=10, description="Only orders in one of these states.")] = []  # noqa: RUF012
    person: Annotated[Id | None, Field(description="Only orders of this person.")] = None
    category: Annotated[Id | None, Field(description="Only orders with a part of this category.")] = None
    owner: Annotated[
        str | None,
        Field(
            pattern=r"^(mine|nobody|[1-9][0-9]{0,14})$",
            description="Only orders that this person serves; `mine`: you; `nobody`: no owner.",
        ),
    ] = None
    placed_from: Annotated[
        Day | None, Field(alias="from", description="Only orders that were placed on this day or later.")
    ] = None
    placed_until: Annotated[
        Day | None, Field(alias="to", description="Only orders that were placed on this day or earlier.")
    ] = None
    overdue: Annotated[
        Literal["1"] | None,
        Field(description="Only orders that wait past their day, or with a line that was expected before today."),
    ] = None
    undelivered: Annotated[
        Literal["1"] | None, Field(description="Only orders with a message that did not arrive.")
    ] = None


class ChangesQuery(PageQuery):
    since: Annotated[
        Moment,
        Field(
            description="Only orders that changed at this time or later. Let two requests overlap by a minute: two "
            "changes may be committed in another order than they were made."
        ),
    ]


class LineIn(RequestModel):
    """A part of the catalogue or words, not both."""

    part_id: Id | None = None
    text: Annotated[
        Annotated[str, string(placing.MAX_WORDS, 1)] | None,
        Field(description="The wanted thing in words, if it is no part of the catalogue."),
    ] = None
    quantity: Quantity = 1
    unit: Unit = Unit.PIECE
    remark: Remark = ""
    grade: Grade = Grade.ANY


class OrderIn(RequestModel):
    """An order that is placed for a mechanic."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": 3,
                    "vehicle": "12-345-67",
                    "lines": [
                        {"part_id": 12, "quantity": 2},
                        {"text": "engine oil", "quantity": 4, "unit": "l", "remark": "5w-30", "grade": "original"},
                    ],
                    "comment": "for the red one",
                }
            ]
        }
    )

    person_id: Annotated[
        Id, Field(description="The mechanic for whom the order is; they get the card and the notices as usual.")
    ]
    vehicle: Annotated[str, string(MAX_TYPED, 1), Field(description="A plate, VIN or frame number, in any form.")]
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=placing.MAX_LINES)]
    comment: Annotated[str, string(placing.MAX_COMMENT)] = ""
    take: Annotated[bool, Field(description="Whether you take the order at once.")] = False


class CollectorIn(RequestModel):
    """The person who collects the order instead of the mechanic."""

    name: Annotated[str, string(moves.MAX_COLLECTOR, 1)]
    code: Annotated[
        str,
        string(20),
        Field(description="The three digits of the mechanic's pickup code, if the mechanic asked for a code."),
    ] = ""


class MoveIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"move": "wait", "version": 2, "reason": "from Haifa", "expected_on": "2099-11-27"}]
        }
    )

    move: Move
    version: Version
    reason: Annotated[
        str, string(moves.MAX_REASON), Field(description="The reason; required to wait, cancel and reopen.")
    ] = ""
    expected_on: Annotated[Day | None, Field(description="The day until which the order waits.")] = None
    day_unknown: Annotated[bool, Field(description="True to wait without `expected_on`: the day is not known yet.")] = (
        False
    )
    collector: Annotated[
        CollectorIn | None, Field(description="The person who collects the order instead of the mechanic.")
    ] = None
    undo_seconds: Annotated[
        int,
        Field(
            ge=0,
            le=60,
            description="The time in seconds for which the move can be undone; its notice is held back until then.",
        ),
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
    reason: Annotated[str, string(moves.MAX_REASON), Field(description="The reason; required to cancel.")] = ""


class BulkOwnerIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person_id": 1, "orders": [{"id": 42, "version": 1}]}]})

    person_id: Annotated[Id | None, Field(description="The person who serves the orders from now on; null: nobody.")]
    orders: Annotated[list[SeenIn], Field(min_length=1, max_length=100)]


class LineChangeIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "ordered", "version": 2, "expected_on": "2099-11-27"}]}
    )

    state: Annotated[LineState, Field(description="The line's new state. A substitute has a separate endpoint.")]
    version: Version
    expected_on: Annotated[Day | None, Field(description="The day on which an ordered part is expected.")] = None
    supplier: Annotated[str, string(lines.MAX_SUPPLIER), Field(description="The supplier; only the desk sees it.")] = ""
    reason: Annotated[str, string(moves.MAX_REASON), Field(description="Why the part came back; for `returned`.")] = ""


class LineWantedIn(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"quantity": 4, "unit": "l", "remark": "5w-30", "version": 2}]}
    )

    quantity: Quantity
    unit: Unit
    remark: Remark
    version: Version


class OwnerIn(RequestModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person_id": 3, "version": 2}]})

    person_id: Annotated[Id | None, Field(description="The person who serves the order from now on; null: nobody.")]
    version: Version
