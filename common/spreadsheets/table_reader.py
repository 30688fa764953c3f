"""Reads tables from untrusted CSV and xlsx files. `table_writer` writes files for spreadsheets.

A file is measured before it is opened: its size, the unpacked size that its zip declares, its rows and columns.
It takes seconds at worst: `table_opener` reads in a process with limits.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from common.errors import InvalidInput
from common.spreadsheets.table_writer import unescape

MAX_FILE = 2 * 1024 * 1024
MAX_UNPACKED = 16 * 1024 * 1024
MAX_MEMBERS = 200
MAX_ROWS = 5000
MAX_COLUMNS = 40
MAX_CELL = 4000
MAX_TAGS = 2_000_000  # of one part of a workbook, without empty cells; the largest table has half as many
MAX_CHARACTERS = 8 * 1024 * 1024  # of all cells: an xlsx may refer to one long text from each of them
ENCODINGS = {"": "", "utf-8": "utf-8-sig", "windows-1251": "cp1251", "windows-1255": "cp1255"}
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_EMPTY_CELL = re.compile(rb'<c r="[A-Z0-9]{1,12}"[^<>]*/>')
# The exceptions that zipfile, the XML parser and openpyxl raise for an invalid file.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
Table = list[list[str]]


def read(content: bytes, encoding: str = "") -> Table:
    """The rows of a file, cells as text. The content decides the file's type, not its name.

    Args:
        encoding: of a CSV file, a key of `ENCODINGS`; if empty, it is detected.

    Raises:
        InvalidInput: `file_empty`, `file_large`, `file_bomb`, `file_unreadable`, `file_rows`, `encoding`.
    """
    if not content.strip():
        raise InvalidInput("file_empty")
    if len(content) > MAX_FILE:
        raise InvalidInput("file_large", most=MAX_FILE // 1024 // 1024)
    rows = _read_xlsx(content) if content.startswith(b"PK") else _read_csv(content, encoding)
    table: Table = []
    left = MAX_CHARACTERS
    for row in rows:
        if len(table) > MAX_ROWS:  # the first row holds the headings
            raise InvalidInput("file_rows", most=MAX_ROWS)
        cells = [unescape(cell[:MAX_CELL]).strip() for cell in row[:MAX_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        left -= sum(map(len, cells))
        if left < 0:
            raise InvalidInput("file_bomb")
        table.append(cells)
    return table


def _read_csv(content: bytes, encoding: str) -> Iterator[list[str]]:
    text = _decode(content, encoding)
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise InvalidInput("file_unreadable") from None


def _decode(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise InvalidInput("encoding")
    try:
        return content.decode(ENCODINGS[encoding] or _detect_encoding(content))
    except UnicodeDecodeError:
        raise InvalidInput("encoding") from None


def _detect_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Russian capitals and its last small letters: the Hebrew code page has only points there, or no characters.
        return "cp1251" if re.search(rb"[\xc0-\xdf\xfb-\xff]", content) else "cp1255"
    return "utf-8-sig"


def _read_xlsx(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # imported only here: the import is slow and seldom needed

    try:
        book = load_workbook(io.BytesIO(_lighten(content)), read_only=True, data_only=True, keep_links=False)
        # With limits: one cell in the far corner would make a million empty rows.
        sheet = book.worksheets[0].iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        yield from ([_text(value) for value in row] for row in sheet)
        book.close()
    except _BROKEN:
        raise InvalidInput("file_unreadable") from None


def _lighten(content: bytes) -> bytes:
    """The workbook without cells that are formatted and empty: some programs save a whole coloured row as such cells.

    Raises: InvalidInput `file_bomb`, `file_unreadable`.
    """
    light = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(light, "w") as lighter:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise InvalidInput("file_bomb")
        for member in members:
            # A member's declared size is a limit: zipfile reads no further.
            lighter.writestr(member.filename, _light_member(member, archive.read(member)))
    return light.getvalue()


def _light_member(member: zipfile.ZipInfo, data: bytes) -> bytes:
    if not _is_xml(member):
        return data
    if _ENTITIES.search(data):
        raise InvalidInput("file_unreadable")
    data = _EMPTY_CELL.sub(b"", data)
    if data.count(b"<") > MAX_TAGS:
        raise InvalidInput("file_bomb")
    return data


def _is_xml(member: zipfile.ZipInfo) -> bool:
    return member.filename.endswith((".xml", ".rels"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
