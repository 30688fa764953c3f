"""A mechanic and a storekeeper on each database, and both at a station."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station


@pytest.fixture
def mechanic(any_database: Database) -> Person:
    return hire(any_database, DIMA)


@pytest.fixture
def storekeeper(any_database: Database) -> Person:
    return hire(any_database, RINA)


@pytest.fixture
def station(any_database: Database, mechanic: Person, storekeeper: Person) -> Station:
    return Station(any_database, mechanic, storekeeper)
