"""The list of orders as an xlsx or CSV file: exactly the orders that the same address shows."""

from __future__ import annotations

from flask import Blueprint, Response, request

from common import clock, i18n
from common.exports.exports import Form, OrdersExport
from common.permissions import Action
from webapp.orders import list_filters
from webapp.web import exported
from webapp.web.access import needs
from webapp.web.context import desk, reader
from webapp.wording import times

blueprint = Blueprint("export", __name__, url_prefix="/orders")


@blueprint.get("/export.csv")
@needs(Action.ORDER_EXPORT)
def as_csv() -> Response:
    """The list as CSV."""
    return _file(Form.CSV)


@blueprint.get("/export.xlsx")
@needs(Action.ORDER_EXPORT)
def as_xlsx() -> Response:
    """The list as a workbook with real dates."""
    return _file(Form.XLSX)


def _file(form: Form) -> Response:
    with desk().database.read() as session:
        fields = list_filters.read_list_request(session, dict(request.args.lists())).filters.fields
    zone = desk().settings.station_timezone.key
    export = OrdersExport(form, i18n.language(), fields, reader().person_id, times.today(), zone)
    return exported.answer(export, f"orders-{times.local(clock.utcnow()):%Y-%m-%d}")
