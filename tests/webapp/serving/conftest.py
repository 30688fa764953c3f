"""An order that was taken."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import (
    Order,
    Person,
)
from common.orders.moves import Move
from tests.webapp.desks import line, move, place


@pytest.fixture
def order(database: Database, dima: Person, avi: Person) -> Order:
    """Dima's order, taken by Avi: version 2."""
    order = place(database, dima, line("oil filter"), line("bolt"))
    move(database, order.id, Move.TAKE, avi)
    return order
