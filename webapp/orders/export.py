"""The list of orders as a file: exactly what the same address shows, as xlsx or CSV."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from flask import Blueprint, Response, current_app, request

from common import clock, i18n
from common.database.models import Grade, Order, OrderLine
from common.finding import order_search
from common.finding.order_search import Wanted
from common.i18n import N_, gettext, worded
from common.orders import reasons
from common.permissions import Action
from common.spreadsheets import table_writer
from common.spreadsheets.table_writer import XLSX, Row
from webapp.orders import list_filters, order_list
from webapp.web import times
from webapp.web.context import desk
from webapp.web.sessions import needs
from webapp.wording import words

blueprint = Blueprint("export", __name__, url_prefix="/orders")
MOST = 50_000
AT_ONCE = 500
PIECE = 64 * 1024
COLUMNS: dict[str, int] = {  # the heading -> how wide
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
    return _file(_in_pieces(_csv, _wanted()), "text/csv; charset=utf-8", "csv")


@blueprint.get("/export.xlsx")
@needs(Action.ORDER_EXPORT)
def as_xlsx() -> Response:
    """The list as a workbook with real dates."""
    return _file(_in_pieces(_xlsx, _wanted()), XLSX, "xlsx")


def _wanted() -> Wanted:
    with desk().database.read() as session:
        return list_filters.understood(session, dict(request.args.lists())).asked.wanted


def _file(body: Iterator[bytes], type_: str, ending: str) -> Response:
    name = f"orders-{times.local(clock.utcnow()):%Y-%m-%d}.{ending}"
    answer = Response(body, mimetype=type_)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _in_pieces(write: Callable[[IO[bytes], Wanted], None], wanted: Wanted) -> Iterator[bytes]:
    """The file as it leaves. It is written to disk when its first piece is asked for, after the request is over."""
    app, language = current_app._get_current_object(), i18n.language()  # type: ignore[attr-defined]

    def pieces() -> Iterator[bytes]:
        with tempfile.TemporaryFile() as kept:
            with app.app_context(), i18n.speaking(language):
                write(kept, wanted)
            kept.seek(0)
            while piece := kept.read(PIECE):
                yield piece

    return pieces()


def _csv(kept: IO[bytes], wanted: Wanted) -> None:
    table_writer.write_csv(kept, _head(), _rows(wanted))


def _xlsx(kept: IO[bytes], wanted: Wanted) -> None:
    rtl, widths = i18n.direction() == "rtl", list(COLUMNS.values())
    table_writer.write_xlsx(kept, gettext("Orders"), _head(), _rows(wanted), rtl=rtl, widths=widths)


def _head() -> list[str]:
    return [gettext(words) for words in COLUMNS]


def _rows(wanted: Wanted) -> Iterator[Row]:
    """The rows, newest first, some at a time in a transaction each: nobody waits for a long list."""
    before: int | None = None
    left = MOST
    while True:
        size = min(AT_ONCE, left)
        with desk().database.read() as session:
            numbers = order_search.find(session, wanted, before=before, limit=size + 1)
            found = [_row(order) for order in order_list.read(session, numbers[:size])]
        yield from found
        if len(numbers) <= size:
            return
        before, left = numbers[size - 1], left - size
        if not left:
            yield [gettext("Cut after %(most)s orders: filter the list to get the others.") % {"most": f"{MOST:,}"}]
            return


def _row(order: Order) -> Row:
    """Number, plate and VIN are text: leading zeros stay."""
    car = order.vehicle
    return [
        str(order.id),
        words.said(words.STATES, order.state),
        times.local(order.created_at).replace(tzinfo=None, microsecond=0),
        car.display if car else None,
        car.vin if car else None,
        order.person.name,
        "; ".join(_part(line) for line in order.lines),
        order.comment,
        order.owner.name if order.owner else None,
        reasons.said(order.reason),
        order.expected_on,
        order.issued_to,
    ]


def _part(line: OrderLine) -> str:
    grade = f" ({words.said(words.GRADES, line.grade)})" if line.grade is not Grade.ANY else ""
    return f"{line.quantity} × {worded(dict(line.words))}{grade}"
