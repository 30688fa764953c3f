"""The schema's version: migrates up, and refuses to run on a schema that does not fit.

Revision names sort by age (`0001_…`). A schema newer than the code is accepted, so that the previous code keeps running
during a deploy, unless the schema names this code as too old (`schema_floor`).

Alembic is imported only to migrate: processes that only check the version need 9 MB less each without it.
"""

from __future__ import annotations

import logging
import re
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from common.database import crashpoints
from common.database.engine import Database, error_text
from common.database.migrations import OLDEST_CODE, sqlite
from common.database.models import SchemaFloor
from common.errors import DatabaseUnavailable, SchemaError

log = logging.getLogger(__name__)

MIGRATION_LOCK = 0x_FE11_4B  # any number that no other program uses in this database


MIGRATIONS = Path(__file__).parent / "migrations"
OURS = re.compile(r"\d{4}_")
VERSION_TABLE = "alembic_version"  # Alembic's own, one row: MigrationContext, "version_table"


def revisions() -> list[str]:
    """The revisions that this program knows, the oldest first: the names of the files."""
    return sorted(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def head_revision() -> str:
    """The revision this code was written for."""
    return revisions()[-1]


def current_revision(connection: Connection) -> str | None:
    """The revision of the database; None if it is empty.

    Raises: SchemaError when another program that uses Alembic has its tables there, or no release had this revision.
    """
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}")).all()  # noqa: S608 (our own name)
    named = ", ".join(sorted(found))
    if found and not inspect(connection).has_table(SchemaFloor.__tablename__):
        raise SchemaError(f"The database is another program's, at schema {named}: look at DATABASE_URL.")
    if found and not _is_known(named):
        raise SchemaError(
            f"The database is at schema {named}, which this program does not know: update the program, "
            "or look at DATABASE_URL."
        )
    return named or None


def _is_known(revision: str) -> bool:
    """Whether this program or a later one has the revision: others may be named alike, such as `0001_initial`."""
    return revision in revisions() or (OURS.match(revision) is not None and revision > head_revision())


def migrate(database: Database, to: str = "head") -> str:
    """Migrate the database to this code's schema; a second call has no effect. Returns the revision.

    It runs in one transaction: if anything ends it early, the database is unchanged. `to` names an older revision, for
    inspection. A newer schema stays as it is.

    Raises: SchemaError when the database belongs to another program, names this code as too old, or a migration fails.
    """
    with database.engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        if database.is_sqlite:
            sqlite.without_foreign_keys(connection)
        _lock_migrations(connection)
        before = current_revision(connection)
        if before is None:
            _refuse_tables_of_others(connection)
        if before and before >= head_revision():
            _refuse_code_that_is_too_old(connection)
            _raise_floor(connection, before)
            connection.commit()
            return before
        if database.is_sqlite:
            sqlite.refuse_without_room(connection)
        after = _upgrade(connection, before or "none", to)
    log.info("Schema is at %s (was %s)", after, before or "empty")
    return after


def _refuse_tables_of_others(connection: Connection) -> None:
    """Refuse a database with another program's tables: the two sets could hardly be separated again."""
    tables = sorted({*inspect(connection).get_table_names()} - {VERSION_TABLE})
    if tables:
        raise SchemaError(
            f"The database has tables that are not Felix Hub's ({', '.join(tables[:3])}{', …' * (len(tables) > 3)}), "
            "and no schema of ours: look at DATABASE_URL."
        )


def _upgrade(connection: Connection, before: str, to: str) -> str:
    try:
        with sqlite.kept_whole(connection) if connection.dialect.name == "sqlite" else nullcontext():
            _run_migrations(connection, to)
        after = current_revision(connection) or ""
        _raise_floor(connection, after)
        crashpoints.reach("migrate.before_commit")
        connection.commit()
    except (DBAPIError, SchemaError) as error:
        words = error_text(error) if isinstance(error, DBAPIError) else str(error)
        raise SchemaError(f"The schema stays at {before}: a migration failed and was taken back ({words}).") from error
    return after


def _raise_floor(connection: Connection, reached: str) -> None:
    """Write down the oldest code that may run on this schema. It never goes down: a newer program may know more."""
    if _floor(connection) < (oldest := min(OLDEST_CODE, reached)):
        connection.execute(update(SchemaFloor).values(oldest=oldest))


def _floor(connection: Connection) -> str:
    return connection.scalar(select(SchemaFloor.oldest)) or ""


def _run_migrations(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _lock_migrations(connection: Connection) -> None:
    """Make two simultaneous migrations run one after the other, without a timeout (SQLite: BEGIN IMMEDIATE)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def check(database: Database) -> str:
    """Returns the database's revision, which may be newer than this code.

    Raises: SchemaError when the schema is older than the code, or names the code as too old.
    """
    with database.engine.connect() as connection:
        found = current_revision(connection)
        if found is None or found < head_revision():
            raise SchemaError(
                f"The database is at schema {found or 'none'}, this code wants {head_revision()}:"
                " run felix-hub migrate."
            )
        _refuse_code_that_is_too_old(connection)
        return found


def check_floor(session: Session) -> None:
    """The check of a process that runs, in one query.

    Raises: SchemaError when the schema was changed meanwhile, and names this code as too old.
    """
    _refuse_code_that_is_too_old(session.connection())


def _refuse_code_that_is_too_old(connection: Connection) -> None:
    oldest = _floor(connection)
    if oldest > head_revision():
        raise SchemaError(
            f"The database is at schema {current_revision(connection)}, which needs code for {oldest} or newer: "
            "update this program."
        )


def check_at_start(database: Database) -> None:
    """The same check for a starting process: a database that does not answer also gives one clear sentence.

    Raises: SchemaError, DatabaseUnavailable.
    """
    try:
        check(database)
    except DBAPIError as error:
        raise DatabaseUnavailable(
            f"The database does not answer ({error_text(error)}): look at DATABASE_URL."
        ) from None
