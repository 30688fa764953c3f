"""A database that is not ours is named as such, by everything that opens one, and left as it is."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from common.database import schema
from common.database.engine import Database
from common.errors import SchemaError
from common.operation import doctor
from common.operation.findings import Level
from tests.common.database.migrations.stations import contents

OTHERS = "another program's, at schema {}: look at DATABASE_URL"
UNKNOWN = "at schema {}, which this program does not know: update the program, or look at DATABASE_URL"


@pytest.mark.parametrize(
    "revision",
    ["d259a9bca9e7", "00ab12cd34ef", "0001_initial", "0013_other", "9999_later", "0001_first", "", "1"],
)
def test_the_schema_of_another_program_is_not_taken_for_ours(empty_database: Database, revision: str) -> None:
    _theirs(empty_database, revision)
    _refused(empty_database, OTHERS.format(revision))


def test_nor_is_a_schema_of_two_branches(empty_database: Database) -> None:
    _theirs(empty_database, "0001_first", "0013_reasons")
    _refused(empty_database, OTHERS.format("0001_first, 0013_reasons"))


@pytest.mark.parametrize("revision", ["0012_of_a_branch", "d259a9bca9e7", ""])
def test_a_schema_of_ours_that_no_release_had_is_told(any_database: Database, revision: str) -> None:
    with any_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
    _refused(any_database, UNKNOWN.format(revision))


def _theirs(database: Database, *revisions: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE invoice (id integer, total integer)"))
        connection.execute(text("INSERT INTO invoice VALUES (1, 41)"))
        for revision in revisions:
            connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": revision})


def _refused(database: Database, told: str) -> None:
    before = _all(database)
    for go in (schema.check, schema.check_at_start, schema.migrate):
        with pytest.raises(SchemaError, match=told):
            go(database)
    (finding,) = doctor.check_schema(database)
    assert (finding.level, told in finding.text) == (Level.FAIL, True)
    assert _all(database) == before


def _all(database: Database) -> tuple[object, object]:
    with database.engine.connect() as connection:
        return contents(database), connection.execute(text("SELECT * FROM alembic_version")).all()
