"""The list of orders as an xlsx or CSV file: exactly the orders that the same address shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import IO

from flask import Blueprint, Response, request

from common import clock, i18n
from common.database.models import Grade, Order, OrderLine
from common.finding import order_search
from common.finding.order_search import OrderSearch
from common.i18n import N_, gettext, worded
from common.languages import SEPARATORS
from common.orders import reading, reasons
from common.permissions import Action
from common.spreadsheets import table_writer
from common.spreadsheets.table_writer import XLSX, Row
from webapp.orders import list_filters
from webapp.web.access import needs
from webapp.web.context import desk
from webapp.wording import times, words

blueprint = Blueprint("export", __name__, url_prefix="/orders")
MAX_ROWS = 50_000
BATCH_SIZE = 500
CHUNK_SIZE = 64 * 1024
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


@blueprint.get("/export.csv")
@needs(Action.ORDER_EXPORT)
def as_csv() -> Response:
    """The list as CSV."""
    return _file_response(_stream_file(_write_csv, _order_query()), "text/csv; charset=utf-8", "csv")


@blueprint.get("/export.xlsx")
@needs(Action.ORDER_EXPORT)
def as_xlsx() -> Response:
    """The list as a workbook with real dates."""
    return _file_response(_stream_file(_write_xlsx, _order_query()), XLSX, "xlsx")


def _order_query() -> OrderSearch:
    with desk().database.read() as session:
        return list_filters.read_list_request(session, dict(request.args.lists())).filters.wanted


def _file_response(body: Iterator[bytes], type_: str, ending: str) -> Response:
    name = f"orders-{times.local(clock.utcnow()):%Y-%m-%d}.{ending}"
    answer = Response(body, mimetype=type_)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stream_file(write: Callable[[IO[bytes], OrderSearch], None], wanted: OrderSearch) -> Iterator[bytes]:
    """Write the file to disk, then stream it: who reads slowly holds up no other export. Raises: Busy."""
    with ExitStack() as stack:
        kept = stack.enter_context(tempfile.TemporaryFile())
        with table_writer.WRITTEN.enter():
            write(kept, wanted)
        kept.seek(0)
        stack.pop_all()  # `_pieces` closes the file
    return _pieces(kept)


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(CHUNK_SIZE):
            yield piece


def _write_csv(kept: IO[bytes], wanted: OrderSearch) -> None:
    separator = SEPARATORS[i18n.language()]
    table_writer.write_csv(kept, _header_row(), _rows(wanted), separator=separator)


def _write_xlsx(kept: IO[bytes], wanted: OrderSearch) -> None:
    rtl, widths = i18n.direction() == "rtl", list(COLUMNS.values())
    table_writer.write_xlsx(kept, gettext("Orders"), _header_row(), _rows(wanted), rtl=rtl, widths=widths)


def _header_row() -> list[str]:
    return [gettext(words) for words in COLUMNS]


def _rows(wanted: OrderSearch) -> Iterator[Row]:
    """The rows, newest first, in batches of one transaction each: a long list blocks no writer."""
    before: int | None = None
    left = MAX_ROWS
    while True:
        size = min(BATCH_SIZE, left)
        with desk().database.read() as session:
            numbers = order_search.find(session, wanted, before=before, limit=size + 1)
            found = [_row(order) for order in reading.read_orders(session, numbers[:size])]
        yield from found
        if len(numbers) <= size:
            return
        before, left = numbers[size - 1], left - size
        if not left:
            yield [gettext("Cut after %(most)s orders: filter the list to get the others.") % {"most": f"{MAX_ROWS:,}"}]
            return


def _row(order: Order) -> Row:
    """One row. Number, plate and VIN are text: leading zeros stay."""
    car = order.vehicle
    return [
        str(order.id),
        words.word_of(words.STATES, order.state),
        times.local(order.created_at).replace(tzinfo=None, microsecond=0),
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
    grade = f" ({words.word_of(words.GRADES, line.grade)})" if line.grade is not Grade.ANY else ""
    return f"{line.quantity} × {worded(dict(line.words))}{grade}"
