"""The desk on a real database, and visitors who are signed in or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from common.config import WebSettings
from common.database import Database
from common.models import Person
from tests.webapp.desks import environment, signed_in
from tests.webapp.visitor import Visitor
from webapp.app import create_app
from webapp.desk import EXTENSION


@pytest.fixture
def make_app(database: Database, database_url: str) -> Iterator[Callable[..., Flask]]:
    """Desks on the one database, with settings of their own."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        app = create_app(WebSettings.from_env(environment(database_url, **settings)), database)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions[EXTENSION].hub.shutdown()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
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
