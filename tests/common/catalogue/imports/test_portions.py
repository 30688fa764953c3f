"""A file is loaded some rows at a time, so that others can write meanwhile; the outcome is the same."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from common.catalogue.imports import catalogue_import
from common.catalogue.imports.import_run import ImportRun, RowVerdict
from common.database.engine import Database
from common.database.models import AuditEntry, Part, Person
from common.spreadsheets import table_reader
from tests.support.cast import AVI, acts, hire
from tests.support.catalogue_files import looked_through

HEADS = "category_code,category_ru,part_code,part_ru,part_en\n"
ROWS = (
    "body,Кузов,,Зеркало,Mirror\n"
    "body,,,Капот,\n"
    "body,,,Капот,\n"  # again, in another portion
    "body,,,,\n"  # without a name
    "doors,Двери,,Ручка,\n"
    "doors,,mirror,Зеркало левое,\n"  # the code that the first row got
    "doors,,,Стекло,\n"
)


def kept(database: Database, person: Person, text: str) -> int:
    with database.write() as session:
        return looked_through(session, acts(person), table_reader.read(text.encode()), "list.csv").id


def loaded_some(database: Database, person: Person, import_id: int) -> tuple[bool, list[RowVerdict]]:
    with database.write() as session:
        found = catalogue_import.load(session, acts(person), import_id)
        return found.loaded_at is not None, catalogue_import.verdicts(found)


def parts_of(session: Session) -> list[tuple[str, str, int]]:
    found = session.scalars(select(Part).order_by(Part.code)).all()
    return [(part.code, part.category.code, part.position) for part in found]


def loaded_at_once(
    database: Database, person: Person, import_id: int
) -> tuple[list[RowVerdict], list[tuple[str, str, int]]]:
    """The outcome if there is one portion. It is not committed."""
    with database.read() as session:
        found = catalogue_import.verdicts(catalogue_import.load(session, acts(person), import_id))
        return found, parts_of(session)


@pytest.mark.parametrize("portion", [1, 3])
def test_some_rows_at_a_time_come_to_the_same_as_all_at_once(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    avi = hire(any_database, AVI)
    import_id = kept(any_database, avi, HEADS + ROWS)
    verdicts, parts = loaded_at_once(any_database, avi, import_id)
    monkeypatch.setattr(catalogue_import, "PORTION", portion)
    calls = 1
    while not loaded_some(any_database, avi, import_id)[0]:
        calls += 1
    assert calls == -(-len(verdicts) // portion)
    assert loaded_some(any_database, avi, import_id) == (True, verdicts)
    with any_database.read() as session:
        assert parts_of(session) == parts
        told = select(func.count()).where(AuditEntry.kind == "catalogue.imported")
        assert session.scalar(told) == 1


class Counted(set[str]):
    """Counts how often it is asked."""

    asked = 0

    def __contains__(self, code: object) -> bool:
        self.asked += 1
        return super().__contains__(code)


def test_thousands_of_parts_without_an_english_name_get_their_codes_at_once(database: Database) -> None:
    """They were counted from 1 for each row: 12 million times for 5,000 rows."""
    with database.read() as session:
        run = ImportRun(session)
        taken = Counted(f"part_{n}" for n in range(2, 1000))
        for _ in range(1000):
            taken.add(run._first_free("part", taken))
    assert len(taken) == 1998
    assert taken.asked < 4 * len(taken)
