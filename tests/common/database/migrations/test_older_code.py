"""Which older code may run on the present schema is what the schemas themselves say."""

from __future__ import annotations

from sqlalchemy import Inspector, inspect, select

from common.database import schema
from common.database.engine import Database
from common.database.migrations import OLDEST_CODE
from common.database.models import SchemaFloor
from tests.common.database.migrations.stations import REVISIONS, arrive

Columns = dict[tuple[str, str], tuple[bool, str, bool]]
Bounds = dict[str, set[str]]
# Bounds in the place of narrower ones, in the words of each database: what older code writes fulfils them.
WIDER = {"quantity BETWEEN 1 AND 9999", "quantity >= 1 AND quantity <= 9999"}


def test_the_oldest_code_is_of_the_newest_revision_that_older_code_cannot_run_on(empty_database: Database) -> None:
    broken = []
    schema.migrate(empty_database, to=REVISIONS[0])
    before = _read(empty_database)
    for revision in REVISIONS[1:]:
        schema.migrate(empty_database, to=revision)
        after = _read(empty_database)
        broken += [revision] if _breaks(before, after) else []
        before = after
    assert broken == ["0002_conversation", "0008_photos"]
    assert broken[-1] == OLDEST_CODE


def test_a_station_that_was_brought_up_says_it(empty_database: Database) -> None:
    station = arrive(REVISIONS[0], empty_database)
    assert _floor(station) == REVISIONS[0]
    schema.migrate(station)
    assert _floor(station) == OLDEST_CODE


def test_one_that_a_newer_program_raised_stays(any_database: Database) -> None:
    with any_database.write() as session:
        session.get_one(SchemaFloor, OLDEST_CODE).oldest = schema.head_revision()
    schema.migrate(any_database)
    assert _floor(any_database) == schema.head_revision()


def _floor(database: Database) -> str | None:
    with database.read() as session:
        return session.scalar(select(SchemaFloor.oldest))


def _read(database: Database) -> tuple[Columns, Bounds]:
    inspector = inspect(database.engine)
    return _columns(inspector), _bounds(inspector)


def _columns(inspector: Inspector) -> Columns:
    return {
        (table, one["name"]): (one["nullable"], str(one["type"]), one["default"] is not None or one["nullable"])
        for (_, table), columns in inspector.get_multi_columns().items()
        for one in columns
    }


def _bounds(inspector: Inspector) -> Bounds:
    """What a row of older code might not fulfil."""
    found: Bounds = {table: set() for table in inspector.get_table_names()}
    for (_, table), unique in inspector.get_multi_unique_constraints().items():
        found[str(table)] |= {repr(sorted(one["column_names"])) for one in unique}
    for (_, table), indexes in inspector.get_multi_indexes().items():
        found[str(table)] |= {repr(one["column_names"]) for one in indexes if one["unique"]}
    for (_, table), checks in inspector.get_multi_check_constraints().items():
        found[str(table)] |= {one["sqltext"] for one in checks}
    return found


def _breaks(before: tuple[Columns, Bounds], after: tuple[Columns, Bounds]) -> bool:
    """Whether code for the first schema cannot read or write the second: something is gone, of another kind, may be
    empty where it was not, must be given where nobody knew of it, or is bounded anew and not wider.
    """
    (was, bound), (now, bounds) = before, after
    changed = any(now.get(name, ())[:2] != old[:2] for name, old in was.items())
    required = any(not filled for name, (_, _, filled) in now.items() if name not in was and name[0] in bound)
    return changed or required or any(bounds[table] - old - WIDER for table, old in bound.items())
