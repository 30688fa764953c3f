"""The schema's version: migrate up, and refuse to run on one that does not fit.

Revision names sort by age (`0001_…`). A newer schema than the code knows is fine, so that the previous code may go on
during a deploy, unless the schema names this code as too old (`schema_floor`).
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from common.database import Database
from common.errors import SchemaError
from common.models import SchemaFloor

log = logging.getLogger(__name__)

MIGRATION_LOCK = 0x_FE11_4B  # any number that nobody else takes in this database


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision this code was written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def present(connection: Connection) -> str | None:
    """The revision of the database, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> str:
    """Bring the database up to this code's schema; harmless when it is there already. Returns the revision."""
    with database.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        _alone(connection)
        before = present(connection)
        if before is None or before < newest():
            command.upgrade(_config(connection), "head")
        after = present(connection)
    log.info("Schema is at %s (was %s)", after, before or "empty")
    return after or ""


def _alone(connection: Connection) -> None:
    """Two that migrate at once go one after the other, and take the time it takes (SQLite: BEGIN IMMEDIATE)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def check(database: Database) -> None:
    """Raises: SchemaError when the schema is older than the code, or names the code as too old."""
    with database.engine.connect() as connection:
        found = present(connection)
        if found is None or found < newest():
            raise SchemaError(
                f"The database is at schema {found or 'none'}, this code wants {newest()}: run felix-hub migrate."
            )
        if found > newest() and inspect(connection).has_table(SchemaFloor.__tablename__):
            oldest = connection.scalar(select(SchemaFloor.oldest))
            if oldest and oldest > newest():
                raise SchemaError(
                    f"The database is at schema {found}, which needs code for {oldest} or newer: update this program."
                )
