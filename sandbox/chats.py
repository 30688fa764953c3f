"""Chats as one bot sees them: the messages, and whether the bot may write."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

MAX_MESSAGES = 5_000  # kept per chat; older ones are forgotten first


@dataclass(slots=True)
class Group:
    id: int
    title: str
    type: str = "group"
    migrated_to: int | None = None
    members: set[int] = field(default_factory=set)

    def as_chat(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title, "type": self.type}


@dataclass(slots=True)
class Message:
    """`body` is the Bot API's Message; the rest is what the emulator knows of it."""

    body: dict[str, Any]
    from_bot: bool
    edits: int = 0
    deleted: bool = False
    order: int = 0  # the world's revision at its last change

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    def keyboard(self) -> list[list[dict[str, Any]]]:
        """Inline rows as the Bot API stores them; [] without."""
        rows: list[list[dict[str, Any]]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def view(self) -> dict[str, Any]:
        """What the control API and the chat page show."""
        body = self.body
        view: dict[str, Any] = {
            "message_id": body["message_id"],
            "from_bot": self.from_bot,
            "text": body.get("text", body.get("caption", "")),
            "entities": body.get("entities", body.get("caption_entities", [])),
            "keyboard": [[_button(button) for button in row] for row in self.keyboard()],
            "edited": self.edits > 0,
            "edits": self.edits,
            "deleted": self.deleted,
            "date": body["date"],
            "edit_date": body.get("edit_date"),
        }
        if "reply_to_message" in body:
            view["reply_to_message_id"] = body["reply_to_message"]["message_id"]
        return view


def _button(button: dict[str, Any]) -> dict[str, Any]:
    shown = {"text": button["text"], "data": button.get("callback_data")}
    for extra in ("url", "style", "copy_text"):
        if extra in button:
            shown[extra] = button[extra]
    return shown


@dataclass(slots=True)
class Conversation:
    """One chat of one bot. `started`: the person has pressed Start; `blocked`: they stopped the bot."""

    chat_id: int
    started: bool = False
    blocked: bool = False
    payload: str | None = None
    reply_keyboard: dict[str, Any] | None = None
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)

    def add(self, message: Message) -> None:
        self.messages[message.id] = message
        if len(self.messages) > MAX_MESSAGES:
            self.messages.popitem(last=False)

    def find(self, message_id: int) -> Message | None:
        """The message unless it was deleted or never was."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def last(self) -> Message | None:
        return next((message for message in reversed(self.messages.values()) if not message.deleted), None)
