"""Tables that cost time or memory are read elsewhere, within limits; real ones come back whole."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from openpyxl.utils import get_column_letter

from common.bulkhead import Bulkhead
from common.errors import Busy, InvalidInput
from common.spreadsheets import table_opener, table_reader
from tests.common.spreadsheets.test_table_reader import workbook

SOON = 10.0  # seconds on a busy machine; 23 s with the desk's lock held, before
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def changed(sheet: bytes = b"", strings: bytes = b"") -> bytes:
    """A workbook with this sheet, and these shared strings."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["x"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {member.filename: old.read(member) for member in old.infolist()}
        parts[TYPES] = parts[TYPES].replace(b"</Types>", OVERRIDE + b"</Types>") if strings else parts[TYPES]
        parts |= {SHEET: sheet or parts[SHEET]} | ({STRINGS: strings} if strings else {})
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet(*rows: bytes) -> bytes:
    return (
        b"<worksheet "
        + MAIN
        + b"><sheetData>"
        + b"".join(b"<row>%s</row>" % row for row in rows)
        + b"</sheetData></worksheet>"
    )


def cell(row: int, column: int, inside: bytes = b"") -> bytes:
    name = f"{get_column_letter(column)}{row}".encode()
    return b'<c r="%s" s="1" t="inlineStr">%s</c>' % (name, inside) if inside else b'<c r="%s" s="1"/>' % name


def formatted_empty_columns(rows: int, columns: int) -> bytes:
    """As a program saves a sheet whose whole rows have a colour: the cells are there, and empty."""
    pad = b"<is><t>pad</t></is>"
    filled = (
        cell(row, 1, pad) + b"".join(cell(row, column) for column in range(2, columns + 2))
        for row in range(1, rows + 1)
    )
    return changed(sheet=sheet(*filled))


@pytest.mark.parametrize(("rows", "columns"), [(1_000, 600), (38, 16_000), (5_000, 1)])
def test_formatted_empty_columns_are_loaded_and_cost_little(rows: int, columns: int) -> None:
    content, began = formatted_empty_columns(rows, columns), time.monotonic()
    assert table_opener.read(content) == [["pad"]] * rows
    assert time.monotonic() - began < SOON


def many_strings() -> bytes:
    strings = b"<sst " + MAIN + b">" + b"<si><t>x</t></si>" * 700_000 + b"</sst>"
    return changed(strings=strings)


def one_long_string_everywhere() -> bytes:
    strings = b"<sst " + MAIN + b"><si><t>" + b"x" * 4_000 + b"</t></si></sst>"
    return changed(strings=strings, sheet=sheet(*[b'<c t="s"><v>0</v></c>' * 40] * 5_000))


def deep_cells() -> bytes:
    return changed(sheet=sheet(b"<c>" * 1_200_000 + b"</c>" * 1_200_000))


def one_row_of_millions() -> bytes:
    return changed(sheet=sheet(b"<c/>" * 3_000_000))


def many_empty_cells() -> bytes:
    """37 kB that took 23 s with the desk's lock held."""
    return changed(sheet=sheet(*[b"<c/>" * 600] * 5_000))


HEAVY = [many_strings, one_long_string_everywhere, deep_cells, one_row_of_millions, many_empty_cells]


@pytest.mark.parametrize("heavy", HEAVY)
def test_what_would_take_much_is_refused_within_limits(heavy: Callable[[], bytes]) -> None:
    content, began = heavy(), time.monotonic()
    assert len(content) < table_reader.MAX_FILE
    with pytest.raises(InvalidInput, match="file_bomb"):
        table_opener.read(content)
    assert time.monotonic() - began < SOON


def test_a_csv_file_of_one_line_is_refused_or_cut() -> None:
    assert table_opener.read(b"," * 2_000_000 + b"x") == [[]]
    with pytest.raises(InvalidInput, match="file_unreadable"):
        table_opener.read(b"x" * 2_000_000)


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"PK", "file_unreadable")])
def test_a_refusal_comes_back_with_its_code(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        table_opener.read(content)


def test_arguments_of_a_refusal_come_back() -> None:
    with pytest.raises(InvalidInput) as refused:
        table_opener.read(b"x\n" * (table_reader.MAX_ROWS + 2))
    assert (refused.value.code, refused.value.arguments) == ("file_rows", {"most": table_reader.MAX_ROWS})


def test_an_unknown_encoding_starts_no_process() -> None:
    with pytest.raises(InvalidInput, match="encoding"):
        table_opener.read(b"x", "--help")


def test_too_many_at_once_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Bulkhead(at_once=1, waiting=0, patience=0.0)
    monkeypatch.setattr(table_opener, "OPENED", full)
    with full.enter(), pytest.raises(Busy):
        table_opener.read(b"x")
