"""Safeguards around a migration on SQLite, where Alembic changes a table by making a new one in its place.

The rows are copied, the old table is dropped, and the new one takes its name
(https://www.sqlite.org/lang_altertable.html#otheralter). Without safeguards, three things go wrong:

- A table that others refer to cannot be dropped while foreign keys are enforced.
- A view that reads the table stops the renaming, and the table's triggers are dropped with it.
- Ids of deleted rows are used again, because AUTOINCREMENT then counts from the remaining rows.
"""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect

from common.errors import SchemaError

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
SPARE = 16 * MEGABYTE
OWN = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY rowid"
COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"


def without_foreign_keys(connection: Connection) -> None:
    """Switch foreign keys off. Call it before BEGIN: inside a transaction the pragma does nothing.

    The connection leaves the pool, so that no later caller works without foreign keys.
    """
    connection.detach()
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


def refuse_without_room(connection: Connection) -> None:
    """Raises: SchemaError when the disk has less room than a migration may take.

    That is all tables once more, without the photos and voice notes, which no revision copies.
    """
    file = connection.exec_driver_sql("PRAGMA database_list").first()
    if file is None or not file.file:
        return  # in memory
    needed = Path(file.file).stat().st_size - _media_size(connection) + SPARE
    free = shutil.disk_usage(Path(file.file).parent).free
    if free < needed:
        raise SchemaError(
            f"The migration needs some {needed // MEGABYTE} MB beside the database, and {free // MEGABYTE} MB are free "
            f"in {Path(file.file).parent}: make room first."
        )


def _media_size(connection: Connection) -> int:
    if not inspect(connection).has_table("media_content"):
        return 0
    kept = connection.exec_driver_sql("SELECT sum(size) FROM media_content WHERE body IS NOT NULL")
    return kept.scalar() or 0


@contextmanager
def kept_whole(connection: Connection) -> Iterator[None]:
    """Wraps the migrations inside the transaction, and keeps references, ids, views and triggers.

    Raises: SchemaError when a migration broke a row's reference.
    """
    dangling = _dangling(connection)
    with _numbers_kept(connection), _set_aside(connection):
        yield
    after = _dangling(connection)
    if lost := after - dangling:
        raise SchemaError(f"rows would refer to nothing: {_told(lost)}")
    if after:
        log.warning("Rows referred to missing rows before this migration, and still do: %s", _told(after))


def _dangling(connection: Connection) -> Counter[tuple[str, str]]:
    """Counts of rows with a broken reference, by their table and the table referred to."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((table, parent) for table, _rowid, parent, _key in found)


def _told(dangling: Counter[tuple[str, str]]) -> str:
    return ", ".join(f"{count} of {table} (to {parent})" for (table, parent), count in sorted(dangling.items()))


@contextmanager
def _numbers_kept(connection: Connection) -> Iterator[None]:
    """Keeps AUTOINCREMENT from using an id again after its row was deleted and its table rebuilt."""
    before = _numbers(connection)
    yield
    now, counted = _numbers(connection), set(connection.exec_driver_sql(COUNTED).scalars())
    for table, number in before.items():
        if table in counted and number > now.get(table, 0):
            connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))


def _numbers(connection: Connection) -> dict[str, int]:
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first():
        return {}
    return {row.name: row.seq for row in connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")}


@contextmanager
def _set_aside(connection: Connection) -> Iterator[None]:
    """Drops views and triggers and restores them as written. All of them are the operator's: the program has none."""
    own, quoted = connection.exec_driver_sql(OWN).all(), connection.dialect.identifier_preparer.quote_identifier
    for kind, name, _ in own:
        # "If exists": dropping a view also drops its triggers.
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {quoted(name)}")
    yield
    for _, _, written in own:
        connection.exec_driver_sql(written)
