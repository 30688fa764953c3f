"""What people write and send, over the control API."""

import msgspec
from aiohttp import web

from sandbox.control.authoring import Authoring, Location, SentFile
from sandbox.control.route import Handler, body_of, bot_of, number, person_of
from sandbox.telegram.world import World
from sandbox.values import Json


class Text(msgspec.Struct):
    text: str
    chat: int | None = None
    reply_to: int | None = None


class EditedText(msgspec.Struct):
    message_id: int
    text: str
    chat: int | None = None


class Chosen(msgspec.Struct):
    """A message of a chat; `to` is where it is forwarded, the chat with the bot by default."""

    message_id: int
    chat: int | None = None
    to: int | None = None


class Contact(msgspec.Struct):
    phone_number: str
    chat: int | None = None


class Place(msgspec.Struct):
    latitude: float
    longitude: float
    chat: int | None = None


class Sticker(msgspec.Struct):
    emoji: str
    chat: int | None = None


class AuthoringControl:
    def __init__(self, world: World, authoring: Authoring) -> None:
        self.world = world
        self.authoring = authoring

    def table(self) -> dict[str, Handler]:
        return {
            "POST /people/{person}/text": self.text,
            "POST /people/{person}/edit": self.edit,
            "POST /people/{person}/files": self.file,
            "POST /people/{person}/contact": self.contact,
            "POST /people/{person}/location": self.location,
            "POST /people/{person}/sticker": self.sticker,
            "POST /people/{person}/forward": self.forward,
            "POST /people/{person}/delete": self.delete,
        }

    async def text(self, request: web.Request) -> Json:
        given = await body_of(request, Text)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.send_text(bot, person, given.text, given.chat, given.reply_to)

    async def edit(self, request: web.Request) -> Json:
        given = await body_of(request, EditedText)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.edit_text(bot, person, given.message_id, given.text, given.chat)

    async def file(self, request: web.Request) -> Json:
        """Send a file. The body is its content; the query has kind, name, caption, album, duration, chat, reply_to."""
        query = request.query
        kind = query.get("kind", "document")
        sent = SentFile(
            kind,
            query.get("name", kind),
            request.content_type,
            await request.read(),
            query.get("caption", ""),
            query.get("album", ""),
            number(query.get("duration", "0")),
        )
        chat, reply_to = (number(query[name]) if query.get(name) else None for name in ("chat", "reply_to"))
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.send_file(bot, person, sent, chat, reply_to)

    async def contact(self, request: web.Request) -> Json:
        given = await body_of(request, Contact)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.share_contact(bot, person, given.phone_number, given.chat)

    async def location(self, request: web.Request) -> Json:
        given = await body_of(request, Place)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.share_location(bot, person, Location(given.latitude, given.longitude), given.chat)

    async def sticker(self, request: web.Request) -> Json:
        given = await body_of(request, Sticker)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.send_sticker(bot, person, given.emoji, given.chat)

    async def forward(self, request: web.Request) -> Json:
        given = await body_of(request, Chosen)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return self.authoring.forward(bot, person, given.message_id, given.chat, given.to)

    async def delete(self, request: web.Request) -> Json:
        given = await body_of(request, Chosen)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        self.authoring.delete(bot, person, given.message_id, given.chat)
        return {}
