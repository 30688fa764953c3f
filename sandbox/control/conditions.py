"""Conditions over the control API: unusual updates, network, limits, the clock, fault scripts."""

from typing import Any

import msgspec
from aiohttp import web

from sandbox.control.route import Handler, body_of, bot_of, number
from sandbox.delivery.engines import Deliveries
from sandbox.errors import SandboxRefusal
from sandbox.faults import FaultScript
from sandbox.telegram.world import World
from sandbox.values import Json

MAX_REPEATS = 1000


class Redelivery(msgspec.Struct):
    times: int = 1


class Network(msgspec.Struct):
    up: bool


class Switch(msgspec.Struct):
    on: bool


class Jump(msgspec.Struct):
    advance: float


class ConditionsControl:
    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self.world = world
        self.deliveries = deliveries

    def table(self) -> dict[str, Handler]:
        return {
            "POST /updates": self.inject,
            "POST /updates/{update}/redeliver": self.redeliver,
            "POST /swap": self.swap,
            "POST /network": self.network,
            "POST /limits": self.limits,
            "POST /clock": self.clock,
            **FaultsControl("faults", self.world.faults, self.world).table(),
            **FaultsControl("webhook-faults", self.world.webhook_faults, self.world).table(),
        }

    async def inject(self, request: web.Request) -> Json:
        body = await body_of(request, Json)
        if type(body.get("update_id", 0)) is not int:
            raise SandboxRefusal(f"update_id {body['update_id']!r} is not a whole number")
        update = bot_of(self.world, request).updates.push(body, self.world.clock.now())
        if update is None:
            raise SandboxRefusal("there is no room for this update: 512 KiB each, 100 000 and 128 MiB in all", 409)
        return {"update_id": update.id}

    async def redeliver(self, request: web.Request) -> Json:
        given = await body_of(request, Redelivery)
        update_id = number(request.match_info["update"])
        if not self.deliveries.repeat(bot_of(self.world, request), update_id, min(given.times, MAX_REPEATS)):
            raise SandboxRefusal(f"there is no update {update_id}", 404)
        return {}

    async def swap(self, request: web.Request) -> Json:
        self.world.swap_armed = True
        return {}

    async def network(self, request: web.Request) -> Json:
        await self.world.set_network((await body_of(request, Network)).up)
        return {}

    async def limits(self, request: web.Request) -> Json:
        self.world.limits = (await body_of(request, Switch)).on
        self.world.hub.tell("limits")
        return {}

    async def clock(self, request: web.Request) -> Json:
        self.world.clock.advance((await body_of(request, Jump)).advance)
        return {"wall": self.world.clock.wall(), "now": self.world.clock.now()}


class FaultsControl:
    """One fault script below `/<name>`."""

    def __init__(self, name: str, script: FaultScript, world: World) -> None:
        self.root = f"/{name}"
        self.script = script
        self.world = world

    def table(self) -> dict[str, Handler]:
        return {
            f"GET {self.root}": self.list,
            f"POST {self.root}": self.add,
            f"DELETE {self.root}": self.clear,
            f"DELETE {self.root}/{{fault}}": self.remove,
        }

    async def list(self, request: web.Request) -> Any:
        return [fault.view() for fault in self.script.faults]

    async def add(self, request: web.Request) -> Json:
        fault = self.script.add(await body_of(request, Json))
        self.world.hub.tell("faults")
        return fault.view()

    async def clear(self, request: web.Request) -> Json:
        self.script.clear()
        self.world.hub.tell("faults")
        return {}

    async def remove(self, request: web.Request) -> dict[str, bool]:
        removed = self.script.remove(number(request.match_info["fault"]))
        self.world.hub.tell("faults")
        return {"removed": removed}
