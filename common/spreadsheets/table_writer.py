"""Writes rows as a file for a spreadsheet: xlsx or CSV. Typed text stays text, even if it begins like a formula.

A cell is a text, a time in the station's zone, a date, or empty.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from common.bulkhead import Bulkhead

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | datetime | date | None
Row = Sequence[Cell]
# OWASP, "CSV Injection": a cell that begins like this may be taken for a formula; an apostrophe marks it as text.
# Which sign separates cells is a setting of the reader's system, so a cell may begin behind any of them, and behind a
# line break; spaces and quotation marks before the sign do not help.
_BEGINS = r"(?:^|(?<=[;,|\t\r\n]))"
_RISKY = r"""(?=[ "'\xa0]*[=+\-@＝＋－＠\u2212\t\r\n])"""
_FORMULA, _MARKED = re.compile(_BEGINS + _RISKY), re.compile(f"{_BEGINS}'{_RISKY}")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITTEN = Bulkhead(at_once=1, waiting=3, patience=20.0)  # large tables; whoever writes one enters
LONGEST = 32_767  # characters in one cell of Excel
# XML has no such characters; a cell writes _x0001_ (ECMA-376, ST_Xstring), so a text that reads like it is escaped too.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def write_csv(kept: IO[bytes], head: Sequence[str], rows: Iterable[Row], *, separator: str = ",") -> None:
    """Write the file row by row. `separator` is what spreadsheets of the reader's language expect between cells."""
    text = io.TextIOWrapper(kept, "utf-8-sig", newline="")  # with a byte order mark, else Excel takes an old code page
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    text.detach()


def unescape(text: str) -> str:
    """The text without the apostrophes that `write_csv` put into it."""
    return _MARKED.sub("", text)


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    return _FORMULA.sub("'", cell or "")


def write_xlsx(
    kept: IO[bytes],
    name: str,
    head: Sequence[str],
    rows: Iterable[Row],
    *,
    rtl: bool = False,
    widths: Sequence[int] = (),
) -> None:
    """Write the file row by row: each row leaves memory as soon as it is written."""
    from openpyxl import Workbook  # imported only for an export, because it is slow
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.sheet_view.rightToLeft = rtl
    sheet.freeze_panes = "A2"
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    heads = [_make_text(sheet, words) for words in head]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([_make_cell(sheet, value) for value in row])
    book.save(kept)


def _make_cell(sheet: WriteOnlyWorksheet, value: Cell) -> WriteOnlyCell | None:
    if isinstance(value, datetime):
        return _make_dated(sheet, value, "yyyy-mm-dd hh:mm")
    if isinstance(value, date):
        return _make_dated(sheet, value, "yyyy-mm-dd")
    return _make_text(sheet, value) if value else None


def _make_dated(sheet: WriteOnlyWorksheet, value: date, shown: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.number_format = shown
    return cell


def _make_text(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub(_escape, text[:LONGEST]))
    cell.data_type = "s"  # otherwise "=1+1" would be a formula
    return cell


def _escape(found: re.Match[str]) -> str:
    return "_x005F" + found[0] if len(found[0]) > 1 else f"_x{ord(found[0]):04X}_"
