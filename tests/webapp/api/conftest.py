"""Programs with every scope, of a storekeeper and of a manager."""

from __future__ import annotations

import pytest
from flask import Flask

from common.database.engine import Database
from common.database.models import Person
from tests.webapp.api.client import Client, token


@pytest.fixture
def till(app: Flask, database: Database, rina: Person) -> Client:
    """Rina's program."""
    return Client(app, token(database, rina))


@pytest.fixture
def office(app: Flask, database: Database, avi: Person) -> Client:
    """Avi's program."""
    return Client(app, token(database, avi))
