"""The world as one document: what `--data DIR` keeps between two runs. No token is in it."""

import base64
from collections import OrderedDict
from typing import Any

import msgspec

from sandbox.telegram.bots import Bot, Press, WebhookSettings
from sandbox.telegram.chats import Conversation, Group, Message
from sandbox.telegram.files import StoredFile
from sandbox.telegram.people import Person
from sandbox.telegram.updates import Update
from sandbox.telegram.world import World
from sandbox.values import Json

VERSION = 1


class ChatState(msgspec.Struct):
    chat_id: int
    started: bool
    blocked: bool
    reply_keyboard: Json | None
    messages: list[Message]


class UpdateState(msgspec.Struct):
    """`left` is the engine's seconds that the update may still wait."""

    id: int
    kind: str
    raw: bytes
    queue: int
    chat_id: int | None
    left: float


class BotState(msgspec.Struct):
    id: int
    key: str
    username: str
    name: str
    chats: list[ChatState]
    presses: list[Press]
    commands: list[tuple[str, str, list[Json]]]
    menu_buttons: dict[int, Json]
    webhook: WebhookSettings | None
    allowed_updates: list[str] | None
    next_message_id: int
    next_update_id: int
    pending: list[UpdateState]
    inline: dict[str, Message] = {}


class FileState(msgspec.Struct):
    unique_id: str
    number: int
    name: str
    content_type: str


class Snapshot(msgspec.Struct):
    version: int
    people: list[Person]
    groups: list[Group]
    bots: list[BotState]
    files: list[FileState]


def take(world: World) -> bytes:
    """The world without the bytes of files, the journal, faults and the time."""
    now = world.clock.now()
    files = [FileState(f.unique_id, f.number, f.name, f.content_type) for f in world.files.stored.values()]
    bots = [_bot_state(bot, now) for bot in world.bots.values()]
    people, groups = list(world.people.values()), list(world.groups.values())
    return msgspec.json.encode(Snapshot(VERSION, people, groups, bots, files))


def _bot_state(bot: Bot, now: float) -> BotState:
    chats = [
        ChatState(c.chat_id, c.started, c.blocked, c.reply_keyboard, list(c.messages.values()))
        for c in bot.chats.values()
    ]
    pending = [
        UpdateState(u.id, u.kind, u.raw, u.queue, u.chat_id, u.expires_at - now) for u in bot.updates.pending.values()
    ]
    return BotState(
        id=bot.id,
        key=bot.key,
        username=bot.username,
        name=bot.name,
        chats=chats,
        presses=list(bot.presses.values()),
        commands=[(scope, language, commands) for (scope, language), commands in bot.commands.items()],
        menu_buttons=bot.menu_buttons,
        webhook=bot.webhook,
        allowed_updates=bot.allowed_updates,
        next_message_id=bot.next_message_id,
        next_update_id=bot.updates.next_id,
        pending=pending,
        inline=bot.inline,
    )


def restore(world: World, document: bytes, read_file: Any) -> None:
    """Fill an empty world. `read_file(unique_id)` gives a file's bytes, None when they are gone.

    Raises msgspec.MsgspecError for an invalid document, ValueError for one of another version.
    """
    snapshot = msgspec.json.decode(document, type=Snapshot)
    if snapshot.version != VERSION:
        raise ValueError(f"version {snapshot.version}, this emulator writes {VERSION}")
    world.people = {person.id: person for person in snapshot.people}
    world.groups = {group.id: group for group in snapshot.groups}
    for state in snapshot.files:
        data = read_file(state.unique_id)
        if data is not None:
            world.files.restore(StoredFile(state.unique_id, state.number, state.name, state.content_type, data))
    for bot_state in snapshot.bots:
        world.adopt(_bot(bot_state, world.clock.now()))


def _bot(state: BotState, now: float) -> Bot:
    bot = Bot(state.id, state.key, state.username, state.name)
    bot.chats = {chat.chat_id: _chat(chat) for chat in state.chats}
    bot.presses = OrderedDict((press.id, press) for press in state.presses)
    bot.commands = {(scope, language): commands for scope, language, commands in state.commands}
    bot.inline = state.inline
    bot.menu_buttons, bot.webhook, bot.allowed_updates = state.menu_buttons, state.webhook, state.allowed_updates
    bot.next_message_id, bot.updates.next_id = state.next_message_id, state.next_update_id
    for one in state.pending:
        bot.updates.keep(Update(one.id, one.kind, one.raw, one.queue, one.chat_id, now + one.left))
    return bot


def _chat(state: ChatState) -> Conversation:
    chat = Conversation(state.chat_id, state.started, state.blocked, reply_keyboard=state.reply_keyboard)
    chat.messages = OrderedDict((message.id, message) for message in state.messages)
    return chat


def file_name(unique_id: str) -> str:
    """The name of a file's bytes on disk; it contains no external text."""
    return base64.b32encode(unique_id.encode()).decode().rstrip("=").lower()
