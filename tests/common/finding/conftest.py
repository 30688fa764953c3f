"""The cast on each database, and a search for the numbers of orders."""

from __future__ import annotations

from typing import Any

import pytest

from common import clock
from common.database.engine import Database
from common.database.models import (
    Person,
)
from common.finding import order_filters, order_search
from tests.common.finding.finder import ZONE, Find
from tests.support.cast import AVI, DIMA, NOA, hire


@pytest.fixture
def dima(any_database: Database) -> Person:
    return hire(any_database, DIMA)


@pytest.fixture
def noa(any_database: Database) -> Person:
    return hire(any_database, NOA)


@pytest.fixture
def avi(any_database: Database) -> Person:
    return hire(any_database, AVI)


@pytest.fixture
def find(any_database: Database) -> Find:
    """The numbers that are found for these fields; `_from` is `from`."""

    def look(*, before: int | None = None, limit: int = 50, reader: int | None = None, **fields: Any) -> list[int]:
        given = {name.strip("_"): [v] if isinstance(v, str) else v for name, v in fields.items()}
        understood = order_filters.read(given, today=clock.utcnow().date(), zone=ZONE, reader_id=reader)
        assert understood.left_out == ()
        with any_database.read() as session:
            return order_search.find(session, understood.wanted, before=before, limit=limit)

    return look
