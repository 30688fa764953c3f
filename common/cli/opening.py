"""How a command comes to its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from common.database import schema
from common.database.engine import Database
from common.database.models import Role, Via
from common.permissions import Actor
from common.settings.config import StationSettings

# Whoever has the shell and DATABASE_URL may do what a manager may.
HOST = Actor(None, Role.MANAGER, Via.COMMAND)


@contextmanager
def connect_database(settings: StationSettings) -> Iterator[Database]:
    """The database, whatever its schema."""
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous, pool_size=2)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def open_database() -> Iterator[Database]:
    """The database the environment names, its schema fit for this code.

    Raises:
        SettingsError, SchemaError.
    """
    with connect_database(StationSettings.from_env()) as database:
        schema.check(database)
        yield database
