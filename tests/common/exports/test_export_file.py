"""Exports: few rows are written here, many by a process of their own, and both files hold the same."""

from __future__ import annotations

from datetime import date
from typing import IO

import pytest

from common import i18n
from common.catalogue import catalogue
from common.database.engine import Database
from common.errors import Busy
from common.exports import export_file
from common.exports.exports import CatalogueExport, Export, Form, OrdersExport, Task
from common.signing import Secret
from common.spreadsheets import table_reader
from tests.support.cast import AVI, DIMA, hire
from tests.webapp.desks import line, place

TODAY, ZONE = date(2026, 3, 1), "Asia/Jerusalem"


def orders(form: Form, language: str = "ru", **fields: list[str]) -> OrdersExport:
    return OrdersExport(form, language, fields, 1, TODAY, ZONE)


def written(database: Database, url: str, export: Export) -> bytes:
    with export_file.make(database, url, export) as kept:
        return kept.read()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """From now on two rows are many. Lists what another process was told to write."""
    told: list[Task] = []
    write = export_file._write_elsewhere

    def listed(task: Task, kept: IO[bytes]) -> None:
        told.append(task)
        write(task, kept)

    monkeypatch.setattr(export_file, "FEW", 1)
    monkeypatch.setattr(export_file, "_write_elsewhere", listed)
    return told


def test_many_rows_are_written_by_another_process_and_are_the_same(
    any_database: Database, any_database_url: str, monkeypatch: pytest.MonkeyPatch, elsewhere: list[Task]
) -> None:
    dima = hire(any_database, DIMA)
    hire(any_database, AVI)
    for comment in ("срочно", "=1+1", "על הליפט"):
        place(any_database, dima, line("oil filter", 3), comment=comment)
    export = orders(Form.CSV, person=[str(dima.id)])
    there = written(any_database, any_database_url, export)
    assert len(elsewhere) == 1
    monkeypatch.setattr(export_file, "FEW", 500)
    assert written(any_database, any_database_url, export) == there
    assert len(elsewhere) == 1
    assert "3 × oil filter" in there.decode("utf-8-sig")
    with i18n.use_language("ru"):
        assert i18n.gettext("Comment") in there.decode("utf-8-sig")


def test_a_large_catalogue_is_written_by_another_process(
    database: Database, database_url: str, elsewhere: list[Task]
) -> None:
    with database.write() as session:
        catalogue.load(session)
    made = written(database, Secret(database_url), CatalogueExport(Form.XLSX, "he"))
    assert len(elsewhere) == 1
    assert len(table_reader.read(made)) > 60


def test_who_exports_more_than_can_be_written_in_time_is_told_to_come_again(
    database: Database, database_url: str, elsewhere: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        catalogue.load(session)
    monkeypatch.setattr(export_file, "TIMEOUT", 0.001)
    with pytest.raises(Busy):
        export_file.make(database, database_url, CatalogueExport(Form.CSV, "en"))


def test_an_empty_list_is_written_here(database: Database, database_url: str, elsewhere: list[Task]) -> None:
    hire(database, AVI)
    assert written(database, database_url, orders(Form.CSV, "en")).count(b"\n") == 1
    assert elsewhere == []
