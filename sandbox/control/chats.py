"""Chats over the control API: messages, groups."""

import msgspec
from aiohttp import web

from sandbox.api.methods.commands import commands_for
from sandbox.control.route import Handler, body_of, bot_of, number, rows
from sandbox.errors import SandboxRefusal
from sandbox.telegram.chats import Group
from sandbox.telegram.views import message_view
from sandbox.telegram.world import World
from sandbox.values import Json


class NewGroup(msgspec.Struct):
    id: int
    title: str
    type: str = "group"


class ChatsControl:
    def __init__(self, world: World) -> None:
        self.world = world

    def table(self) -> dict[str, Handler]:
        return {
            "GET /chats/{chat}": self.chat,
            "GET /chats/{chat}/messages": self.messages,
            "POST /groups": self.add_group,
            "POST /groups/{chat}/migrate": self.migrate,
        }

    async def chat(self, request: web.Request) -> Json:
        """The data of one conversation that the page shows besides its messages."""
        bot, chat_id = bot_of(self.world, request), number(request.match_info["chat"])
        conversation = bot.conversation(chat_id)
        person = self.world.people.get(chat_id)
        waiting = [press.view() for press in bot.presses.values() if press.chat_id == chat_id and not press.answer]
        return {
            "started": conversation.started,
            "blocked": conversation.blocked,
            "reply_keyboard": conversation.reply_keyboard,
            "commands": commands_for(bot.commands, chat_id, person.language_code if person else ""),
            "menu_button": bot.menu_buttons.get(chat_id) or bot.menu_buttons.get(0) or {"type": "commands"},
            "waiting": waiting,
        }

    async def messages(self, request: web.Request) -> list[Json]:
        """The newest `limit` messages, oldest first."""
        chat = bot_of(self.world, request).chats.get(number(request.match_info["chat"]))
        newest = list(chat.messages.values())[-rows(request) :] if chat else []
        return [message_view(message) for message in newest]

    async def add_group(self, request: web.Request) -> Json:
        given = await body_of(request, NewGroup)
        if given.id >= 0:
            raise SandboxRefusal("a group has a negative id")
        self.world.groups[given.id] = Group(given.id, given.title, given.type)
        self.world.hub.tell("groups")
        return self.world.groups[given.id].as_chat()

    async def migrate(self, request: web.Request) -> Json:
        """Make the group a supergroup with a new id."""
        group = self.world.groups.get(number(request.match_info["chat"]))
        if group is None:
            raise SandboxRefusal("there is no such group", 404)
        new = Group(int(f"-100{abs(group.id)}"), group.title, "supergroup")
        group.migrated_to, self.world.groups[new.id] = new.id, new
        self.world.hub.tell("groups")
        return new.as_chat()
