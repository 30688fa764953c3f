"""The list as a file: what the page shows, with real dates, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from common.database.engine import Database
from common.database.models import Order, OrderState, Person
from common.exports import orders_table
from common.orders.moves import Move
from common.spreadsheets import table_writer
from tests.webapp.desks import line, move, place
from tests.webapp.visitor import Visitor
from webapp.orders.order_list import PER_PAGE

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://evil.example";"x")',
    "http://evil.example",
    "{=1}",
    'a,b;c"d',
    "two\nlines",
    "שמן =1",
    "00123",
    "1e5",
    "<b>&amp;</b>",
    "\x01\x02_x0041_",
    "=cmd|' /C calc'!A0",
]


def rows_of(visitor: Visitor, address: str = "") -> list[list[object]]:
    answer = visitor.get(f"/orders/export.xlsx{address}")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def lines_of(visitor: Visitor, address: str = "") -> list[list[str]]:
    answer = visitor.get(f"/orders/export.csv{address}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))[1:]


def test_it_is_what_the_same_address_shows(
    manager: Visitor, database: Database, dima: Person, noa: Person, avi: Person
) -> None:
    mine = place(database, dima, line("oil filter", 3), plate="0123456", comment="urgent")
    place(database, noa, line("wiper"))
    move(database, mine.id, Move.TAKE, avi)
    address = f"?q=filter&state=in_work&person={dima.id}"
    (row,) = rows_of(manager, address)
    assert (row[0], row[1], row[3], row[5], row[6], row[7], row[8]) == (
        str(mine.id),
        "In work",
        "01-234-56",
        "Dima",
        "3 × oil filter",
        "urgent",
        "Avi",
    )
    (said,) = lines_of(manager, address)
    assert said[:2] == [str(mine.id), "In work"]
    assert said[6] == "3 × oil filter"


def test_a_view_is_exported_as_it_is_shown(manager: Visitor, database: Database, dima: Person, avi: Person) -> None:
    taken = place(database, dima)
    place(database, dima)
    move(database, taken.id, Move.TAKE, avi)
    manager.post("/views", {"name": "mine", "owner": "mine"})
    assert "/orders/export.xlsx?view=1" in manager.text("/orders?view=1")
    assert [row[0] for row in rows_of(manager, "?view=1")] == [str(taken.id)]


def test_dates_are_dates_of_the_station(manager: Visitor, database: Database, dima: Person) -> None:
    order = place(database, dima)
    placed = datetime(2026, 7, 1, 23, 30, tzinfo=ZoneInfo("Asia/Jerusalem"))
    values = {"created_at": placed, "state": OrderState.WAITING, "expected_on": date(2026, 7, 5)}
    with database.write() as session:
        session.execute(update(Order).where(Order.id == order.id).values(values))
    (row,) = rows_of(manager)
    assert row[2] == datetime(2026, 7, 1, 23, 30)  # noqa: DTZ001 a cell has no zone
    assert row[10] == datetime(2026, 7, 5)  # noqa: DTZ001 openpyxl's day
    (said,) = lines_of(manager)
    assert (said[2], said[10]) == ("2026-07-01 23:30:00", "2026-07-05")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_typed_stays_text(manager: Visitor, database: Database, dima: Person, hostile: str) -> None:
    place(database, dima, line("bolt"), comment=hostile)
    answer = manager.get("/orders/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cell = sheet.cell(2, 8)
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    if "\x01" not in hostile:  # openpyxl reads it as it is escaped
        assert str(cell.value).replace("\r\n", "\n").strip() == hostile.strip()
    (said,) = lines_of(manager)
    assert table_writer.unescape(said[7]) == hostile


def test_the_number_and_the_plate_are_text(manager: Visitor, database: Database, dima: Person) -> None:
    place(database, dima, plate="0012345")
    sheet = load_workbook(io.BytesIO(manager.get("/orders/export.xlsx").data)).active
    assert sheet is not None
    assert [sheet.cell(2, column).data_type for column in (1, 4)] == ["s", "s"]


def test_in_hebrew_the_sheet_runs_from_the_right(storekeeper: Visitor, database: Database, dima: Person) -> None:
    place(database, dima)
    sheet = load_workbook(io.BytesIO(storekeeper.get("/orders/export.xlsx").data)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    assert sheet.cell(1, 1).value == "מספר"
    assert sheet.freeze_panes == "A2"


def test_a_list_of_many_pages_is_whole(
    manager: Visitor, database: Database, dima: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders_table, "BATCH_SIZE", 20)
    made = [place(database, dima).id for _ in range(PER_PAGE + 1)]
    assert [row[0] for row in lines_of(manager)] == [str(number) for number in made[::-1]]
    assert len(rows_of(manager)) == len(made)


@pytest.mark.parametrize(("there", "cut"), [(4, False), (5, False), (6, True)])
def test_a_list_that_is_too_long_says_that_it_was_cut(
    manager: Visitor, database: Database, dima: Person, monkeypatch: pytest.MonkeyPatch, there: int, cut: bool
) -> None:
    monkeypatch.setattr(orders_table, "BATCH_SIZE", 2)
    monkeypatch.setattr(orders_table, "MAX_ROWS", 5)
    for _ in range(there):
        place(database, dima)
    said = lines_of(manager)
    assert len(said) == min(there, 5) + cut
    assert said[-1][0].startswith("Cut after 5") is cut


def test_an_empty_list_is_its_heading(manager: Visitor) -> None:
    assert rows_of(manager, "?q=zzz") == []
    assert manager.get("/orders/export.csv").headers["Content-Disposition"].startswith('attachment; filename="orders-')
