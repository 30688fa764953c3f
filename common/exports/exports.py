"""What can be exported: values that another process can be told, each with the table that is written."""

from __future__ import annotations

import enum
from datetime import date
from typing import IO
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select

from common import i18n
from common.catalogue.imports import catalogue_file
from common.database.engine import Database
from common.database.models import Part
from common.exports import orders_table
from common.finding import order_filters, order_search
from common.finding.order_filters import Fields
from common.finding.order_search import OrderSearch
from common.languages import SEPARATORS
from common.spreadsheets import table_writer


class Form(enum.StrEnum):
    """The form of the file."""

    CSV = "csv"
    XLSX = "xlsx"


class OrdersExport(msgspec.Struct, frozen=True, tag=True):
    """The orders of a list, by the valid fields of its address; `mine` means the reader."""

    form: Form
    language: str
    fields: Fields
    reader_id: int
    today: date
    zone: str

    @property
    def wanted(self) -> OrderSearch:
        zone = ZoneInfo(self.zone)
        return order_filters.read(self.fields, today=self.today, zone=zone, reader_id=self.reader_id).wanted

    def has_more(self, database: Database, than: int) -> bool:
        """Whether the table has more rows than this."""
        with database.read() as session:
            return len(order_search.find(session, self.wanted, limit=than + 1)) > than

    def write(self, database: Database, kept: IO[bytes]) -> None:
        """Write the table in the present language."""
        head, rows = orders_table.header_row(), orders_table.rows(database, self.wanted)
        if self.form is Form.CSV:
            table_writer.write_csv(kept, head, rows, separator=SEPARATORS[self.language])
            return
        rtl, widths = i18n.direction() == "rtl", list(orders_table.COLUMNS.values())
        table_writer.write_xlsx(kept, i18n.gettext("Orders"), head, rows, rtl=rtl, widths=widths)


class CatalogueExport(msgspec.Struct, frozen=True, tag=True):
    """The catalogue, to edit and load again."""

    form: Form
    language: str

    def has_more(self, database: Database, than: int) -> bool:
        """Whether the table has more rows than this."""
        with database.read() as session:
            return (session.scalar(select(func.count()).select_from(Part)) or 0) > than

    def write(self, database: Database, kept: IO[bytes]) -> None:
        """Write the table. Its headings are the same in every language."""
        with database.read() as session:
            head, *rows = catalogue_file.export(session)
        if self.form is Form.CSV:
            table_writer.write_csv(kept, head, rows, separator=SEPARATORS[self.language])
        else:
            table_writer.write_xlsx(kept, "catalogue", head, rows)


Export = OrdersExport | CatalogueExport


class Task(msgspec.Struct, frozen=True):
    """What the other process is told."""

    database_url: str
    export: Export


def write(database: Database, export: Export, kept: IO[bytes]) -> None:
    """Write the export into an open file, in its language."""
    with i18n.use_language(export.language):
        export.write(database, kept)
