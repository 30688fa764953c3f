"""The desk on a real database, and visitors who are signed in or not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from common.database.engine import Database
from common.database.models import Person
from common.settings.config import WebSettings
from tests.webapp.desks import OpenApp, environment, signed_in
from tests.webapp.visitor import Visitor
from webapp.app import create_app, open_desk
from webapp.web.context import EXTENSION


class Compiled(BytecodeCache):
    """Templates that were compiled once: doing it for each test's application took a third of these tests' time."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def applications() -> dict[frozenset[tuple[str, str]], Flask]:
    """Applications by their settings; each test gives one a desk of its own. Making all the routes anew is slow."""
    return {}


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture
def app_on(applications: dict[frozenset[tuple[str, str]], Flask], compiled: Compiled) -> Iterator[OpenApp]:
    """Desks on a database and its address, with settings of their own."""
    made: list[Flask] = []

    def make(database: Database, url: str, **settings: str) -> Flask:
        given, read = frozenset(settings.items()), WebSettings.from_env(environment(url, **settings))
        app = applications.get(given)
        if app is None or app in made:
            app = applications[given] = create_app(read, database)
            app.jinja_env.bytecode_cache = compiled
        else:
            app.extensions[EXTENSION] = open_desk(read, database)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions[EXTENSION].hub.shutdown()
        app.extensions[EXTENSION].afterwards.shutdown()
        app.extensions[EXTENSION].schema_watch.shutdown()


@pytest.fixture
def make_app(app_on: OpenApp, database: Database, database_url: str) -> OpenApp:
    """Desks on the one database, with settings of their own."""
    return partial(app_on, database, database_url)


@pytest.fixture
def app(make_app: OpenApp) -> Flask:
    return make_app()


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser that is not signed in."""
    return Visitor(app)


@pytest.fixture
def storekeeper(app: Flask, database: Database, rina: Person) -> Visitor:
    """Rina's browser, signed in, reading Hebrew."""
    return signed_in(app, database, rina)


@pytest.fixture
def manager(app: Flask, database: Database, avi: Person) -> Visitor:
    """Avi's browser, signed in, reading English."""
    return signed_in(app, database, avi)
