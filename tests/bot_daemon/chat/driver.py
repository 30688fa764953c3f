"""A chat to drive in tests: real updates through the real table of handlers, real rows rendered and delivered.

Only the network is missing: `Chat` keeps what Telegram would show, message by message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Bot, Update

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.chat import handlers
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.incoming import Answer, Step, read_incoming
from bot_daemon.outbound import claims, results, stamping
from bot_daemon.outbound.results import SendResult
from bot_daemon.outbound.stamping import Outgoing
from common.database.engine import Database
from common.database.models import OutboxRow, OutboxState, Person

T = TypeVar("T")
EPOCH = 1
OF_ORDERS = ("cancel:", "o:", "q:", "m:", "move:", "why:")  # buttons of cards, notices and replies
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069\u200f")


class OfflineBot(Bot):
    """A bot that knows its name without asking Telegram."""

    @property
    def username(self) -> str:
        return "felix_bot"


class Wrapped:
    """What the daemon's `step_handler` would be: here only the step is wanted."""

    def __init__(self, step: Step) -> None:
        self.step = step

    async def __call__(self, update: Update, context: Any) -> None:
        await asyncio.sleep(0)


OFFLINE = OfflineBot("1:offline")
TABLE = handlers.build_handlers(Wrapped)


def step_of(update: Update) -> Step | None:
    """The step of the first handler that takes the update, as python-telegram-bot chooses it."""
    for handler in TABLE:
        check = handler.check_update(update)
        if check is not None and check is not False:
            assert isinstance(handler.callback, Wrapped)
            return handler.callback.step
    return None


@dataclass
class Message:
    """A message of the bot as the person sees it."""

    id: int
    text: str
    buttons: dict[str, str]  # text -> data
    deleted: bool = False

    def find(self, press: Press, **values: object) -> str | None:
        """The data of the first button of this kind and with these values."""
        wanted = {name: str(value) for name, value in values.items()}
        fits = (data for data in self.buttons.values() if press.pattern.match(data))
        return next((data for data in fits if wanted.items() <= press.read(data).items()), None)

    def labels(self) -> list[str]:
        return list(self.buttons)


