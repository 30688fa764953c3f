"""The table of handlers: every update of ours finds its step, in one group."""

from __future__ import annotations

import re

import pytest
from telegram import Update

from bot_daemon.chat import buttons, handlers, steps
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.handlers import CommandEntry, PressEntry
from bot_daemon.chat.steps import home
from common.database.engine import Database
from common.messaging.kinds import MessageKind
from tests.bot_daemon.chat.driver import OFFLINE, Chat, queued, step_of

PRESSES = [press for press in vars(buttons).values() if isinstance(press, Press)]


def test_every_button_has_exactly_one_step() -> None:
    handled = [entry.press.shape for entry in handlers.STEPS if isinstance(entry, PressEntry) and entry.press]
    assert sorted(handled) == sorted(press.shape for press in PRESSES)


def test_every_command_of_the_menu_has_a_step_and_a_description_telegram_takes() -> None:
    names = {entry.name for entry in handlers.STEPS if isinstance(entry, CommandEntry)}
    for name, about in handlers.COMMANDS:
        assert name in names
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(about) <= 256


@pytest.mark.parametrize("kind", ["sticker", "location", "contact", "dice"])
def test_whatever_nobody_can_order_with_finds_the_step_that_says_so(dimas: Chat, kind: str) -> None:
    content = {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "width": 1,
            "height": 1,
            "type": "regular",
            "is_animated": False,
            "is_video": False,
        },
        "location": {"longitude": 1.0, "latitude": 1.0},
        "contact": {"phone_number": "1", "first_name": "x"},
        "dice": {"emoji": "🎲", "value": 1},
    }
    dimas.sends(**{kind: content[kind]})
    assert "текст, фото и голосовые" in dimas.last.text


def test_a_service_message_is_nobodys_business(dimas: Chat) -> None:
    dimas.sends(pinned_message={**dimas.written("x")["message"]})
    assert not dimas.messages


def test_a_command_with_the_bots_name_is_the_command(dimas: Chat) -> None:
    dimas.types("/orders@felix_bot")
    assert "Мои заказы" in dimas.last.text


def test_text_goes_to_the_typed_step_and_an_unknown_button_to_the_last(dimas: Chat) -> None:
    def found(update: dict[str, object]) -> object:
        return step_of(Update.de_json({"update_id": 1, **update}, OFFLINE))

    assert found(dimas.written("болт")) is not None
    assert found(dimas.pressed("what is this", 1)) is home.answer_outdated


def test_the_apology_is_queued_once_in_the_persons_language(database: Database, dimas: Chat) -> None:
    for _ in range(2):
        with database.write() as session:
            steps.apologise(session, dimas.user_id, 17, "en")
    dimas.deliver()
    assert len(queued(database, MessageKind.REPLY_APOLOGY)) == 1
    assert "Сбой на нашей стороне" in dimas.last.text
