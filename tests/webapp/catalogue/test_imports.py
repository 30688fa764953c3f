"""Loading and saving the catalogue at the desk: only this form takes a file, and no row is loaded unseen."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import func, select

from common.catalogue import catalogue
from common.catalogue.imports import catalogue_import
from common.database.engine import Database
from common.database.models import Part, Person
from common.spreadsheets import table_reader
from tests.support.cast import acts
from tests.support.seed import SMALL
from tests.webapp.visitor import Visitor
from webapp.catalogue import imports

HEADS = "category_code,category_ru,part_code,part_ru,part_he,part_en,flags,synonyms\n"


def send(visitor: Visitor, content: bytes, name: str = "list.csv", **fields: str) -> tuple[int, str]:
    answer = visitor.post("/catalogue/import", {"file": (io.BytesIO(content), name), **fields})
    return answer.status_code, answer.location or answer.text


def test_a_file_is_looked_through_loaded_and_its_bad_rows_saved(manager: Visitor, database: Database) -> None:
    text = HEADS + 'body,Кузов,,Зеркало,,Mirror,,\nbody,,,,,,,"=HYPERLINK(""http://evil"")"\n'
    code, where = send(manager, text.encode())
    assert code == 303
    assert "Give it a name in one language at least." in manager.text(where)
    assert "Mirror" in manager.text(f"{where}?only=added") or "Зеркало" in manager.text(f"{where}?only=added")
    bad = manager.get(f"{where}/bad.csv").get_data()
    table = table_reader.read(bad)
    assert table[1][:2] == ["3", "Give it a name in one language at least."]
    assert b"'=HYPERLINK" in bad
    assert manager.post(where).status_code == 303
    assert "Loaded." in manager.text(where)
    assert "Mirror" in manager.text("/catalogue")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 1


def test_a_large_file_comes_in_here_and_nowhere_else(manager: Visitor, storekeeper: Visitor) -> None:
    rows = "".join(f"body,Кузов,p{n},Деталь номер {n} {'x' * 60},,,,\n" for n in range(2000))
    content = (HEADS + rows).encode()
    assert len(content) > 200_000
    code, where = send(manager, content)
    assert code == 303
    assert len(re.findall("<tr>", manager.text(f"{where}?only=added&page=3"))) == 101
    assert send(storekeeper, content)[0] == 413
    huge, form = b"x" * (3 * 1024 * 1024), "multipart/form-data; boundary=x"
    assert manager.post("/catalogue/import", huge, content_type=form).status_code == 413
    assert manager.post("/catalogue/parts", {"name_ru": "x" * 70_000}).status_code == 413


def test_what_cannot_be_read_says_so(manager: Visitor) -> None:
    for content, words in (
        (b"", "There is nothing in that file."),
        (b"PK\x03\x04rubbish", "That file cannot be read."),
        (b"a,b\n1,2\n", "The first row must name the columns"),
    ):
        code, text = send(manager, content)
        assert (code, words in text) == (400, True), text[-1500:]
    assert "Choose a file first." in manager.post("/catalogue/import", {}).text


def test_the_catalogue_is_saved_as_files_that_can_be_loaded(storekeeper: Visitor, database: Database) -> None:
    with database.write() as session:
        catalogue.load(session, SMALL)
    for ending in ("csv", "xlsx"):
        answer = storekeeper.get(f"/catalogue/export.{ending}")
        assert f'.{ending}"' in answer.headers["Content-Disposition"]
        assert len(table_reader.read(answer.get_data())) == 61


def test_a_loading_that_was_interrupted_says_where_and_goes_on(
    manager: Visitor, database: Database, avi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_import, "PORTION", 2)
    monkeypatch.setattr(imports, "PAUSE", 0)
    _code, where = send(manager, (HEADS + "".join(f"body,Кузов,p{n},Деталь {n},,,,\n" for n in range(5))).encode())
    with database.write() as session:
        catalogue_import.load(session, acts(avi), int(where.rpartition("/")[2]))
    assert "Loading was interrupted after 2 rows." in manager.text(where)
    assert manager.post(where).status_code == 303
    assert "Loaded." in manager.text(where)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 5
