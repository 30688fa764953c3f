"""The composition root: the world, the Bot API, the control API and the chat page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from sandbox.api.downloads import Downloads
from sandbox.api.front import BotApi
from sandbox.api.guard import guard_of
from sandbox.api.requests import MAX_BODY
from sandbox.control import control_routes
from sandbox.delivery.engines import Deliveries
from sandbox.listener import Listener
from sandbox.pages import Pages
from sandbox.state.keeper import Keeper
from sandbox.telegram.people import default_cast
from sandbox.telegram.world import Options, World


@dataclass(slots=True)
class Settings:
    """The addresses to listen on and the initial state. `bots` are (token, username).

    `data` is a directory that keeps everything for the next run. `api_port` gives the Bot API a separate listener,
    which a network cut closes; None: one port for everything.
    """

    host: str = "127.0.0.1"
    port: int = 8090
    api_port: int | None = None
    bots: list[tuple[str, str]] = field(default_factory=list)
    cast: bool = True
    data: Path | None = None
    options: Options = field(default_factory=Options)


def build_world(settings: Settings) -> World:
    world = World(settings.options)
    if settings.cast:
        world.people = {person.id: person for person in default_cast()}
    return world


def build_app(world: World, deliveries: Deliveries) -> web.Application:
    """Everything on one port."""
    app = build_api(world)
    app.router.add_routes(control_routes(world, deliveries))
    app.router.add_routes(Pages(world).routes())
    app.router.add_get("/sandbox/files/{unique_id}", Downloads(world).for_page)
    return app


def build_api(world: World) -> web.Application:
    """The Bot API alone."""
    most = MAX_BODY + (1 << 20)  # the files and the form around them
    app = web.Application(client_max_size=most, middlewares=[guard_of(world)])
    app.router.add_route("*", "/bot{rest:.+}", BotApi(world).handle)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", Downloads(world).for_bot)
    return app


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """Listen; yields the address of the page and the control API. Port 0 takes a free one."""
    world = build_world(settings)
    keeper = Keeper(world, settings.data) if settings.data else None
    if keeper is not None:
        keeper.load()
        keeper.start()
    deliveries = Deliveries(world)
    await deliveries.start()
    for token, username in settings.bots:
        world.register(token, username)
    front = Listener(build_app(world, deliveries), settings.host, settings.port)
    lines = [front]
    try:
        await front.open()
        world.api_url = front.address
        if settings.api_port is not None:
            lines.append(Listener(build_api(world), settings.host, settings.api_port))
            await lines[-1].open()
            world.api_url, world.line = lines[-1].address, lines[-1]
        yield front.address
    finally:
        world.stop_waiting()
        await deliveries.stop()
        if keeper is not None:
            await keeper.stop()
        for line in lines:
            await line.close()
