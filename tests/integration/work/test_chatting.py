"""What an update costs the daemon's one database thread: the worst messages, and a chat used at random."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from benchmarks.setting import large_catalogue
from tests.bot_daemon.chat.driver import Chat, Message
from tests.integration.work.bounds import STEP
from tests.integration.work.conftest import LongHistory
from tests.integration.work.measure import Work

FIRST_CHAT = 5000  # of the history's mechanics; this one placed most orders
COMMANDS = ("/start", "/new", "/orders", "/help", "/language", "/cancel", "/start nonsense", "/nonsense")
LONG_TEXTS = ("x" * 4096, "1 " * 2000, "а" * 4096, "😀" * 2000, "\u200f" * 4000, "- - -\n" * 600, "12345678 " * 450,
              "2 шт " * 800, "9" * 4096)  # fmt: skip
TEXTS = ("12-345-67", "WVGZZZ5NZ8W000613", "00000001", "фильтр", "спасибо", *LONG_TEXTS)


class OldChat(Chat):
    """A chat with messages from before the test: when one of them is edited, it is seen."""

    def message(self, message_id: int) -> Message:
        if not any(message.id == message_id for message in self.messages):
            self.messages.append(Message(message_id, "", {}))
        return super().message(message_id)


@pytest.fixture(scope="module")
def chat(long_history: LongHistory) -> Chat:
    chat = OldChat(long_history.database, FIRST_CHAT, "Дима", "ru")
    chat.types("/start")
    return chat


def cost(history: LongHistory, act: Callable[[], object]) -> dict[str, int]:
    """What the update, and the messages that it causes, cost beyond the bound."""
    with history.meter.measure() as work:
        act()
    return work.beyond(STEP)


@pytest.mark.parametrize("name", large_catalogue.worst_messages())
def test_the_worst_messages_cost_no_more_than_their_bound(long_history: LongHistory, chat: Chat, name: str) -> None:
    text = "\n".join(large_catalogue.worst_messages()[name])[:4096]
    assert cost(long_history, lambda: chat.types(text)) == {}
    assert cost(long_history, lambda: chat.types(text)) == {}


@pytest.mark.parametrize("text", [*COMMANDS, *TEXTS])
def test_odd_texts_cost_no_more_than_their_bound(long_history: LongHistory, chat: Chat, text: str) -> None:
    assert cost(long_history, lambda: chat.types(text)) == {}
    assert cost(long_history, lambda: chat.edits(chat.written_last, text[::-1])) == {}


def something(chat: Chat, chance: random.Random) -> Callable[[], object]:
    """What somebody may do next: mostly, press a button that they see."""
    shown = [(data, message.id) for message in chat.visible() for data in message.buttons.values()]
    if shown and chance.random() < 0.75:
        pressed = chance.choice(shown)
        return lambda: chat.presses_data(*pressed)
    text, number = chance.choice([*COMMANDS, *TEXTS]), chance.randrange(99)
    deeds: list[Callable[[], object]] = [
        lambda: chat.types(text),
        lambda: chat.sends_photo(number),
        lambda: chat.replies(text, chance.randrange(200)),
        lambda: chat.blocks(False),
    ]
    return chance.choice(deeds)


def test_a_chat_used_at_random_costs_no_more_than_the_bound_at_each_update(
    long_history: LongHistory, chat: Chat, soak: bool
) -> None:
    chance, found = random.Random(5), []
    for _ in range(2000 if soak else 60):
        found.append(cost(long_history, something(chat, chance)))
    assert [one for one in found if one] == []


def test_the_measure_sees_what_an_update_costs(long_history: LongHistory, chat: Chat) -> None:
    with long_history.meter.measure() as work:
        chat.types("фильтр")
    assert {"statements", "rows", "calls"} <= work.beyond(Work()).keys()
