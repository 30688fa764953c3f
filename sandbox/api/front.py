"""The Bot API's front: a request comes in, fault scripts are applied, a method runs, an envelope goes out."""

import asyncio
import inspect

from aiohttp import web
from yarl import URL

from sandbox import errors
from sandbox.api import outages
from sandbox.api.answers import Answer, refusal, success
from sandbox.api.call import Call, Described
from sandbox.api.methods import METHODS, Method
from sandbox.api.requests import read_parameters
from sandbox.errors import ApiError
from sandbox.journal import Entry
from sandbox.telegram.bots import Bot
from sandbox.telegram.world import World

MAX_TOKEN = 80  # ClientManager.cpp:74


class BotApi:
    """Handles `/bot<token>/<method>`. Paths as in HttpConnection.cpp:22-44."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if not self.world.network_up:
            return outages.reset(request)
        try:
            return await self._respond(request)
        except ApiError as error:
            return refusal(error).response()
        except web.HTTPRequestEntityTooLarge:
            return refusal(ApiError(413, errors.TOO_LARGE)).response()

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        token, slash, method = _path(request).partition("/")
        if not slash:
            raise ApiError(404, errors.NOT_FOUND)
        bot = self._bot(token)
        name, run = METHODS.get(method.strip("/").lower(), (method, None))
        call = Call(self.world, bot, name, await read_parameters(request))
        entry = self._record(call)
        fault = self.world.faults.match(name, entry.chat_id)
        if fault is not None:
            entry.fault = fault.action
            return await outages.play(self.world, request, fault, entry, lambda: self.perform(call, entry, run))
        if name == "getUpdates":
            return await self._poll(request, call, entry, run)
        return (await self.perform(call, entry, run)).response()

    def _bot(self, token: str) -> Bot:
        """Raises 401 or 421 for a token that cannot be one (ClientManager.cpp:74-84), 401 for an unknown one."""
        number, colon, _ = token.partition(":")
        if not colon or token.startswith("0") or len(token) > MAX_TOKEN:
            raise ApiError(401, errors.INVALID_TOKEN)
        if not number.isdecimal():
            raise ApiError(421, errors.UNALLOWED_TOKEN)
        bot = self.world.bot_for(token)
        if bot is None:
            raise ApiError(401, errors.UNAUTHORIZED)
        return bot

    def _record(self, call: Call) -> Entry:
        now = self.world.clock.wall()
        entry = self.world.journal.open(now, "call", call.bot.username, call.method, call.parameters.values)
        entry.chat_id = call.chat_id()
        return entry

    async def perform(self, call: Call, entry: Entry, run: Method | None) -> Answer:
        """Run the method. The journal's entry learns the outcome."""
        try:
            answer = await _run(call, run)
            entry.effect = True
        except ApiError as error:
            answer = refusal(error)
        entry.status, entry.answer = answer.status, answer.body
        entry.finished_at = self.world.clock.wall()
        self.world.tell_journal(entry)
        return answer

    async def _poll(self, request: web.Request, call: Call, entry: Entry, run: Method | None) -> web.StreamResponse:
        """A long poll ends at once when the network is cut."""
        polling = asyncio.ensure_future(self.perform(call, entry, run))
        cut = asyncio.ensure_future(self.world.network_cut.wait())
        try:
            await asyncio.wait({polling, cut}, return_when=asyncio.FIRST_COMPLETED)
            return polling.result().response() if polling.done() else outages.reset(request)
        finally:
            polling.cancel()
            cut.cancel()


def _path(request: web.Request) -> str:
    path = request.rel_url.raw_path.removeprefix("/bot")
    return URL("/" + path, encoded=True).path[1:] if "%" in path else path


async def _run(call: Call, run: Method | None) -> Answer:
    if call.world.clock.wall() < call.bot.logged_out_until:
        raise ApiError(400, errors.LOGGED_OUT)
    if run is None:
        raise ApiError(404, errors.METHOD_NOT_FOUND)
    result = run(call)
    if inspect.isawaitable(result):
        result = await result
    return success(result.result, result.description) if isinstance(result, Described) else success(result)
