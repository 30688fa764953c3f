"""A station with a catalogue, and chats to drive."""

from __future__ import annotations

import pytest

from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Person
from tests.bot_daemon.chat.driver import Chat, chat_of
from tests.support.cast import CHARLIE


@pytest.fixture(autouse=True)
def stocked(database: Database) -> None:
    with database.write() as session:
        catalogue.load(session)


@pytest.fixture
def dimas(database: Database, dima: Person) -> Chat:
    return chat_of(database, dima)


@pytest.fixture
def noas(database: Database, noa: Person) -> Chat:
    return chat_of(database, noa)


@pytest.fixture
def charlies(database: Database) -> Chat:
    """A stranger's chat."""
    assert CHARLIE.telegram_id is not None
    return Chat(database, CHARLIE.telegram_id, CHARLIE.name, CHARLIE.language)
