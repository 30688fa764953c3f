"""What may be said of a part: stored as given, refused where no table knows it, kept where it is not given."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from common.catalogue import catalogue, categories, details, parts
from common.catalogue.details import PartDetails
from common.catalogue.imports import catalogue_file, catalogue_import
from common.catalogue.imports.import_run import RowOutcome
from common.database.engine import Database
from common.database.models import Part, Person, Role, Via
from common.errors import InvalidInput
from common.permissions import Actor
from common.spreadsheets import table_reader
from tests.common.spreadsheets.test_table_reader import as_csv
from tests.support.cast import acts
from tests.support.catalogue_files import looked_through

HOST = Actor(None, Role.MANAGER, Via.COMMAND)
OIL: PartDetails = {
    "unit": "l",
    "positions": ["rear", "front"],
    "attributes": ["volume_l", "viscosity"],
    "flags": ["by_volume"],
    "button_names": {"ru": " Масло  мотора ", "he": ""},
}
STORED = {
    "unit": "l",
    "positions": ["front", "rear"],
    "attributes": ["viscosity", "volume_l"],
    "flags": ["by_volume"],
    "button_names": {"ru": "Масло мотора"},
}


def stored(part: Part) -> dict[str, object]:
    return {field: getattr(part, field) for field in STORED}


def test_details_are_stored_in_the_order_of_their_tables() -> None:
    assert details.clean(OIL) == STORED
    assert details.clean({}) == {}
    assert details.clean({"unit": ""}) == {"unit": "pcs"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"flags": ["shiny"]}, "flag"),
        ({"unit": "barrel"}, "unit"),
        ({"positions": ["middle"]}, "position"),
        ({"attributes": ["smell"]}, "attribute"),
        ({"button_names": {"en": "x" * 25}}, "button_name_long"),
        ({"button_names": {"en": "a\u202eb"}}, "not_printable"),
    ],
)
def test_what_no_table_knows_is_refused(given: PartDetails, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        details.clean(given)
    assert refused.value.code == code


def test_a_change_leaves_the_details_that_are_not_given(any_database: Database) -> None:
    with any_database.write() as session:
        category = categories.add(session, HOST, names={"en": "Oils"})
        part = parts.add(session, HOST, category_id=category.id, names={"en": "Oil"}, **OIL)
        plain = parts.add(session, HOST, category_id=category.id, names={"en": "Filter"})
        assert stored(part) == STORED
        assert stored(plain) == {"unit": "pcs", "positions": [], "attributes": [], "flags": [], "button_names": {}}
        parts.change(
            session,
            HOST,
            part.id,
            expected_version=part.version,
            category_id=category.id,
            names={"en": "Engine oil"},
            synonyms=[],
            unit="pcs",
        )
    with any_database.read() as session:
        assert stored(session.get_one(Part, part.id)) == {**STORED, "unit": "pcs"}


def test_a_file_brings_details_and_its_empty_cells_change_none(database: Database, avi: Person) -> None:
    heads = "category_en,part_code,part_en,flags,unit,positions,attributes,button_en\n"
    full = "Oils,oil,Oil,by_volume,l,front|rear,viscosity,Oil\n"
    for line, outcome in ((full, "added"), (full, "same"), ("Oils,oil,Oil,,,,,\n", "same")):
        with database.write() as session:
            table = table_reader.read((heads + line).encode())
            kept = looked_through(session, acts(avi), table, "x.csv")
            catalogue_import.load(session, acts(avi), kept.id)
            assert [verdict.outcome for verdict in catalogue_import.verdicts(kept)] == [RowOutcome(outcome)]
    with database.write() as session:
        part = session.scalars(select(Part).where(Part.code == "oil")).one()
        assert (part.unit, part.positions, part.button_names) == ("l", ["front", "rear"], {"en": "Oil"})
        exported = as_csv(catalogue_file.export(session)).decode()
        assert "by_volume,,l,front|rear,viscosity,,,Oil" in exported


@pytest.mark.parametrize(("cells", "code"), [("barrel,", "unit"), ("l,middle", "position")])
def test_a_row_with_unknown_details_is_bad(database: Database, avi: Person, cells: str, code: str) -> None:
    table = table_reader.read(f"category_en,part_en,unit,positions\nOils,Oil,{cells}\n".encode())
    with database.write() as session:
        kept = looked_through(session, acts(avi), table, "x.csv")
        assert [verdict.reason for verdict in catalogue_import.verdicts(kept)] == [code]


def test_a_file_of_before_has_no_details(database: Database, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(
        "category_code,category_icon,category_ru,category_he,category_en,part_code,part_ru,part_he,part_en,flags,synonyms\n"
        "body,🚗,Кузов,מרכב,Body,mirror,Зеркало,מראה,Mirror,,\n",
        encoding="utf-8",
    )
    with database.write() as session:
        assert catalogue.load(session, own) == 1
        part = session.scalars(select(Part)).one()
        assert (part.unit, part.positions, part.attributes, part.button_names) == ("pcs", [], [], {})
