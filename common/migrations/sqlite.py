"""What a migration needs around it on SQLite, where Alembic changes a table by making a new one in its place.

The rows are copied, the old table is dropped, and the new one takes its name
(https://www.sqlite.org/lang_altertable.html#otheralter). Two things go wrong in that:

- A table that others refer to cannot be dropped while foreign keys are enforced.
- A view that reads the table stops the renaming, and the table's triggers are dropped with it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from common.errors import SchemaError

log = logging.getLogger(__name__)

OWN = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY rowid"


def without_foreign_keys(connection: Connection) -> None:
    """Call it before BEGIN: inside a transaction the pragma does nothing.

    The connection leaves the pool, so that nobody after this one works without foreign keys.
    """
    connection.detach()
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


@contextmanager
def kept_whole(connection: Connection) -> Iterator[None]:
    """Around the migrations, inside the transaction: what they must not lose is there afterwards.

    Raises: SchemaError when a row refers to nothing now that referred to something before.
    """
    dangling = _dangling(connection)
    with _set_aside(connection):
        yield
    after = _dangling(connection)
    if lost := after - dangling:
        raise SchemaError(f"rows would refer to nothing: {_told(lost)}")
    if after:
        log.warning("Rows refer to nothing, and did before: %s", _told(after))


def _dangling(connection: Connection) -> Counter[tuple[str, str]]:
    """Rows by their table and the table where what they refer to is missing."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((table, parent) for table, _rowid, parent, _key in found)


def _told(dangling: Counter[tuple[str, str]]) -> str:
    return ", ".join(f"{count} of {table} (to {parent})" for (table, parent), count in sorted(dangling.items()))


@contextmanager
def _set_aside(connection: Connection) -> Iterator[None]:
    """Views and triggers, all of them somebody's own: the program has none. They come back as they were written."""
    own, quoted = connection.exec_driver_sql(OWN).all(), connection.dialect.identifier_preparer.quote_identifier
    for kind, name, _ in own:
        # "If exists": a trigger on a view went with the view.
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {quoted(name)}")
    yield
    for _, _, written in own:
        connection.exec_driver_sql(written)
