"""Chats as one bot sees them: the messages, and whether the bot may write."""

from collections import OrderedDict
from dataclasses import dataclass, field

from sandbox.values import Json

MAX_MESSAGES = 5_000  # kept per chat; older ones are forgotten first


@dataclass(slots=True)
class Group:
    id: int
    title: str
    type: str = "group"
    migrated_to: int | None = None
    members: set[int] = field(default_factory=set)

    def as_chat(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.type}


@dataclass(slots=True)
class Message:
    """`body` is the Bot API's Message; the rest is the emulator's own data. `silent`: it came without a sound.

    `opens_link`: a /start whose payload came from a link, which Telegram's apps do not show.
    """

    body: Json
    from_bot: bool
    edits: int = 0
    deleted: bool = False
    silent: bool = False
    opens_link: bool = False
    order: int = 0  # the world's revision at its last change

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    def keyboard(self) -> list[list[Json]]:
        """Inline rows as the Bot API stores them; [] without."""
        rows: list[list[Json]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Conversation:
    """One chat of one bot. `started`: the person has pressed Start; `blocked`: they stopped the bot."""

    chat_id: int
    started: bool = False
    blocked: bool = False
    payload: str | None = None
    reply_keyboard: Json | None = None
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)

    def add(self, message: Message) -> None:
        self.messages[message.id] = message
        if len(self.messages) > MAX_MESSAGES:
            self.messages.popitem(last=False)

    def find(self, message_id: int) -> Message | None:
        """The message; None if it was deleted or never existed."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message

    def last(self) -> Message | None:
        return next((message for message in reversed(self.messages.values()) if not message.deleted), None)
