"""However often somebody who is not of the station writes, and whatever: one answer an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from common import clock
from common.database.engine import Database
from common.database.models import Person
from tests.bot_daemon.chat.driver import Chat

KNOCKS: dict[str, Callable[[Chat], object]] = {
    "text": lambda chat: chat.types("let me in"),
    "start": lambda chat: chat.types("/start"),
    "command": lambda chat: chat.types("/orders"),
    "a code of no invitation": lambda chat: chat.types("/start " + "A" * 22),
    "photo": lambda chat: chat.sends_photo(),
    "forged press": lambda chat: chat.presses_data("new", 1),
}


@pytest.mark.parametrize("knock", KNOCKS)
def test_a_stranger_is_answered_once_an_hour(database: Database, knock: str) -> None:
    chat = Chat(database, 9001, "Eve")
    most = 3 if knock == "a code of no invitation" else 1
    for _ in range(5):
        KNOCKS[knock](chat)
    assert len(chat.messages) == most
    with clock.travel(timedelta(hours=1)):
        KNOCKS[knock](chat)
    assert len(chat.messages) == most + 1


def test_a_removed_person_is_answered_once_an_hour(database: Database, dima: Person, dimas: Chat) -> None:
    with database.write() as session:
        session.get_one(Person, dima.id).archived_at = clock.utcnow()
    for _ in range(5):
        dimas.types("hello")
    assert len(dimas.messages) == 1


def test_each_stranger_is_answered(database: Database) -> None:
    for number in range(5):
        chat = Chat(database, 9001 + number, "Eve")
        chat.types("hello")
        assert len(chat.messages) == 1
