"""A migration that does not get to its end leaves the older schema and all its rows."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

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


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_what_a_kill_leaves_on_the_disk_is_the_older_station_at_any_statement(
    station: Database, tmp_path: Path
) -> None:
    """The files as they are at every fortieth statement: the next start reads nothing else."""
    before, file = seen(station), Path(station.engine.url.database or "")
    taken: list[Path] = []

    def photograph(*_: object) -> None:
        place = tmp_path / f"{len(taken)}"
        place.mkdir()
        taken.append(place)
        if len(taken) % 40 == 1:
            for one in file.parent.glob(f"{file.name}*"):
                shutil.copy(one, place / one.name)

    event.listen(station.engine, "before_cursor_execute", photograph)
    schema.migrate(station)
    for place in taken[::40]:
        left = Database(f"sqlite:///{place / file.name}")
        assert seen(left) == before
        left.dispose()
    assert len(taken) > 200
    left = Database(f"sqlite:///{taken[len(taken) // 80 * 40] / file.name}")
    assert schema.migrate(left) == schema.head_revision()
    assert_sound(left)
    left.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statement", [10, 60, 120])
def test_a_connection_that_ends_at_any_statement_leaves_the_older_station(station: Database, statement: int) -> None:
    """That is what the server sees of a process that was killed."""
    before, left = seen(station), iter(range(statement, -9999, -1))

    def cut(connection: Connection, *_: object) -> None:
        if next(left) == 0:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.pgconn.finish()

    event.listen(station.engine, "before_cursor_execute", cut)
    with pytest.raises((SchemaError, DBAPIError)):
        schema.migrate(station)
    event.remove(station.engine, "before_cursor_execute", cut)
    station.dispose()
    assert seen(station) == before
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


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
def test_too_little_room_is_told_before_anything_is_written(station: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk that is shared, a migration that fills it would stop the programs that run."""
    before = seen(station)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**6))
    told = r"^The migration needs some 16 MB beside the database, and 1 MB are free in .*: make room first\.$"
    with pytest.raises(SchemaError, match=told):
        schema.migrate(station)
    assert seen(station) == before
    monkeypatch.undo()
    assert schema.migrate(station) == schema.head_revision()
