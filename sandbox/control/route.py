"""The rules of all control routes: JSON in, JSON out, a sentence for a refusal."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from sandbox.errors import SandboxRefusal
from sandbox.telegram.bots import Bot
from sandbox.telegram.people import Person
from sandbox.telegram.world import World

MAX_ROWS = 10_000
_T = TypeVar("_T")
Handler = Callable[[web.Request], Awaitable[Any]]


def routes_of(table: Mapping[str, Handler]) -> list[web.RouteDef]:
    """`table` maps "VERB /path" below /sandbox to a function whose value becomes the JSON answer."""
    return [_route(line, handler) for line, handler in table.items()]


def _route(line: str, handler: Handler) -> web.RouteDef:
    verb, path = line.split()

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            value = await handler(request)
        except SandboxRefusal as error:
            return _json(error.status, {"error": str(error)})
        return value if isinstance(value, web.StreamResponse) else _json(200, value)

    return web.RouteDef(verb, f"/sandbox{path}", answer, {})


async def body_of(request: web.Request, kind: type[_T]) -> _T:
    """The JSON body as `kind`; refuses a body that does not fit."""
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise SandboxRefusal(f"the body does not fit: {error}") from error


def number(text: str) -> int:
    return _read(text, int)


def fraction(text: str) -> float:
    return _read(text, float)


def _read(text: str, kind: Callable[[str], _T]) -> _T:
    try:
        return kind(text)
    except ValueError as error:
        raise SandboxRefusal(f"{text!r} is not a number") from error


def rows(request: web.Request, default: int = 1000) -> int:
    """`limit` of a listing, 10 000 at most."""
    return max(1, min(number(request.query.get("limit", str(default))), MAX_ROWS))


def bot_of(world: World, request: web.Request) -> Bot:
    return world.bot(request.query.get("bot"))


def person_of(world: World, request: web.Request) -> Person:
    return world.person(number(request.match_info["person"]))


def _json(status: int, value: Any) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(value), content_type="application/json")
