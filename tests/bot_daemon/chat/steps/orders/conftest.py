"""An order that was taken."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Person
from common.orders.moves import Move
from tests.bot_daemon.chat.driver import Chat
from tests.bot_daemon.chat.steps.ordering import order_a_bolt
from tests.bot_daemon.chat.steps.orders.serving import Desk


@pytest.fixture
def desk(database: Database, dimas: Chat, rina: Person) -> Desk:
    """Dima has order 1, which Rina has taken."""
    order_a_bolt(dimas, "болт")
    desk = Desk(database, rina, dimas)
    desk.moves(1, Move.TAKE)
    return desk
