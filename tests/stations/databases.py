"""Fresh, migrated databases: a copied file of SQLite, an emptied database of PostgreSQL.

`database`, `database_url`          SQLite, the default
`any_database`, `any_database_url`  the same test on SQLite and on PostgreSQL
`empty_database`                    not migrated, on both
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

from common.catalogue import catalogue
from common.database import schema
from common.database.engine import Database
from common.operation.reindexing import reindex
from tests.stations import postgresql
from tests.support.seed import SMALL


class Compiled(LRUCache[Any, Any]):
    """A cache of compiled statements per kind of database, instead of per engine: each test has its own engine.

    Compiling statements anew in each test took a sixth of the time of all tests.
    """

    def get(self, key: tuple[Dialect, Any], default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: tuple[Dialect, Any], compiled: Any) -> None:
        super().__setitem__(_by_kind(key), compiled)


def _by_kind(key: tuple[Dialect, Any]) -> tuple[Any, ...]:
    return (type(key[0]), key[0]._json_serializer, *key[1:])


COMPILED = Compiled(2_000)


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    """SQLAlchemy takes `compiled_cache` as an option of a connection."""
    connection.execution_options(compiled_cache=COMPILED)


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
_number = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that no process has open."""
    path = tmp_path_factory.mktemp("template") / "felix.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def stocked_template(sqlite_template: Path) -> Path:
    """The same with the small catalogue in it: to load it anew for each test of the chat took a tenth of their time."""
    path = sqlite_template.with_name("stocked.sqlite3")
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        catalogue.load(session, SMALL)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A running server, started by the first test that needs it."""
    with postgresql.server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_migrated(postgresql_server: postgresql.Server) -> Iterator[postgresql.Reusable]:
    """One migrated database for all tests of this process, one after the other."""
    with postgresql_server.database(f"{postgresql.PREFIX}_migrated") as url:
        _migrate(url)
        with contextlib.closing(postgresql.Reusable(url)) as reusable:
            yield reusable


def _migrate(url: str) -> None:
    database = Database(url)
    schema.migrate(database)
    reindex(database)
    database.dispose()


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite file."""
    path = tmp_path / "felix.sqlite3"
    shutil.copy(sqlite_template, path)  # with its mode
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_migrated: postgresql.Reusable) -> str:
    """A migrated PostgreSQL database, as new."""
    postgresql_migrated.empty()
    return postgresql_migrated.url


@pytest.fixture(params=BOTH)
def any_database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database of each kind."""
    url: str = request.getfixturevalue("database_url" if request.param == "sqlite" else "postgresql_url")
    return url


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind without any schema."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        return
    server: postgresql.Server = request.getfixturevalue("postgresql_server")
    with server.database(f"{postgresql.PREFIX}_{next(_number)}") as url:
        yield from _opened(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    yield from _opened(database_url)


@pytest.fixture
def any_database(any_database_url: str) -> Iterator[Database]:
    yield from _opened(any_database_url)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url, synchronous="OFF")  # no power cuts in tests; waiting for the disk took a sixth of the time
    yield database
    leaked = database.engine.pool.checkedout()  # type: ignore[attr-defined]
    database.dispose()
    assert leaked == 0, f"{leaked} database connections were not given back"
