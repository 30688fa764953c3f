"""Tables from strangers' files: read whatever they are written in, refused when they are made to hurt."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from openpyxl import Workbook

from common.errors import InvalidInput
from common.spreadsheets import table_reader, table_writer


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(table: list[list[str]]) -> bytes:
    out = io.BytesIO()
    table_writer.write_csv(out, table[0], table[1:])
    return out.getvalue()


def as_xlsx(table: list[list[str]]) -> bytes:
    out = io.BytesIO()
    table_writer.write_xlsx(out, "sheet", table[0], table[1:])
    return out.getvalue()


def refusal(content: bytes, encoding: str = "") -> str:
    with pytest.raises(InvalidInput) as refused:
        table_reader.read(content, encoding)
    return refused.value.code


@pytest.mark.parametrize("text", ["ru,he\nКолодки,רפידות\n", "ru;he\r\nКолодки;רפידות\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_read_whatever_its_mark_and_delimiter(text: str, encoding: str) -> None:
    assert table_reader.read(text.encode(encoding)) == [["ru", "he"], ["Колодки", "רפידות"]]


@pytest.mark.parametrize(("page", "word"), [("cp1251", "Тормозные колодки"), ("cp1255", "רפידות בלם")])
def test_the_old_pages_of_windows_are_told_apart(page: str, word: str) -> None:
    assert table_reader.read(f"x;y\n{word};1".encode(page)) == [["x", "y"], [word, "1"]]


def test_an_encoding_that_was_chosen_counts() -> None:
    assert table_reader.read("вода".encode("cp1251"), "windows-1251") == [["вода"]]
    assert refusal("вода".encode("cp1251"), "utf-8") == "encoding"
    assert refusal(b"x", "klingon") == "encoding"


def test_an_xlsx_file_is_read_with_numbers_as_people_write_them() -> None:
    assert table_reader.read(workbook(["a", "b"], [5.0, None], [1.5, True])) == [["a", "b"], ["5"], ["1.5", "True"]]


@pytest.mark.parametrize("cell", ["=1+1", "+7 999", "-5", "@SUM(A1)", "\tx", "＝1+1", '=HYPERLINK("http://evil")'])
def test_what_begins_like_a_formula_goes_out_as_a_text_and_comes_back(cell: str) -> None:
    written = as_csv([["x"], [cell]])
    assert f"'{cell[0]}".encode() in written
    assert table_reader.read(written)[1] == [cell.strip()]
    book = as_xlsx([["x"], [cell]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def bomb(size: int, members: int = 1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(members):
            archive.writestr(f"xl/{number}.xml", b"0" * size)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    assert refusal(bomb(table_reader.MAX_UNPACKED + 1)) == "file_bomb"
    assert refusal(bomb(1, members=table_reader.MAX_MEMBERS + 1)) == "file_bomb"


def test_a_file_that_lies_about_its_size_is_not_believed() -> None:
    honest = bomb(1024 * 1024)
    lie = honest.replace((1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(lie) == "file_unreadable"


def test_entities_are_not_resolved() -> None:
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["x"]))), io.BytesIO()
    with source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("sheet1.xml"):
                body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + body
            archive.writestr(name, body)
    assert refusal(out.getvalue()) == "file_unreadable"


def test_a_cell_at_the_far_corner_makes_no_million_rows() -> None:
    book = Workbook()
    book.active["XFD1048576"] = "x"
    book.active["A1"] = "part_ru"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()) == "file_rows"


def test_what_is_no_table_or_too_much_is_refused() -> None:
    assert refusal(b"") == "file_empty"
    assert refusal(b"PK\x03\x04 no zip") == "file_unreadable"
    assert refusal(b"x" * (table_reader.MAX_FILE + 1)) == "file_large"
    assert refusal(b"x\n" * (table_reader.MAX_ROWS + 2)) == "file_rows"
    assert refusal(b'"' + b"x" * 200_000 + b'"') == "file_unreadable"
    assert refusal(b"\xd9\xd9\x98") == "encoding"


def test_a_workbook_with_anything_broken_in_it_is_unreadable_and_nothing_worse() -> None:
    whole = workbook(["part_ru"], ["x"])
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        for broken in source.namelist():
            for body in (b"", b"<x>", b"\xff\xfe", source.read(broken)[:-20], b"<worksheet><sheetData><row r='x'/>"):
                out = io.BytesIO()
                with zipfile.ZipFile(out, "w") as archive:
                    for name in source.namelist():
                        archive.writestr(name, body if name == broken else source.read(name))
                with contextlib.suppress(InvalidInput):
                    table_reader.read(out.getvalue())
