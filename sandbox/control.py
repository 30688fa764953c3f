"""The control API under /sandbox: act as people, script faults, read the journal. For tests and for the chat page."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from sandbox.acting import Acting
from sandbox.bots import Bot
from sandbox.chats import Group
from sandbox.deliveries import Deliveries
from sandbox.errors import SandboxRefusal
from sandbox.faults import FaultScript
from sandbox.methods.commands import commands_for
from sandbox.people import Person
from sandbox.world import World

MAX_WAIT = 60.0
MAX_ROWS = 10_000
_T = TypeVar("_T")


class Control:
    """One method per route; `routes` lists them."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self.world = world
        self.deliveries = deliveries
        self.acting = Acting(world)

    def routes(self) -> list[web.RouteDef]:
        table: dict[str, Callable[[web.Request], Awaitable[Any]]] = {
            "GET /health": self.health,
            "GET /state": self.state,
            "GET /changes": self.changes,
            "POST /people": self.add_person,
            "POST /people/bulk": self.add_people,
            "GET /people": self.people,
            "POST /people/{person}/start": self.start,
            "POST /people/{person}/text": self.text,
            "POST /people/{person}/press": self.press,
            "POST /people/{person}/block": self.block,
            "POST /people/{person}/unblock": self.unblock,
            "POST /people/{person}/deactivate": self.deactivate,
            "GET /chats/{chat}/messages": self.messages,
            "GET /chats/{chat}": self.chat,
            "POST /groups": self.add_group,
            "POST /groups/{chat}/migrate": self.migrate,
            "GET /presses/{press}": self.answers,
            "POST /presses/{press}/repeat": self.repress,
            "POST /updates": self.inject,
            "POST /updates/{update}/redeliver": self.redeliver,
            "POST /swap": self.swap,
            "POST /network": self.network,
            "POST /limits": self.limits,
            "POST /clock": self.clock,
            "GET /webhook": self.webhook,
            "GET /journal": self.journal,
        }
        for name, script in (("faults", self.world.faults), ("webhook-faults", self.world.webhook_faults)):
            table |= _fault_routes(name, script, self.world)
        return [_route(line, handler) for line, handler in table.items()]

    def _bot(self, request: web.Request) -> Bot:
        return self.world.bot(request.query.get("bot"))

    def _person(self, request: web.Request) -> Person:
        return self.world.person(_number(request.match_info["person"]))

    async def health(self, request: web.Request) -> dict[str, Any]:
        return {"ok": True}

    async def state(self, request: web.Request) -> dict[str, Any]:
        world = self.world
        return {
            "revision": world.hub.revision,
            "api_url": world.api_url,
            "bots": [bot.as_user() | {"webhook": bot.webhook is not None} for bot in world.bots.values()],
            "network": world.network_up,
            "limits": world.limits,
            "faults": [fault.view() for fault in world.faults.faults],
            "webhook_faults": [fault.view() for fault in world.webhook_faults.faults],
            "people": self._people(request),
        }

    async def changes(self, request: web.Request) -> dict[str, int]:
        """Answer when the revision is above `after`, or after `timeout` real seconds."""
        seconds = min(float(request.query.get("timeout", "0")), MAX_WAIT)
        return {"revision": await self.world.hub.changed(_number(request.query.get("after", "-1")), seconds)}

    # people

    def _people(self, request: web.Request) -> list[dict[str, Any]]:
        bot = self._bot(request) if self.world.bots else None
        return [self._person_view(bot, person) for person in list(self.world.people.values())[:MAX_ROWS]]

    def _person_view(self, bot: Bot | None, person: Person) -> dict[str, Any]:
        chat = bot.chats.get(person.id) if bot else None
        return person.as_user() | {
            "last_name": person.last_name,
            "username": person.username,
            "deactivated": person.deactivated,
            "started": chat is not None and chat.started,
            "blocked": chat is not None and chat.blocked,
        }

    async def people(self, request: web.Request) -> list[dict[str, Any]]:
        return self._people(request)

    async def add_person(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, NewPerson)
        person_id = given.id or max([1000, *self.world.people]) + 1
        if person_id <= 0 or not given.first_name.strip():
            raise SandboxRefusal("a person has a positive id and a first name")
        person = Person(person_id, given.first_name, given.language_code, given.last_name, given.username)
        self.world.people[person_id] = person
        self.world.hub.tell("person", id=person_id)
        return self._person_view(next(iter(self.world.bots.values()), None), person)

    async def add_people(self, request: web.Request) -> dict[str, int]:
        given = await _body(request, ManyPeople)
        bot = self._bot(request) if given.started else None
        for person_id in range(given.first_id, given.first_id + min(given.n, 100_000)):
            self.world.people[person_id] = Person(person_id, f"Person {person_id}", given.language_code)
            if bot is not None:
                bot.conversation(person_id).started = True
        self.world.hub.tell("people")
        return {"added": given.n}

    # acting

    async def start(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, Start)
        return self.acting.start(self._bot(request), self._person(request), given.payload)

    async def text(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, Text)
        return self.acting.send_text(self._bot(request), self._person(request), given.text, given.chat, given.reply_to)

    async def press(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, Pressed)
        bot, person = self._bot(request), self._person(request)
        if given.stale:
            return self.acting.press_stale(bot, person, given.message_id, given.data or "").view()
        return self.acting.press(bot, person, given.message_id, given.data, given.text, given.chat).view()

    async def repress(self, request: web.Request) -> dict[str, Any]:
        return self.acting.repress(self._bot(request), request.match_info["press"]).view()

    async def answers(self, request: web.Request) -> dict[str, Any]:
        press = self._bot(request).presses.get(request.match_info["press"])
        if press is None:
            raise SandboxRefusal("there is no such callback query", 404)
        return press.view()

    async def block(self, request: web.Request) -> dict[str, Any]:
        return self.acting.block(self._bot(request), self._person(request))

    async def unblock(self, request: web.Request) -> dict[str, Any]:
        return self.acting.unblock(self._bot(request), self._person(request))

    async def deactivate(self, request: web.Request) -> dict[str, Any]:
        self.acting.deactivate(self._person(request))
        return {}

    # chats

    async def chat(self, request: web.Request) -> dict[str, Any]:
        """What the page needs of one conversation besides its messages."""
        bot, chat_id = self._bot(request), _number(request.match_info["chat"])
        conversation = bot.conversation(chat_id)
        person = self.world.people.get(chat_id)
        return {
            "started": conversation.started,
            "blocked": conversation.blocked,
            "reply_keyboard": conversation.reply_keyboard,
            "commands": commands_for(bot.commands, chat_id, person.language_code if person else ""),
            "waiting": [
                press.view() for press in bot.presses.values() if press.chat_id == chat_id and not press.answer
            ],
        }

    async def messages(self, request: web.Request) -> list[dict[str, Any]]:
        """The newest `limit` messages, oldest first."""
        chat_id = _number(request.match_info["chat"])
        limit = min(_number(request.query.get("limit", "1000")), MAX_ROWS)
        chat = self._bot(request).chats.get(chat_id)
        return [message.view() for message in list(chat.messages.values())[-limit:]] if chat else []

    async def add_group(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, NewGroup)
        if given.id >= 0:
            raise SandboxRefusal("a group has a negative id")
        self.world.groups[given.id] = Group(given.id, given.title, given.type)
        return self.world.groups[given.id].as_chat()

    async def migrate(self, request: web.Request) -> dict[str, Any]:
        """The group becomes a supergroup with a new id."""
        group = self.world.groups.get(_number(request.match_info["chat"]))
        if group is None:
            raise SandboxRefusal("there is no such group", 404)
        new = Group(int(f"-100{abs(group.id)}"), group.title, "supergroup")
        group.migrated_to, self.world.groups[new.id] = new.id, new
        return new.as_chat()

    # updates and conditions

    async def inject(self, request: web.Request) -> dict[str, Any]:
        body = await _body(request, dict[str, Any])
        update = self._bot(request).updates.push(body, self.world.clock.now())
        return {"update_id": update.id}

    async def redeliver(self, request: web.Request) -> dict[str, Any]:
        given = await _body(request, Again)
        update_id = _number(request.match_info["update"])
        if not self.deliveries.repeat(self._bot(request), update_id, min(given.times, 1000)):
            raise SandboxRefusal(f"there is no update {update_id}", 404)
        return {}

    async def swap(self, request: web.Request) -> dict[str, Any]:
        self.world.swap_armed = True
        return {}

    async def network(self, request: web.Request) -> dict[str, Any]:
        await self.world.set_network((await _body(request, Network)).up)
        return {}

    async def limits(self, request: web.Request) -> dict[str, Any]:
        self.world.limits = (await _body(request, Switch)).on
        self.world.hub.tell("limits")
        return {}

    async def clock(self, request: web.Request) -> dict[str, Any]:
        self.world.clock.advance((await _body(request, Jump)).advance)
        return {"wall": self.world.clock.wall(), "now": self.world.clock.now()}

    async def webhook(self, request: web.Request) -> dict[str, Any]:
        bot = self._bot(request)
        info: dict[str, Any] = {"pending_update_count": len(bot.updates.pending), "url": ""}
        hidden = ("secret_token",)
        fields = bot.webhook.__slots__ if bot.webhook else ()
        return info | {name: getattr(bot.webhook, name) for name in fields if name not in hidden}

    async def journal(self, request: web.Request) -> list[dict[str, Any]]:
        query = request.query
        after, limit = _number(query.get("after", "0")), min(_number(query.get("limit", "1000")), MAX_ROWS)
        entries = self.world.journal.read(after, query.get("kind"), query.get("method"), limit)
        return [entry.view() for entry in entries]


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


