"""Rina and Avi, each with a chat of their own."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Role
from tests.bot_daemon.chat.driver import Chat, together
from tests.bot_daemon.chat.steps.staff.staff_chats import staff


@pytest.fixture
def rinas(database: Database, dimas: Chat) -> Chat:
    mine = staff(database, "Rina", 77)
    together(dimas, mine)
    return mine


@pytest.fixture
def avis(database: Database, dimas: Chat, rinas: Chat) -> Chat:
    mine = staff(database, "Avi", 78, Role.MANAGER)
    together(dimas, rinas, mine)
    return mine
