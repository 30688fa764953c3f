"""One bot as Telegram's side keeps it."""

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field

from sandbox.telegram.chats import Conversation, Message
from sandbox.telegram.flood import FloodGate
from sandbox.telegram.updates import UpdateQueue
from sandbox.values import Json

_TOKEN = re.compile(r"(\d{3,16}):[A-Za-z0-9_-]{30,64}")
MAX_CALLBACKS = 50_000


def looks_like_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None


def id_of(token: str) -> int:
    """The bot's id, which every token begins with; 0 for text that is not a token."""
    number = token.partition(":")[0]
    return int(number) if number.isdecimal() and len(number) <= 16 else 0


def key_of(token: str) -> str:
    """The key that is kept in place of a token, in memory and on disk."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(slots=True)
class Press:
    """A callback query. `answer` is the bot's answer, None until then."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    at: float
    update_id: int = 0
    answer: Json | None = None
    inline_message_id: str = ""

    def view(self) -> Json:
        return {
            "callback_query_id": self.id,
            "person": self.person_id,
            "message_id": self.message_id,
            "data": self.data,
            "update_id": self.update_id,
            "answered": self.answer is not None,
        } | (self.answer or {})


@dataclass(slots=True)
class WebhookSettings:
    """The settings of setWebhook, and the errors since."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    fix_ip_address: bool = False
    has_certificate: bool = False
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass(slots=True, eq=False)
class Bot:
    """`key` stands for the token (key_of), which the emulator does not keep."""

    id: int
    key: str
    username: str
    name: str
    updates: UpdateQueue = field(default_factory=lambda: UpdateQueue(1))
    flood: FloodGate = field(default_factory=FloodGate)
    chats: dict[int, Conversation] = field(default_factory=dict)
    presses: OrderedDict[str, Press] = field(default_factory=OrderedDict)
    inline: dict[str, Message] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    webhook: WebhookSettings | None = None
    allowed_updates: list[str] | None = None
    next_message_id: int = 1
    logged_out_until: float = -1e9
    set_webhook_at: float = -1e9
    conflict_at: float = -1e9
    poll_offset: int = 0
    poll_started_at: float = -1e9
    poll_generation: int = 0

    def __post_init__(self) -> None:
        self.updates.next_id = 100_000_000 + int(self.key[:6], 16)

    def as_user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def conversation(self, chat_id: int) -> Conversation:
        found = self.chats.get(chat_id)
        if found is None:
            found = self.chats[chat_id] = Conversation(chat_id)
        return found

    def new_message_id(self) -> int:
        self.next_message_id += 1
        return self.next_message_id - 1

    def message(self, chat_id: int, message_id: int) -> Message | None:
        chat = self.chats.get(chat_id)
        return chat.find(message_id) if chat else None

    def remember(self, press: Press) -> None:
        self.presses[press.id] = press
        if len(self.presses) > MAX_CALLBACKS:
            self.presses.popitem(last=False)