class NewGroup(msgspec.Struct):
    id: int
    title: str
    type: str = "group"


class Start(msgspec.Struct):
    payload: str = ""


class Text(msgspec.Struct):
    text: str
    chat: int | None = None
    reply_to: int | None = None


class Pressed(msgspec.Struct):
    message_id: int
    data: str | None = None
    text: str | None = None
    chat: int | None = None
    stale: bool = False


class Again(msgspec.Struct):
    times: int = 1


class Network(msgspec.Struct):
    up: bool


class Switch(msgspec.Struct):
    on: bool


class Jump(msgspec.Struct):
    advance: float


def _fault_routes(name: str, script: FaultScript, world: World) -> dict[str, Callable[[web.Request], Awaitable[Any]]]:
    async def listing(request: web.Request) -> list[dict[str, Any]]:
        return [fault.view() for fault in script.faults]

    async def add(request: web.Request) -> dict[str, Any]:
        fault = script.add(await _body(request, dict[str, Any]))
        world.hub.tell("faults")
        return fault.view()

    async def clear(request: web.Request) -> dict[str, Any]:
        script.clear()
        world.hub.tell("faults")
        return {}

    async def remove(request: web.Request) -> dict[str, bool]:
        removed = script.remove(_number(request.match_info["fault"]))
        world.hub.tell("faults")
        return {"removed": removed}

    root = f"/{name}"
    return {
        f"GET {root}": listing,
        f"POST {root}": add,
        f"DELETE {root}": clear,
        f"DELETE {root}/{{fault}}": remove,
    }


