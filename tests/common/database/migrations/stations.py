"""Stations as older programs left them, for migrations to bring up.

`older/*.sqlite3.xz` is what the demo of the program at each revision wrote. 0004 has none: that program had two heads.
Those at 0005 and 0006 ran 0004 as it was at first, without what `0010_order_again` brings.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, insert, inspect, select, text

from common.database import schema
from common.database.engine import Database

FILES = {path.name.partition(".")[0]: path for path in sorted((Path(__file__).parent / "older").glob("*.sqlite3.xz"))}
REVISIONS = sorted(path.stem for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
# What a migration changes on purpose: revision, table, column ("*": nothing wrote to the table before).
ON_PURPOSE = {
    ("0002_conversation", "media", "*"),
    ("0009_partly_ready", "person", "muted"),
    ("0013_reasons", "outbox", "reason"),
    ("0013_reasons", "media", "reason"),
}

FLOOR = "schema_floor"  # `migrate` itself writes it

SQLITE_SHAPE = (
    f"SELECT sql FROM sqlite_master WHERE sql > '' AND name NOT IN ('{schema.VERSION_TABLE}', 'sqlite_sequence')"
)
POSTGRESQL_SHAPE = (
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0 "
    f"AND connamespace = current_schema::regnamespace AND conrelid::regclass::text <> '{schema.VERSION_TABLE}'",
    f"SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema AND tablename <> '{schema.VERSION_TABLE}'",
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, collation_name "
    f"FROM information_schema.columns WHERE table_schema = current_schema AND table_name <> '{schema.VERSION_TABLE}'",
)
COLUMNS = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema",
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' AND sql > ''",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema AND indexname LIKE 'ix_%'",
}
COUNTERS = (
    "SELECT table_name, column_name, pg_get_serial_sequence(table_name, column_name) FROM information_schema.columns "
    "WHERE table_schema = current_schema AND column_default LIKE 'nextval%'"
)
Contents = dict[str, list[dict[str, Any]]]


def arrive(revision: str, database: Database) -> Database:
    """The station as that revision's program left it, in this empty database."""
    unpacked = lzma.decompress(FILES[revision].read_bytes())
    if database.is_sqlite:
        Path(database.engine.url.database or "").write_bytes(unpacked)
        return database
    with TemporaryDirectory() as directory:
        file = Path(directory, "older.sqlite3")
        file.write_bytes(unpacked)
        source = Database(f"sqlite:///{file}")
        schema.migrate(database, to=revision)
        _copy(source, database)
        source.dispose()
    return database


def _copy(source: Database, target: Database) -> None:
    with source.engine.connect() as old, target.engine.begin() as new:
        new.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys meanwhile
        new.execute(text("SET LOCAL timezone = 'UTC'"))
        _leave_out(old, new)
        for table in _tables(new):
            new.execute(text(f'DELETE FROM "{table}"'))
            rows = [{name: _written(value) for name, value in row.items()} for row in _rows(old, table)]
            if rows:
                names = rows[0].keys()
                places = ", ".join(f":{name}" for name in names)
                columns = ", ".join(f'"{name}"' for name in names)
                new.execute(text(f'INSERT INTO "{table}" ({columns}) VALUES ({places})'), rows)
        _count_on(new)


def _written(value: Any) -> Any:
    """As text, which PostgreSQL reads as what the column wants: SQLite has no times, truths or documents."""
    return value if value is None or isinstance(value, bytes) else str(value)


def _leave_out(old: Connection, new: Connection) -> None:
    """What the revision was given after that program ran it."""
    for index in _all(new, INDEXES) - _all(old, INDEXES):
        new.execute(text(f"DROP INDEX {index[0]}"))
    known = _all(old, COLUMNS)
    for table, column in _all(new, COLUMNS) - known:
        whole = table not in {name for name, _ in known}
        new.execute(text(f"DROP TABLE IF EXISTS {table}" if whole else f"ALTER TABLE {table} DROP COLUMN {column}"))


def _all(connection: Connection, query: dict[str, str]) -> set[tuple[str, ...]]:
    return {tuple(row) for row in connection.execute(text(query[connection.dialect.name]))}


