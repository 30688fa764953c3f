"""Updates that wait for a bot: how long they live, which queue they stand in, and the order of both ways out."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

MAX_PENDING = 100_000  # td TQueue MAX_QUEUE_EVENTS
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
# Queue of a webhook, by kind: (who gives the number, the offset). Source: Client.cpp:17155-17158, 17959 and beside.
_BY_USER = {"callback_query": 3 << 33, "chat_member": 6 << 33, "inline_query": 1 << 33, "chosen_inline_result": 2 << 33}
_BY_CHAT = {"my_chat_member": 5 << 33, "chat_join_request": 7 << 33}
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
    """`expires_at` is in engine seconds; `raw` is the JSON that goes out, byte for byte, every time."""

    id: int
    kind: str
    raw: bytes
    queue: int
    chat_id: int | None
    expires_at: float
    attempts: int = 0


def kind_of(body: dict[str, Any]) -> str:
    """The update's kind: its only key besides update_id."""
    return next((key for key in body if key != "update_id"), "unknown")


def queue_of(kind: str, content: Any) -> int:
    """The webhook queue: serial inside, independent of all others."""
    if not isinstance(content, dict):
        return 0
    if kind in _BY_USER:
        return _id(content.get("from")) + _BY_USER[kind]
    return _id(content.get("chat")) + _BY_CHAT.get(kind, 0)


def chat_of(content: Any) -> int | None:
    if not isinstance(content, dict):
        return None
    chat = content.get("chat") or (content.get("message") or {}).get("chat") or content.get("from")
    return _id(chat) or None


def _id(holder: Any) -> int:
    return int(holder.get("id", 0)) if isinstance(holder, dict) else 0


def _never() -> None:
    return None


class UpdateQueue:
    """Everything undelivered of one bot, oldest first. `on_push` hears of each new one."""

    def __init__(self, first_id: int) -> None:
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.again: list[Update] = []  # duplicates for the next getUpdates
        self.history: OrderedDict[int, Update] = OrderedDict()
        self.next_id = first_id
        self._pushed_at = 0.0
        self.on_push: Callable[[], None] = _never
        self.arrived = asyncio.Event()

    def push(self, body: dict[str, Any], now: float) -> Update:
        """Queue `body` under the next number, or under its own `update_id` when it brings one."""
        kind = kind_of(body)
        if now - self._pushed_at > WEEK:  # docs, Update: after a silent week the next number is random
            self.next_id = random.randrange(1, 1 << 30)
        self._pushed_at = now
        update_id = int(body.get("update_id", self.next_id))
        self.next_id = max(self.next_id, update_id + 1)
        content = body.get(kind)
        raw = msgspec.json.encode({"update_id": update_id} | body)
        lifetime = LIFETIMES.get(kind, DAY)
        update = Update(update_id, kind, raw, queue_of(kind, content), chat_of(content), now + lifetime)
        self.keep(update)
        return update

    def keep(self, update: Update) -> None:
        """Queue an update as it is."""
        self.pending[update.id] = update
        self.history[update.id] = update
        if len(self.history) > MAX_HISTORY:
            self.history.popitem(last=False)
        if len(self.pending) > MAX_PENDING:
            self.pending.popitem(last=False)
        self.announce()

    def announce(self) -> None:
        self.arrived.set()
        self.arrived = asyncio.Event()
        self.on_push()

    def forget(self, update: Update) -> None:
        self.pending.pop(update.id, None)

    def drop_expired(self, now: float) -> None:
        for update in [update for update in self.pending.values() if update.expires_at < now]:
            self.forget(update)

    def clear(self) -> None:
        self.pending.clear()

    def take(self, offset: int, limit: int, now: float) -> list[Update]:
        """What getUpdates answers: `offset` confirms everything below it; a negative one keeps that many from the end.

        An offset beyond the last number confirms nothing and starts at the head. Source: Client.cpp do_get_updates.
        """
        if offset < 0:
            for update_id in list(self.pending)[:offset]:
                del self.pending[update_id]
        elif 0 < offset <= self.next_id:
            for update_id in [number for number in self.pending if number < offset]:
                del self.pending[update_id]
        self.drop_expired(now)
        again, self.again = self.again, []
        return (again + sorted(self.pending.values(), key=lambda update: update.id))[:limit]
