"""No cell of a CSV file is a formula, whatever separates cells where it is opened; it is read back as it was."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.languages import SEPARATORS
from common.spreadsheets import table_reader, table_writer

# What Excel, LibreOffice and Google Sheets may begin a formula with, behind spaces and quotation marks.
FORMULA = re.compile(r"""^[\s"\xa0]*[=+\-@＝＋－＠\u2212]""")
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1", "\u22121", "  =1", '"=1', '" =1"', "\xa0=1", "'=1",
    "x;=cmd|'/C calc'!A0;y", "x,=1,y", "x\t=1", "x\n=1", "x\r\n@SUM(A1)", "x; =1", 'x;"=1";y', "x|=1", ";;-1", ",＋1",
    "=cmd|'/C powershell'!A0", 'x";=1;"', "a;\t=1",
]  # fmt: skip


def written(cell: str, separator: str) -> str:
    out = io.BytesIO()
    table_writer.write_csv(out, ["a", "b"], [["first", cell]], separator=separator)
    return out.getvalue().decode("utf-8-sig")


def cells(text: str, separator: str) -> list[str]:
    """The cells as a program finds them that knows quotation marks, and as one that does not."""
    knowing = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
    return knowing + re.split(f"[{separator}\r\n]", text)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("opened_with", [",", ";", "\t", "|"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_cell_is_a_formula_whatever_separates_the_cells(hostile: str, separator: str, opened_with: str) -> None:
    text = written(hostile, separator)
    assert [cell for cell in cells(text, opened_with) if FORMULA.match(cell)] == []


@given(st.text(st.sampled_from(" \"';,\t\n=-@ax|－"), max_size=12), st.sampled_from([",", ";"]))
def test_whatever_is_written_is_no_formula_and_comes_back_as_it_was(cell: str, separator: str) -> None:
    text = written(cell, separator)
    for opened_with in ",;\t":
        assert [found for found in cells(text, opened_with) if FORMULA.match(found)] == []
    ((_first, back),) = [*csv.reader(io.StringIO(text, newline=""), delimiter=separator)][1:]
    assert table_writer.unescape(back) == cell


@pytest.mark.parametrize("separator", sorted({*SEPARATORS.values()}))
def test_our_own_import_reads_the_file_of_every_language(separator: str) -> None:
    out = io.BytesIO()
    table_writer.write_csv(out, ["ru", "he"], [["Колодки", "רפידות"], ["x;=1", "a,b"]], separator=separator)
    assert table_reader.read(out.getvalue()) == [["ru", "he"], ["Колодки", "רפידות"], ["x;=1", "a,b"]]


def test_a_russian_excel_finds_its_own_separator() -> None:
    assert SEPARATORS == {"ru": ";", "he": ",", "en": ","}
