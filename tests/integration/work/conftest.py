"""A station with a long history, made once; with `make soak` it is the 100,000 orders of the claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from common.catalogue import search
from common.database import schema
from common.database.engine import Database
from common.database.models import Person
from common.settings.config import WebSettings
from common.understanding.catalogue_names import NAMES
from tests.integration.work import history
from tests.integration.work.measure import Meter
from tests.support.cast import AVI, hire
from tests.webapp.desks import environment
from webapp.app import create_app
from webapp.web.context import EXTENSION

ORDERS, ALL_ORDERS = 10_000, 100_000


@dataclass(frozen=True)
class LongHistory:
    """The station, its desk, its manager, and an order about which much was said."""

    database: Database
    app: Flask
    avi: Person
    meter: Meter
    orders: int
    busy_order: int


@pytest.fixture(scope="session")
def long_history(tmp_path_factory: pytest.TempPathFactory, soak: bool) -> Iterator[LongHistory]:
    path: Path = tmp_path_factory.mktemp("history") / "felix.sqlite3"
    database = Database(f"sqlite:///{path}", synchronous="OFF")
    schema.migrate(database)
    orders = ALL_ORDERS if soak else ORDERS
    busy_order = history.make(database, orders)
    avi, meter = hire(database, AVI), Meter(database)
    with database.read() as session:
        search.INDEX.build(search.INDEX.read(session))
        NAMES.build(NAMES.read(session))
    app = create_app(WebSettings.from_env(environment(f"sqlite:///{path}")), database)
    yield LongHistory(database, app, avi, meter, orders, busy_order)
    app.extensions[EXTENSION].hub.shutdown()
    app.extensions[EXTENSION].afterwards.shutdown()
    database.dispose()
