"""People over the control API: their list and their actions."""

from itertools import islice

import msgspec
from aiohttp import web

from sandbox.control.acting import Acting
from sandbox.control.route import MAX_ROWS, Handler, body_of, bot_of, person_of
from sandbox.errors import SandboxRefusal
from sandbox.telegram.bots import Bot
from sandbox.telegram.people import Person
from sandbox.telegram.views import message_view
from sandbox.telegram.world import World
from sandbox.values import Json

MAX_PEOPLE = 100_000


class NewPerson(msgspec.Struct):
    first_name: str
    language_code: str = "en"
    id: int | None = None
    last_name: str | None = None
    username: str | None = None


class ManyPeople(msgspec.Struct):
    n: int
    first_id: int
    started: bool = True
    language_code: str = "en"


class Start(msgspec.Struct):
    payload: str = ""


class ButtonPress(msgspec.Struct):
    message_id: int = 0
    inline_message_id: str = ""
    data: str | None = None
    text: str | None = None
    chat: int | None = None
    stale: bool = False


class InGroup(msgspec.Struct):
    group: int


class InlineMessage(msgspec.Struct):
    text: str
    keyboard: list[list[Json]] = []


class PeopleControl:
    def __init__(self, world: World) -> None:
        self.world = world
        self.acting = Acting(world)

    def table(self) -> dict[str, Handler]:
        return {
            "GET /people": self.people,
            "POST /people": self.add_person,
            "POST /people/bulk": self.add_people,
            "POST /people/{person}/start": self.start,
            "POST /people/{person}/inline": self.inline,
            "POST /people/{person}/press": self.press,
            "POST /people/{person}/block": self.block,
            "POST /people/{person}/unblock": self.unblock,
            "POST /people/{person}/kick": self.kick,
            "POST /people/{person}/readmit": self.readmit,
            "POST /people/{person}/deactivate": self.deactivate,
            "GET /inline/{message}": self.inline_message,
            "GET /presses/{press}": self.answers,
            "POST /presses/{press}/repeat": self.repress,
        }

    async def people(self, request: web.Request) -> list[Json]:
        return self.views(request, MAX_ROWS)

    def views(self, request: web.Request, most: int) -> list[Json]:
        bot = bot_of(self.world, request) if self.world.bots else None
        return [_view(bot, person) for person in islice(self.world.people.values(), most)]

    async def add_person(self, request: web.Request) -> Json:
        given = await body_of(request, NewPerson)
        person_id = given.id or max([1000, *self.world.people]) + 1
        if person_id <= 0 or not given.first_name.strip():
            raise SandboxRefusal("a person has a positive id and a first name")
        person = Person(person_id, given.first_name, given.language_code, given.last_name, given.username)
        self.world.people[person_id] = person
        self.world.hub.tell("person", id=person_id)
        return _view(next(iter(self.world.bots.values()), None), person)

    async def add_people(self, request: web.Request) -> dict[str, int]:
        given = await body_of(request, ManyPeople)
        bot = bot_of(self.world, request) if given.started else None
        count = min(given.n, MAX_PEOPLE)
        for person_id in range(given.first_id, given.first_id + count):
            self.world.people[person_id] = Person(person_id, f"Person {person_id}", given.language_code)
            if bot is not None:
                bot.conversation(person_id).started = True
        self.world.hub.tell("people")
        return {"added": count}

    async def start(self, request: web.Request) -> Json:
        given = await body_of(request, Start)
        return self.acting.start(bot_of(self.world, request), person_of(self.world, request), given.payload)

    async def inline(self, request: web.Request) -> dict[str, str]:
        given = await body_of(request, InlineMessage)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        return {"inline_message_id": self.acting.send_via(bot, person, given.text, given.keyboard)}

    async def inline_message(self, request: web.Request) -> Json:
        message = bot_of(self.world, request).inline.get(request.match_info["message"])
        if message is None:
            raise SandboxRefusal("there is no such message", 404)
        return message_view(message)

    async def press(self, request: web.Request) -> Json:
        given = await body_of(request, ButtonPress)
        bot, person = bot_of(self.world, request), person_of(self.world, request)
        if given.inline_message_id:
            return self.acting.press_via(bot, person, given.inline_message_id, given.data, given.text).view()
        if given.stale:
            return self.acting.press_stale(bot, person, given.message_id, given.data or "", given.chat).view()
        return self.acting.press(bot, person, given.message_id, given.data, given.text, given.chat).view()

    async def repress(self, request: web.Request) -> Json:
        return self.acting.repress(bot_of(self.world, request), request.match_info["press"]).view()

    async def answers(self, request: web.Request) -> Json:
        press = bot_of(self.world, request).presses.get(request.match_info["press"])
        if press is None:
            raise SandboxRefusal("there is no such callback query", 404)
        return press.view()

    async def block(self, request: web.Request) -> Json:
        return self.acting.block(bot_of(self.world, request), person_of(self.world, request))

    async def unblock(self, request: web.Request) -> Json:
        return self.acting.unblock(bot_of(self.world, request), person_of(self.world, request))

    async def kick(self, request: web.Request) -> Json:
        given = await body_of(request, InGroup)
        return self.acting.kick(bot_of(self.world, request), person_of(self.world, request), given.group)

    async def readmit(self, request: web.Request) -> Json:
        given = await body_of(request, InGroup)
        return self.acting.readmit(bot_of(self.world, request), person_of(self.world, request), given.group)

    async def deactivate(self, request: web.Request) -> Json:
        self.acting.deactivate(person_of(self.world, request))
        return {}


def _view(bot: Bot | None, person: Person) -> Json:
    chat = bot.chats.get(person.id) if bot else None
    return person.as_user() | {
        "last_name": person.last_name,
        "username": person.username,
        "deactivated": person.deactivated,
        "started": chat is not None and chat.started,
        "blocked": chat is not None and chat.blocked,
    }
