"""Rows as a file for a spreadsheet: xlsx and CSV. What people typed stays text, whatever it begins with.

A cell is a text, a time of the station, a day, or nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO

Cell = str | datetime | date | None
Row = Sequence[Cell]
# OWASP, "CSV Injection": a cell that begins so may be taken for a formula; an apostrophe says that it is text.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters of a cell of Excel


def write_csv(kept: IO[bytes], head: Sequence[str], rows: Iterable[Row]) -> None:
    """The file, row by row."""
    said = io.TextIOWrapper(kept, "utf-8-sig", newline="")  # with a mark: without, Excel takes an old code page
    writer = csv.writer(said)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    said.detach()


def unescape(text: str) -> str:
    """The text as it was before `write_csv` marked it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    text = cell or ""
    return f"'{text}" if text.startswith(RISKY) else text


def write_xlsx(
    kept: IO[bytes],
    name: str,
    head: Sequence[str],
    rows: Iterable[Row],
    *,
    rtl: bool = False,
    widths: Sequence[int] = (),
) -> None:
    """The file, row by row: each is forgotten as soon as it is written."""
    from xlsxwriter import Workbook  # only whoever exports pays for it

    book = Workbook(kept, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(name[:31])
    formats = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    if rtl:
        sheet.right_to_left()
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for column, words in enumerate(head):
        sheet.write_string(0, column, words, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime | date):
                sheet.write_datetime(number, column, cell, formats[type(cell)])
            elif cell:
                sheet.write_string(number, column, cell[:LONGEST])
    book.close()
