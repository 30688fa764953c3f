"""What a rebuilt table must not lose."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from common.database import schema
from common.database.engine import Database
from common.database.migrations import sqlite
from common.errors import SchemaError
from tests.common.database.migrations.stations import arrive, contents
from tests.support.cast import AVI, hire

pytestmark = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
UNSEEN = "UPDATE orders SET vehicle_id = 999 WHERE id <= 3"


@pytest.fixture
def station(empty_database: Database) -> Database:
    return arrive("0001_first", empty_database)


@pytest.fixture
def unguarded(station: Database) -> Iterator[Connection]:
    """As somebody's shell opens the file: without foreign keys."""
    with station.engine.connect() as connection:
        sqlite.without_foreign_keys(connection)
        yield connection


def test_rows_that_would_refer_to_nothing_stop_the_migration(unguarded: Connection) -> None:
    told = r"rows would refer to nothing: 3 of orders \(to vehicle\)"
    with pytest.raises(SchemaError, match=told), sqlite.kept_whole(unguarded):
        unguarded.execute(text(UNSEEN))


def test_rows_that_referred_to_nothing_before_are_told_and_stay(
    station: Database, unguarded: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    unguarded.execute(text(UNSEEN))
    unguarded.commit()
    with caplog.at_level(logging.WARNING, "common.database.migrations.sqlite"):
        assert schema.migrate(station) == schema.head_revision()
    assert [r.getMessage() for r in caplog.records if r.name == "common.database.migrations.sqlite"] == [
        "Rows referred to missing rows before this migration, and still do: 3 of orders (to vehicle)"
    ]
    assert [row["vehicle_id"] for row in contents(station)["orders"][:4]] == [999, 999, 999, 4]


def test_views_and_triggers_of_the_host_are_there_afterwards(station: Database) -> None:
    with station.engine.begin() as connection:
        connection.execute(text('CREATE VIEW "by state" AS SELECT state, count(*) AS many FROM orders GROUP BY state'))
        connection.execute(text("CREATE TABLE seen (id integer)"))
        for name, event in (("told", "INSERT ON person"), ("asked", 'INSTEAD OF INSERT ON "by state"')):
            connection.execute(text(f"CREATE TRIGGER {name} {event} BEGIN INSERT INTO seen VALUES (1); END"))
    schema.migrate(station)
    assert hire(station, AVI).id == 5
    with station.engine.begin() as connection:
        connection.execute(text("INSERT INTO \"by state\" VALUES ('new', 1)"))
        assert connection.scalar(text("SELECT count(*) FROM seen")) == 2
        assert connection.scalar(text('SELECT sum(many) FROM "by state"')) == 12


def test_the_number_of_a_deleted_row_is_not_given_again(station: Database) -> None:
    with station.engine.begin() as connection:
        connection.execute(text("UPDATE sqlite_sequence SET seq = 70 WHERE name = 'person'"))
    schema.migrate(station)
    assert hire(station, AVI).id == 71


def test_nor_that_of_the_last_row_of_all(station: Database) -> None:
    with station.engine.begin() as connection:
        connection.execute(text("DELETE FROM invitation"))
    schema.migrate(station)
    with station.engine.connect() as connection:
        assert connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'invitation'")) == 1