def _count_on(connection: Connection) -> None:
    """PostgreSQL's sequences go on after the highest number."""
    for table, column, sequence in connection.execute(text(COUNTERS)):
        connection.execute(text(f"SELECT setval('{sequence}', coalesce(max({column}), 0) + 1, false) FROM {table}"))


def fill(database: Database) -> None:
    """Two rows in each table that has none, so that a migration that touches it has something to lose."""
    with database.engine.begin() as connection:
        empty = [name for name in _tables(connection) if not connection.scalar(text(f'SELECT count(*) FROM "{name}"'))]
        metadata = MetaData()
        metadata.reflect(connection, only=empty)
        for table in (table for table in metadata.sorted_tables if table.name in empty):
            rows = [{c.name: _value(connection, c, number) for c in table.columns} for number in (1, 2)]
            connection.execute(insert(table), rows)
        if not database.is_sqlite:
            _count_on(connection)


def _value(connection: Connection, column: Column[Any], number: int) -> Any:
    """Something that fits; what refers to another table refers to one of its rows."""
    for key in column.foreign_keys:
        found = select(key.column).order_by(key.column).offset(number - 1).limit(1)
        return connection.scalar(found)
    kind = column.type.as_generic().python_type
    if kind is str:
        return f"{column.name} {number}"[: getattr(column.type, "length", None) or 99]
    values = {
        int: number,
        bool: number == 1,
        datetime: datetime(2026, 1, number, tzinfo=UTC),
        date: date(2026, 1, number),
        bytes: b"%d" % number,
    }
    return values.get(kind, {"number": number})


def contents(database: Database) -> Contents:
    """Every row of every table, as the driver reads it."""
    with database.engine.connect() as connection:
        return {table: _rows(connection, table) for table in _tables(connection)}


def _tables(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != schema.VERSION_TABLE]


def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    return [{**row} for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()]


def shape_of_a_new(station: Database, request: pytest.FixtureRequest) -> set[str]:
    """The schema of a station that starts today, on the same kind of database."""
    database = Database(request.getfixturevalue("database_url" if station.is_sqlite else "postgresql_url"))
    seen = shape(database)
    database.dispose()
    return seen


def shape(database: Database) -> set[str]:
    """Everything of a schema but the order of its columns, in the database's own words."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            return {part for words in connection.scalars(text(SQLITE_SHAPE)) for part in _parts(words)}
        return {" ".join(map(str, row)) for query in POSTGRESQL_SHAPE for row in connection.execute(text(query))}


def _parts(written: str) -> Iterator[str]:
    """The columns, constraints and options of a CREATE TABLE, each with the table's name; an index is one part."""
    plain = re.sub(r"DEFAULT \((.*?)\)", r"DEFAULT \1", " ".join(written.replace('"', "").split()))
    if not plain.startswith("CREATE TABLE"):
        yield plain
        return
    start, _, rest = plain.partition("(")
    inside, _, options = rest.rpartition(")")
    for part in (*re.split(r",\s*(?![^(]*\))", inside), options):
        yield f"{start.strip()}: {part.strip()}"


def assert_kept(before: Contents, after: Contents, *revisions: str) -> None:
    """Every row is there with its values, but for what these revisions change on purpose."""
    meant = {(table, name) for revision, table, name in ON_PURPOSE if revision in revisions}
    for table, rows in before.items():
        if rows and table != FLOOR and (table, "*") not in meant:
            names = {name for name in rows[0] if (table, name) not in meant}
            assert len(rows) == len(after.get(table, ())), table
            assert names <= after[table][0].keys(), table
            assert _only(names, after[table]) == _only(names, rows), table


def _only(names: set[str], rows: list[dict[str, Any]]) -> list[str]:
    """PostgreSQL brings rows that were changed last."""
    return sorted(repr([row[name] for name in sorted(names)]) for row in rows)


def assert_sound(database: Database) -> None:
    """What SQLite can say of a file; PostgreSQL checks foreign keys as it goes."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert not connection.execute(text("PRAGMA foreign_key_check")).all()
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
