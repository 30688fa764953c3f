"""Loading a catalogue: looked through, then loaded; what is bad says why, and loading twice changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.catalogue import catalogue
from common.catalogue.imports import catalogue_file, catalogue_import
from common.catalogue.imports.import_run import RowOutcome
from common.database.engine import Database
from common.database.models import AuditEntry, Category, Part, Person
from common.errors import InvalidInput, NotFound
from common.spreadsheets import table_reader
from tests.common.spreadsheets.test_table_reader import as_csv, as_xlsx
from tests.support.cast import AVI, acts, hire
from tests.support.catalogue_files import looked_through
from tests.support.seed import PARTS, SMALL

HEADS = "category_code,category_ru,part_code,part_ru,part_he,part_en,flags,synonyms\n"


def looked(database: Database, person: Person, text: str) -> tuple[int, dict[int, tuple[str, str]]]:
    with database.write() as session:
        kept = looked_through(session, acts(person), table_reader.read(text.encode()), "list.csv")
        return kept.id, {v.number: (v.outcome.value, v.reason) for v in catalogue_import.verdicts(kept)}


def loaded(database: Database, person: Person, import_id: int) -> dict[RowOutcome, int]:
    with database.write() as session:
        kept = catalogue_import.load(session, acts(person), import_id)
        return catalogue_import.outcome_counts(catalogue_import.verdicts(kept))


def test_rows_are_looked_through_and_the_good_ones_loaded(any_database: Database) -> None:
    avi = hire(any_database, AVI)
    with any_database.write() as session:
        catalogue.load(session, SMALL)
    text = HEADS + (
        "brakes,,,Суппорт задний левый,,Left caliper,front_rear,Калипер|супорт\n"  # 2: new
        "brakes,,battery,Аккумулятор,,Accumulator,,\n"  # 3: moves and is renamed
        "doors,Двери,,Зеркало,מראה,Mirror,,\n"  # 4: new, in a new category
        "doors,,,Капот,,,,\n"  # 5: the same category
        "brakes,,,,,,,\n"  # 6: no name
        "lost,,,Фара,,,,\n"  # 7: no such category
        "brakes,,,Фара,,,shiny,\n"  # 8: no such flag
        "doors,,,зеркало,,,,\n"  # 9: again
        "brakes,,brake_pads_front,,,,,\n"  # 10: as it is
        f"brakes,,,{'x' * 121},,,,\n"  # 11: too long
        "brakes,,Bad Code!,Болт,,,,\n"  # 12
    )
    import_id, verdicts = looked(any_database, avi, text)
    assert verdicts == {
        2: ("added", ""),
        3: ("changed", ""),
        4: ("added", ""),
        5: ("added", ""),
        6: ("bad", "part_name_needed"),
        7: ("bad", "category_unknown"),
        8: ("bad", "flag"),
        9: ("bad", "row_twice"),
        10: ("same", ""),
        11: ("bad", "name_long"),
        12: ("bad", "code"),
    }
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 60
    expected = {RowOutcome.BAD: 6, RowOutcome.ADDED: 3, RowOutcome.CHANGED: 1, RowOutcome.SAME: 1}
    assert loaded(any_database, avi, import_id) == loaded(any_database, avi, import_id) == expected
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == 63
        battery = session.scalars(select(Part).where(Part.code == "battery")).one()
        assert (battery.category.code, battery.names["en"]) == ("brakes", "Accumulator")
        assert battery.names["he"]
        mirror = session.scalars(select(Part).where(Part.code == "mirror")).one()
        assert mirror.category.names == {"ru": "Двери"}
        told = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == battery.id)).one()
        assert (told.kind, told.version, battery.version) == ("part.changed", 2, 2)
        assert session.scalars(select(AuditEntry).where(AuditEntry.kind == "catalogue.imported")).one()


def test_what_was_saved_can_be_loaded_again_and_changes_nothing(database: Database, avi: Person) -> None:
    with database.write() as session:
        catalogue.load(session)
        table = catalogue_file.export(session)
    for content in (as_csv(table), as_xlsx(table)):
        with database.write() as session:
            kept = looked_through(session, acts(avi), table_reader.read(content), "saved")
            assert catalogue_import.outcome_counts(catalogue_import.verdicts(kept))[RowOutcome.SAME] == PARTS


def test_an_empty_catalogue_is_filled_from_a_file(database: Database, avi: Person) -> None:
    import_id, verdicts = looked(database, avi, catalogue.DEFAULT_FILE.read_text(encoding="utf-8"))
    assert {outcome for outcome, _reason in verdicts.values()} == {"added"}
    loaded(database, avi, import_id)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Part)) == PARTS
        assert session.scalar(select(func.count()).select_from(Category)) == len(catalogue.categories(session))


def test_a_name_that_several_parts_have_needs_a_code(database: Database, avi: Person) -> None:
    import_id, _verdicts = looked(database, avi, HEADS + "a,Кузов,x,Болт,,,,\na,,y,Болт,,,,\n")
    loaded(database, avi, import_id)
    _id, verdicts = looked(database, avi, HEADS + "a,,,болт,,,,\n")
    assert verdicts == {2: ("bad", "row_ambiguous")}


@pytest.mark.parametrize(("text", "code"), [("a,b\n1,2\n", "file_heads"), (HEADS, "file_empty")])
def test_a_file_without_names_or_rows_is_refused(database: Database, avi: Person, text: str, code: str) -> None:
    with database.write() as session, pytest.raises(InvalidInput, match=code):
        looked_through(session, acts(avi), table_reader.read(text.encode()), "x.csv")


def test_an_import_is_its_makers_alone_and_not_for_ever(
    database: Database, avi: Person, rina: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id, _verdicts = looked(database, avi, HEADS + "a,Кузов,x,Болт,,,,\n")
    with database.read() as session, pytest.raises(NotFound):
        catalogue_import.get(session, acts(rina), import_id)
    later = clock.utcnow() + timedelta(days=2)
    monkeypatch.setattr(clock, "utcnow", lambda: later)
    with database.read() as session, pytest.raises(NotFound):
        catalogue_import.get(session, acts(avi), import_id)
