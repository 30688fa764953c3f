"""The emulator's world: people, groups, bots, faults, the journal, the time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.errors import SandboxRefusal
from sandbox.faults import CALL_ACTIONS, DELIVERY_ACTIONS, DUPLICATING, FaultScript
from sandbox.journal import Entry, Journal
from sandbox.listener import Listener
from sandbox.telegram.bots import Bot, id_of, key_of, looks_like_token
from sandbox.telegram.chats import Conversation, Group, Message
from sandbox.telegram.files import Files
from sandbox.telegram.hub import Hub
from sandbox.telegram.people import Person
from sandbox.telegram.updates import NOT_BY_DEFAULT, Update, kind_of
from sandbox.telegram.views import message_view
from sandbox.values import Json


@dataclass(slots=True)
class Options:
    """`known_bots_only`: an unknown token is refused instead of becoming a bot; `exposed`: any host name is accepted.

    `first_bot` is the username and the name of the first bot that comes with an unknown token. `beside` is the address
    of a page that the chat page opens beside itself, "" for none.
    """

    limits: bool = True
    time_scale: float = 1.0
    known_bots_only: bool = False
    exposed: bool = False
    first_bot: tuple[str, str] = ("sandbox_bot", "Sandbox")
    beside: str = ""


@dataclass(eq=False)
class World:
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        self.clock = Clock(self.options.time_scale)
        self.limits = self.options.limits
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.bots: dict[int, Bot] = {}
        self.files = Files()
        self.faults = FaultScript(frozenset(CALL_ACTIONS))
        self.webhook_faults = FaultScript(DELIVERY_ACTIONS)
        self.journal = Journal()
        self.hub = Hub()
        self.network_up = True
        self.network_cut = asyncio.Event()
        self.stopping = asyncio.Event()
        self.swap_armed = False
        self.api_url = ""
        self.line: Listener | None = None  # the Bot API's separate listener, if it has one
        self.on_bot: Callable[[Bot], None] = lambda bot: None

    # bots

    def register(self, token: str, username: str | None = None) -> Bot:
        """Add a bot. A bot of an earlier run keeps its state."""
        known = self.bot_for(token, known_only=True)
        if known is not None:
            return known
        bot_id = id_of(token)
        if username is None and not self.bots:
            username, name = self.options.first_bot
        else:
            username = username or f"sandbox_{bot_id}_bot"
            name = username.replace("_", " ").capitalize()
        return self.adopt(Bot(bot_id, key_of(token), username, name))

    def adopt(self, bot: Bot) -> Bot:
        self.bots[bot.id] = bot
        self.on_bot(bot)
        self.hub.tell("bots")
        return bot

    def bot_for(self, token: str, known_only: bool = False) -> Bot | None:
        """The bot of this token; None for a wrong one. A token of the real shape becomes a bot unless only known
        ones are let in."""
        bot = self.bots.get(id_of(token))
        if bot is not None:
            return bot if bot.key == key_of(token) else None
        if known_only or self.options.known_bots_only or not looks_like_token(token):
            return None
        return self.register(token)

    def bot(self, name: str | None = None) -> Bot:
        """By username, id or, without a name, the first one. Raises SandboxRefusal."""
        for bot in self.bots.values():
            if name is None or name in (bot.username, f"@{bot.username}", str(bot.id)):
                return bot
        raise SandboxRefusal(f"there is no bot {name!r} here" if name else "no bot has called yet", 404)

    # people and chats

    def person(self, person_id: int) -> Person:
        found = self.people.get(person_id)
        if found is None:
            raise SandboxRefusal(f"there is no person {person_id}; add one first", 404)
        return found

    def chat_object(self, chat_id: int) -> Json | None:
        """The Bot API's Chat, None when there is no such chat."""
        if chat_id in self.people:
            return self.people[chat_id].as_chat()
        group = self.groups.get(chat_id)
        return group.as_chat() if group else None

    # what happens in a chat

    def post(self, bot: Bot, chat: Conversation, body: Json, from_bot: bool, silent: bool = False) -> Message:
        """Put a message into the chat and tell the page."""
        message = Message(body, from_bot, silent=silent)
        chat.add(message)
        self.tell_message(bot, chat, message)
        return message

    def tell_message(self, bot: Bot, chat: Conversation, message: Message) -> None:
        message.order = self.hub.revision + 1
        if self.hub.has_listeners:
            self.hub.tell("message", bot=bot.username, chat=chat.chat_id, message=message_view(message))
        else:
            self.hub.tell("message")

    def tell_journal(self, entry: Entry) -> None:
        if self.hub.has_listeners:
            self.hub.tell("journal", entry=entry.view())

    def push_update(self, bot: Bot, body: Json) -> Update | None:
        """Queue an update for the bot; None when it does not want this kind or has no room."""
        kind = kind_of(body)
        allowed = bot.allowed_updates
        if (kind not in allowed) if allowed else (kind in NOT_BY_DEFAULT):
            return None
        update = bot.updates.push(body, self.clock.now())
        if update is not None:
            self.hub.tell("update", bot=bot.username, update_id=update.id)
        return update

    def doubles(self, update: Update) -> bool:
        """Whether a fault has this update, which was just delivered, delivered once more. An update is doubled once."""
        if update.doubled or self.webhook_faults.match(update.kind, update.chat_id, DUPLICATING) is None:
            return False
        update.doubled = True
        return True

    async def set_network(self, up: bool) -> None:
        """Cut or restore the network. Down: a separate listener refuses connections; without one they are reset."""
        self.network_up = up
        if up:
            self.network_cut = asyncio.Event()
        else:
            self.network_cut.set()
        if self.line is not None:
            await (self.line.open() if up else self.line.cut())
        self.hub.tell("network", up=up)

    def stop_waiting(self) -> None:
        """End every long wait: the emulator stops."""
        self.stopping.set()
        self.hub.close()
        for bot in self.bots.values():
            bot.updates.announce()
