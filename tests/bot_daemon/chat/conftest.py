"""A station with a catalogue, and chats to drive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from common.database.engine import Database
from common.database.models import Person
from tests.bot_daemon.chat.driver import Chat, chat_of
from tests.support.cast import CHARLIE


@pytest.fixture
def database_url(stocked_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite file with the catalogue."""
    path = tmp_path / "felix.sqlite3"
    shutil.copy(stocked_template, path)
    return f"sqlite:///{path}"


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
