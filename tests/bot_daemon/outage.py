"""A database that is there and cannot be used: somebody else holds its locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from common.database.engine import Database


@contextmanager
def locked(url: str) -> Iterator[None]:
    """For as long as the block runs every write waits, on PostgreSQL every read of our tables too."""
    other = Database(url)
    try:
        with other.write("outage") as session:
            tables = "inbox, outbox, delivery, chat, lease, bot, process, revision"
            session.execute(text("SELECT 1" if other.is_sqlite else f"LOCK TABLE {tables}"))
            yield
    finally:
        other.dispose()
