"""The content of a message, before it becomes a call to the Bot API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_TEXT = 4096  # Bot API, sendMessage: 1-4096 characters after entities parsing
MAX_DATA = 64  # Bot API, InlineKeyboardButton.callback_data: 1-64 bytes


@dataclass(frozen=True)
class Button:
    """`data` names the result of pressing, never a step: `l:3:q:2`, not `+1`."""

    text: str
    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= MAX_DATA:
            raise ValueError(f"callback data of {len(self.data.encode())} bytes: the Bot API takes 1 to {MAX_DATA}")


@dataclass(frozen=True)
class Content:
    """Text in Telegram's HTML (every piece of data escaped) and the rows of buttons below it."""

    text: str
    buttons: list[list[Button]] = field(default_factory=list)
    silent: bool = False  # a new message makes no sound
    photo: str | None = None  # the digest of a picture: the text is then its caption

    def parameters(self) -> dict[str, Any]:
        """The parameters of sendMessage, editMessageText and sendPhoto that hold the content."""
        keyboard = [[{"text": b.text, "callback_data": b.data} for b in row] for row in self.buttons if row]
        if self.photo is not None:
            return {"caption": self.text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": keyboard}}
        return {
            "text": self.text,
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": keyboard},
            "link_preview_options": {"is_disabled": True},
        }


class NothingToSay(Exception):
    """The fact of the row is gone or no longer worth a message: the row is done without a call."""