def _route(line: str, handler: Callable[[web.Request], Awaitable[Any]]) -> web.RouteDef:
    """Answers become JSON, refusals a sentence; a page of another site is turned away."""
    verb, path = line.split()

    async def answer(request: web.Request) -> web.Response:
        try:
            guard(request)
            return _json(200, await handler(request))
        except SandboxRefusal as error:
            return _json(error.status, {"error": str(error)})

    return web.RouteDef(verb, f"/sandbox{path}", answer, {})


def guard(request: web.Request) -> None:
    """Only this machine's own pages and programs: no foreign Host (DNS rebinding), no foreign site's requests."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    plain = host.replace(":", "").replace(".", "")
    numeric = bool(plain) and all(letter in "0123456789abcdef" for letter in plain) and not host.isalpha()
    if "." in host and not numeric and not host.endswith(".localhost"):
        raise SandboxRefusal("this host name is not mine", 403)
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise SandboxRefusal("requests of other sites are refused", 403)


async def _body(request: web.Request, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise SandboxRefusal(f"the body does not fit: {error}") from error


def _json(status: int, value: Any) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(value), content_type="application/json")


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SandboxRefusal(f"{text!r} is not a number") from error


async def stop_waiting(world: World) -> None:
    """Let every long wait end."""
    world.stopping.set()
    world.hub.close()
    for bot in world.bots.values():
        bot.updates.announce()
    await asyncio.sleep(0)
