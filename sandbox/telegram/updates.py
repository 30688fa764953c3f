"""Pending updates of a bot: their lifetime, their queue, and the order of webhook and getUpdates."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from sandbox.values import Json

MAX_PENDING = 100_000  # td TQueue.cpp:87 MAX_QUEUE_EVENTS
MAX_LENGTH = 8 * 65_536  # td TQueue.cpp:86 MAX_EVENT_LENGTH, in bytes
MAX_TOTAL_LENGTH = 1 << 27  # td TQueue.cpp:88
MAX_HISTORY = 20_000  # kept for re-delivery by a test
DAY = 86_400.0
WEEK = 7 * DAY
PRESS = 150.0

# Seconds an update waits before it is dropped. Source: Client.cpp add_update calls; facts 4 of section 0.
LIFETIMES = {
    "callback_query": PRESS,
    "shipping_query": PRESS,
    "pre_checkout_query": PRESS,
    "inline_query": 30.0,
    "chosen_inline_result": 600.0,
}
# Queue of a webhook, by kind: whose number it is, plus the offset. Source: Client.cpp:17062-17353, 17959, 18005.
_BY_USER = {
    "inline_query": 1 << 33,
    "chosen_inline_result": 2 << 33,
    "callback_query": 3 << 33,
    "shipping_query": 4 << 33,
    "pre_checkout_query": 4 << 33,
    "chat_member": 6 << 33,
    "chat_join_request": 6 << 33,
    "business_connection": 10 << 33,
    "purchased_paid_media": 12 << 33,
}
_BY_CHAT = {
    "my_chat_member": 5 << 33,
    "chat_boost": 7 << 33,
    "removed_chat_boost": 7 << 33,
    "message_reaction": 8 << 33,
    "message_reaction_count": 9 << 33,
    "business_message": 11 << 33,
    "edited_business_message": 11 << 33,
    "deleted_business_messages": 11 << 33,
}
_BY_POLL = {"poll": "id", "poll_answer": "poll_id"}
_OF_ITS_OWN = 1 << 60  # WebhookActor.h unique_queue_id_: an update without an owner waits for no other
# docs, setWebhook: what `allowed_updates` leaves out by default
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
    }
)


@dataclass(slots=True, eq=False)
class Update:
    """`expires_at` is in engine seconds; `raw` is the JSON that goes out, byte for byte, every time.

    `doubled` says that a fault had it delivered once more.
    """

    id: int
    kind: str
    raw: bytes
    queue: int
    chat_id: int | None
    expires_at: float
    attempts: int = 0
    doubled: bool = False


def kind_of(body: Json) -> str:
    """The update's kind: its only key besides update_id."""
    return next((key for key in body if key != "update_id"), "unknown")


def queue_of(kind: str, content: Any) -> int:
    """The webhook queue: serial inside, independent of all others; 0 for a separate queue of the update."""
    if not isinstance(content, dict):
        return 0
    if kind in _BY_POLL:
        return _number(content.get(_BY_POLL[kind]))
    if kind in _BY_USER:
        return _id(_user(kind, content)) + _BY_USER[kind]
    chat = _id(content.get("chat"))
    return chat + _BY_CHAT.get(kind, 0) if chat else 0


def _user(kind: str, content: Json) -> Any:
    """The owner of the queue: for a change in a chat the affected person, not the one who made it."""
    if kind == "chat_member":
        return (content.get("old_chat_member") or {}).get("user")
    return content.get("user") if kind == "business_connection" else content.get("from")


def chat_of(content: Any) -> int | None:
    if not isinstance(content, dict):
        return None
    message = content.get("message")
    inner = message.get("chat") if isinstance(message, dict) else None
    return _id(content.get("chat") or inner or content.get("from")) or None


def _id(holder: Any) -> int:
    return _number(holder.get("id")) if isinstance(holder, dict) else 0


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _never() -> None:
    return None


class UpdateQueue:
    """All undelivered updates of one bot, oldest first. `on_push` is called for each new one."""

    def __init__(self, first_id: int) -> None:
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.again: list[Update] = []  # duplicates for the next getUpdates
        self.history: OrderedDict[int, Update] = OrderedDict()
        self.next_id = first_id
        self._pushed_at = 0.0
        self._length = 0
        self.on_push: Callable[[], None] = _never
        self.arrived = asyncio.Event()

    def push(self, body: Json, now: float) -> Update | None:
        """Queue `body` under the next number, or under its `update_id` if it has one.

        Returns None when the queue is full: Telegram then drops the new update (td TQueue.cpp:138-154).
        """
        kind = kind_of(body)
        if now - self._pushed_at > WEEK:  # docs, Update: after a silent week the next number is random
            self.next_id = random.randrange(1, 1 << 30)
        self._pushed_at = now
        update_id = int(body.get("update_id", self.next_id))
        self.next_id = max(self.next_id, update_id + 1)
        content = body.get(kind)
        raw = msgspec.json.encode({"update_id": update_id} | body)
        lifetime = LIFETIMES.get(kind, DAY)
        full = len(self.pending) >= MAX_PENDING or self._length + len(raw) > MAX_TOTAL_LENGTH
        if full or len(raw) > MAX_LENGTH:
            return None
        queue = queue_of(kind, content) or _OF_ITS_OWN + update_id
        update = Update(update_id, kind, raw, queue, chat_of(content), now + lifetime)
        self.keep(update)
        return update

    def keep(self, update: Update) -> None:
        """Queue an update unchanged."""
        self.forget(update)
        self.pending[update.id] = update
        self._length += len(update.raw)
        self.history[update.id] = update
        if len(self.history) > MAX_HISTORY:
            self.history.popitem(last=False)
        self.announce()

    def announce(self) -> None:
        self.arrived.set()
        self.arrived = asyncio.Event()
        self.on_push()

    def forget(self, update: Update) -> None:
        found = self.pending.pop(update.id, None)
        self._length -= len(found.raw) if found else 0

    def drop_expired(self, now: float) -> None:
        for update in [update for update in self.pending.values() if update.expires_at < now]:
            self.forget(update)

    def clear(self) -> None:
        self.pending.clear()
        self._length = 0

    def take(self, offset: int, limit: int, now: float) -> list[Update]:
        """The answer of getUpdates. `offset` confirms all updates below it; a negative one keeps so many from the end.

        An offset beyond the last number confirms nothing and starts at the head. Source: Client.cpp do_get_updates.
        """
        if offset < 0:
            for update in list(self.pending.values())[:offset]:
                self.forget(update)
        elif 0 < offset <= self.next_id:
            for update in [update for update in self.pending.values() if update.id < offset]:
                self.forget(update)
        self.drop_expired(now)
        again = [update for update in self.again if update.id not in self.pending]
        self.again = [update for update in self.again if update.id in self.pending]  # not before it is confirmed
        return (again + sorted(self.pending.values(), key=lambda update: update.id))[:limit]