@dataclass
class Chat:
    """One person's private chat with the bot."""

    database: Database
    user_id: int
    name: str = "Somebody"
    language_code: str = "en"
    deliver_at_once: bool = True
    messages: list[Message] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)  # the methods that reached this chat
    numbers: Any = field(default_factory=lambda: count(1))
    written_last: int = 0  # the number of what this person wrote last
    silent: list[int] = field(default_factory=list)  # the messages that made no sound
    others: dict[int, Chat] = field(default_factory=dict, repr=False)  # chats that keep what this one delivers to them

    # What the person does -----------------------------------------------------------------------------------------

    def types(self, text: str) -> Answer:
        return self.receive(self.written(text))

    def replies(self, text: str, to: int, **content: Any) -> Answer:
        """Types, or sends, as an answer to a message."""
        message = {"message_id": to, "date": 0, "chat": self._chat()}
        return self.sends(**({"text": text} if text else {}), **content, reply_to_message=message)

    def edits(self, message_id: int, text: str) -> Answer:
        message = {**self._message(), "message_id": message_id, "edit_date": 1, "text": text}
        return self.receive({"edited_message": message})

    def sends_photo(self, number: int = 1, group: str = "", **more: Any) -> Answer:
        size = {"file_id": f"photo{number}", "file_unique_id": f"p{number}", "width": 90, "height": 90}
        return self.sends(photo=[size], **({"media_group_id": group} if group else {}), **more)

    def presses(self, press: Press, **values: object) -> Answer:
        """A button of this kind, on the lowest message that has one."""
        return self.receive(self.pressed(*self.button(press, **values)))

    def button(self, press: Press, **values: object) -> tuple[str, int]:
        """Its data and its message, to press now or later."""
        for message in reversed(self.visible()):
            if (data := message.find(press, **values)) is not None:
                return data, message.id
        raise AssertionError(f"no button {press.shape} {values}: {[m.buttons for m in self.visible()]}")

    def presses_data(self, data: str, message_id: int) -> Answer:
        return self.receive(self.pressed(data, message_id))

    def sends(self, **content: Any) -> Answer:
        return self.receive({"message": {**self._message(), **content}})

    def blocks(self, blocked: bool = True) -> Answer:
        return self.receive(self.membership("kicked" if blocked else "member"))

    # Updates ------------------------------------------------------------------------------------------------------

    def written(self, text: str) -> dict[str, Any]:
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
        )
        return {"message": {**self._message(), "text": text, "entities": entities}}

    def pressed(self, data: str, message_id: int) -> dict[str, Any]:
        message = {**self._message(), "message_id": message_id, "text": "…"}
        return {
            "callback_query": {
                "id": f"press{next(self.numbers)}",
                "from": self._user(),
                "chat_instance": "1",
                "message": message,
                "data": data,
            }
        }

    def membership(self, status: str) -> dict[str, Any]:
        user = {"id": 1, "is_bot": True, "first_name": "Felix"}
        member = {"user": user, "status": status, "until_date": 0}
        before = {"user": user, "status": "member"}
        return {
            "my_chat_member": {
                "chat": self._chat(),
                "from": self._user(),
                "date": 0,
                "old_chat_member": before,
                "new_chat_member": member,
            }
        }

    def _message(self) -> dict[str, Any]:
        self.written_last = 100_000 + next(self.numbers)
        return {"message_id": self.written_last, "date": 0, "chat": self._chat(), "from": self._user()}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.user_id, "type": "private", "first_name": self.name}

    def _user(self) -> dict[str, Any]:
        return {"id": self.user_id, "is_bot": False, "first_name": self.name, "language_code": self.language_code}

    def receive(self, update: dict[str, Any]) -> Answer:
        """One update in its transaction, then whatever became due is delivered."""
        self.received.append(update)
        parsed = Update.de_json({"update_id": self.user_id * 10_000 + next(self.numbers), **update}, OFFLINE)
        answer = run(self.database, parsed)
        self.answers.append(answer)
        if self.deliver_at_once:
            self.deliver()
        return answer

    # What the person sees -----------------------------------------------------------------------------------------

    def deliver(self) -> None:
        """Everything in the outbox, to everybody; this chat keeps its own."""
        while self.deliver_once():
            pass

    def deliver_once(self) -> bool:
        """What can leave now, and whether that was anything."""
        outgoing = self._stamped()
        if outgoing:
            with self.database.write() as session:
                results.record(session, [SendResult(o, Sent(self._shown(o)), 1) for o in outgoing], EPOCH)
        return bool(outgoing)

    def _stamped(self) -> list[Outgoing]:
        with self.database.write() as session:
            claim = claims.claim(session, EPOCH, room=claims.Room(100), row_lease=20, admit=lambda chat_id: 0.0)
            return stamping.stamp(session, claim.ids, EPOCH, 20, "en")

    def _shown(self, outgoing: Outgoing) -> int | None:
        parameters = outgoing.parameters
        if outgoing.chat_id != self.user_id:
            other = self.others.get(outgoing.chat_id)
            return other._shown(outgoing) if other is not None else 999
        self.calls.append(outgoing.method)
        if outgoing.method == "deleteMessage":
            self.message(parameters["message_id"]).deleted = True
            return None
        rows = parameters.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = {plain(b["text"]): b["callback_data"] for row in rows for b in row}
        if outgoing.method == "editMessageText":
            message = self.message(parameters["message_id"])
            message.text, message.buttons = plain(parameters["text"]), buttons
            return message.id
        self.messages.append(Message(next(self.numbers), plain(parameters["text"]), buttons))
        if parameters.get("disable_notification"):
            self.silent.append(self.messages[-1].id)
        return self.messages[-1].id

    def message(self, message_id: int) -> Message:
        return next(message for message in self.messages if message.id == message_id)

    def visible(self) -> list[Message]:
        return [message for message in self.messages if not message.deleted]

    @property
    def last(self) -> Message:
        """The lowest message."""
        return self.visible()[-1]

    @property
    def screen(self) -> Message:
        """The lowest message with the conversation's buttons."""
        return next(m for m in reversed(self.visible()) if not all(d.startswith(OF_ORDERS) for d in m.buttons.values()))

    def saying(self, words: str) -> list[Message]:
        """The visible messages that say this."""
        return [message for message in self.visible() if words in message.text]


def together(*chats: Chat) -> None:
    """Whoever acts, each of them sees what is said to them."""
    for chat in chats:
        chat.others = {other.user_id: other for other in chats if other is not chat}


def plain(text: str) -> str:
    """Without the marks of direction, which tests of their own look at."""
    return text.translate(ISOLATES)


def run(database: Database, update: Update) -> Answer:
    """The update's step in one transaction, as the daemon runs it."""
    step, incoming = step_of(update), read_incoming(update, update.update_id)
    if step is None or incoming is None:
        return Answer()
    with database.write() as session:
        return step(session, incoming)


def chat_of(database: Database, person: Person) -> Chat:
    assert person.telegram_id is not None
    return Chat(database, person.telegram_id, person.name, person.language)


def look(database: Database, query: Callable[[Session], T]) -> T:
    with database.read() as session:
        return query(session)


def queued(database: Database, kind: str) -> list[OutboxRow]:
    """Rows of a kind that were not superseded."""
    statement = select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.state != OutboxState.SUPERSEDED)
    return look(database, lambda session: list(session.scalars(statement)))
