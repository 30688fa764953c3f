"""A migration that does not get to its end leaves the older schema and all its rows."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import event, text

from common.database import schema
from common.database.engine import Database
from common.errors import SchemaError
from tests.common.database.migrations.stations import arrive, assert_sound, contents, shape

PROGRAM = "import sys; from common.cli import main; sys.exit(main(['migrate']))"


@pytest.fixture
def station(empty_database: Database) -> Database:
    return arrive("0001_first", empty_database)


def seen(station: Database) -> tuple[Any, ...]:
    with station.engine.connect() as connection:
        rows = {table: sorted(map(repr, rows)) for table, rows in contents(station).items()}
        return schema.current_revision(connection), shape(station), rows


def test_one_that_is_killed_is_done_anew(station: Database) -> None:
    before = seen(station)
    station.dispose()
    url = station.engine.url.render_as_string(hide_password=False)
    environment = {"DATABASE_URL": url, "CRASH_AT": "migrate.before_commit"}
    killed = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert seen(station) == before
    assert_sound(station)
    assert schema.migrate(station) == schema.head_revision()


def test_one_that_fails_half_way_is_told_in_one_sentence(station: Database) -> None:
    with station.engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_orders_updated_at_id ON orders (state)"))  # as 0007 will call its own
    before = seen(station)
    told = r"^The schema stays at 0001_first: a migration failed and was taken back \(.*ix_orders_updated_at_id.*\)\.$"
    with pytest.raises(SchemaError, match=told):
        schema.migrate(station)
    assert seen(station) == before
    assert_sound(station)
    with station.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_orders_updated_at_id"))
    assert schema.migrate(station) == schema.head_revision()


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("pages", [80, 100, 120])
def test_a_full_disk_is_named(station: Database, pages: int) -> None:
    """The file has 76 pages, and 140 once it is migrated."""
    before = seen(station)
    station.dispose()
    event.listen(station.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages}").close())
    with pytest.raises(SchemaError, match=r"^The schema stays at 0001_first: .* \(database or disk is full\)\.$"):
        schema.migrate(station)
    assert seen(station) == before
    assert_sound(station)
