"""Every row of every table, as text: to compare, and to search for what must not be there."""

from __future__ import annotations

from sqlalchemy import inspect, text

from common.database.engine import Database


def tables(database: Database) -> list[str]:
    return sorted(inspect(database.engine).get_table_names())


def rows(database: Database, table: str) -> list[str]:
    """The rows of one table, sorted; bytes as the text they are."""
    with database.engine.connect() as connection:
        found = connection.execute(text(f'SELECT * FROM "{table}"')).all()
    return sorted(repr([_readable(value) for value in row]) for row in found)


def _readable(value: object) -> object:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else value


def everything(database: Database, *, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    return {table: rows(database, table) for table in tables(database) if table not in without}
