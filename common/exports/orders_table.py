"""The list of orders as a table: its headings, and a row for each order, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from common.database.engine import Database
from common.database.models import Grade, Order, OrderLine
from common.finding import order_search
from common.finding.order_search import OrderSearch
from common.i18n import N_, gettext
from common.orders import reading, reasons
from common.orders.content.line_text import line_text
from common.spreadsheets.table_writer import Row
from common.words import GRADES, STATES

MAX_ROWS = 50_000
BATCH_SIZE = 500
COLUMNS: dict[str, int] = {  # heading -> width
    N_("Number"): 10,
    N_("State"): 14,
    N_("Placed"): 17,
    N_("Plate"): 13,
    N_("VIN"): 20,
    N_("Person"): 20,
    N_("Parts"): 60,
    N_("Comment"): 40,
    N_("Served by"): 20,
    N_("Reason"): 30,
    N_("Expected on"): 12,
    N_("Taken by"): 20,
}


def header_row() -> list[str]:
    return [gettext(words) for words in COLUMNS]


def rows(database: Database, wanted: OrderSearch) -> Iterator[Row]:
    """The rows, newest first, in batches of one transaction each: a long list blocks no writer."""
    before: int | None = None
    left = MAX_ROWS
    while True:
        size = min(BATCH_SIZE, left)
        with database.read() as session:
            numbers = order_search.find(session, wanted, before=before, limit=size + 1)
            found = [_row(order, wanted) for order in reading.read_orders(session, numbers[:size])]
        yield from found
        if len(numbers) <= size:
            return
        before, left = numbers[size - 1], left - size
        if not left:
            yield [gettext("Cut after %(most)s orders: filter the list to get the others.") % {"most": f"{MAX_ROWS:,}"}]
            return


def _row(order: Order, wanted: OrderSearch) -> Row:
    """One row. Number, plate and VIN are text: leading zeros stay."""
    car = order.vehicle
    return [
        str(order.id),
        gettext(STATES[order.state]),
        order.created_at.astimezone(wanted.zone).replace(tzinfo=None, microsecond=0),
        car.display if car else None,
        car.vin if car else None,
        order.person.name,
        "; ".join(_line_text(line) for line in order.lines),
        order.comment,
        order.owner.name if order.owner else None,
        reasons.reason_text(order.reason),
        order.expected_on,
        order.issued_to,
    ]


def _line_text(line: OrderLine) -> str:
    grade = f" ({gettext(GRADES[line.grade])})" if line.grade is not Grade.ANY else ""
    return line_text(line).plain + grade
