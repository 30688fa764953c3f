"""What Telegram would refuse, and what would look broken in a chat."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from bot_daemon.chat.content import MAX_DATA, MAX_TEXT, Content
from bot_daemon.chat.rendering.text import RLM, utf16_units
from common import i18n

MAX_BUTTONS = 100  # undocumented; python-telegram-bot's constants
MAX_TOAST = 200  # Bot API, answerCallbackQuery


class Tags(HTMLParser):
    """Whether every tag is closed, and only Telegram's are used (Bot API, HTML style)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in {"a", "b", "i", "u", "s", "code", "pre"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def check(content: Content) -> str:
    """Raises if Telegram would refuse it. Returns the text without its tags."""
    return check_sent(content.parameters())


def check_sent(parameters: dict[str, Any]) -> str:
    """The same of a call's parameters."""
    text = parameters["text"]
    tags = Tags()
    tags.feed(text)
    tags.close()
    assert not tags.open
    assert 0 < utf16_units(tags.text) <= MAX_TEXT
    assert tags.text.strip(f"{RLM} \n")
    rows = parameters.get("reply_markup", {}).get("inline_keyboard", [])
    shown = [button for row in rows for button in row]
    assert len(shown) <= MAX_BUTTONS
    assert all(0 < utf16_units(button["text"]) <= 64 and "\n" not in button["text"] for button in shown)
    assert all(1 <= len(button["callback_data"].encode()) <= MAX_DATA for button in shown)
    assert all(len(row) <= 8 for row in rows)
    assert text.count(i18n.FSI) + text.count(i18n.LRI) == text.count(i18n.PDI)
    return tags.text
