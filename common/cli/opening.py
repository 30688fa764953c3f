"""Opens the database for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from common.database import schema
from common.database.engine import Database
from common.database.models import Role, Via
from common.permissions import Actor
from common.settings.config import StationSettings

# A person with the shell and DATABASE_URL has a manager's rights.
HOST = Actor(None, Role.MANAGER, Via.COMMAND)


@contextmanager
def connect_database(settings: StationSettings) -> Iterator[Database]:
    """The database, with any schema."""
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous, pool_size=2)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def open_database() -> Iterator[Database]:
    """The database that the environment names, with a schema that fits this code.

    Raises:
        SettingsError, SchemaError.
    """
    with connect_database(StationSettings.from_env()) as database:
        schema.check(database)
        yield database
