"""The composition root: the world, the Bot API, the control API and the chat page on one port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.bot_api import BotApi
from sandbox.control import Control, stop_waiting
from sandbox.deliveries import Deliveries
from sandbox.people import default_cast
from sandbox.requests import MAX_BODY
from sandbox.world import Options, World


@dataclass(slots=True)
class Settings:
    """Where to listen and what to begin with. `bots` are (token, username)."""

    host: str = "127.0.0.1"
    port: int = 8090
    bots: list[tuple[str, str]] = field(default_factory=list)
    cast: bool = True
    options: Options = field(default_factory=Options)


def build_world(settings: Settings) -> World:
    world = World(settings.options)
    if settings.cast:
        world.people = {person.id: person for person in default_cast()}
    return world


def build_app(world: World, deliveries: Deliveries) -> web.Application:
    app = web.Application(client_max_size=MAX_BODY)
    api = BotApi(world)
    app.router.add_route("*", "/bot{rest:.+}", api.handle)
    app.router.add_routes(Control(world, deliveries).routes())
    return app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Listen; yields the address. Port 0 takes a free one."""
    world = build_world(settings)
    deliveries = Deliveries(world)
    await deliveries.start()
    world.on_bot = deliveries.watch
    for token, username in settings.bots:
        world.register(token, username)
    runner = web.AppRunner(
        build_app(world, deliveries), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port, backlog=1024)
    try:
        await site.start()
        port = runner.addresses[0][1]
        yield f"http://{settings.host}:{port}"
    finally:
        await stop_waiting(world)
        await deliveries.stop()
        await runner.cleanup()
