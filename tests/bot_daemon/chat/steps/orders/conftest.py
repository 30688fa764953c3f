"""An order that was taken."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.serving import Desk
from tests.bot_daemon.chat.steps.orders.talking import take


@pytest.fixture
def desk(database: Database, dimas: Chat, rina: Person) -> Desk:
    """Dima has order 1, which Rina has taken."""
    order_a_bolt(dimas, "болт")
    desk = Desk(database, rina, dimas)
    desk.moves(1, Move.TAKE)
    return desk


@pytest.fixture
def served(database: Database, dimas: Chat, rina: Person) -> Chat:
    """Dima at home, with order 1 that Rina serves."""
    order_a_bolt(dimas, "болт")
    take(database, rina, 1)
    dimas.deliver()
    return dimas
