"""Reading over the control API: the state as a whole, changes, the webhook, the journal."""

from aiohttp import web

from sandbox.control.people import PeopleControl
from sandbox.control.route import Handler, bot_of, fraction, number, rows
from sandbox.telegram.world import World
from sandbox.values import Json

MAX_WAIT = 60.0
SHOWN = 500  # people in the state, which the page reads often


class ReadingControl:
    def __init__(self, world: World, people: PeopleControl) -> None:
        self.world = world
        self.people = people

    def table(self) -> dict[str, Handler]:
        return {
            "GET /health": self.health,
            "GET /state": self.state,
            "GET /changes": self.changes,
            "GET /webhook": self.webhook,
            "GET /journal": self.journal,
        }

    async def health(self, request: web.Request) -> Json:
        return {"ok": True}

    async def state(self, request: web.Request) -> Json:
        world = self.world
        return {
            "revision": world.hub.revision,
            "api_url": world.api_url,
            "beside": world.options.beside,
            "bots": [bot.as_user() | {"webhook": bot.webhook is not None} for bot in world.bots.values()],
            "groups": [group.as_chat() for group in world.groups.values() if group.migrated_to is None],
            "network": world.network_up,
            "limits": world.limits,
            "faults": [fault.view() for fault in world.faults.faults],
            "webhook_faults": [fault.view() for fault in world.webhook_faults.faults],
            "people": self.people.views(request, SHOWN),
        }

    async def changes(self, request: web.Request) -> dict[str, int]:
        """Answer when the revision is above `after`, or after `timeout` real seconds."""
        seconds = min(fraction(request.query.get("timeout", "0")), MAX_WAIT)
        return {"revision": await self.world.hub.changed(number(request.query.get("after", "-1")), seconds)}

    async def webhook(self, request: web.Request) -> Json:
        bot = bot_of(self.world, request)
        info: Json = {"pending_update_count": len(bot.updates.pending), "url": ""}
        fields = bot.webhook.__slots__ if bot.webhook else ()
        return info | {name: getattr(bot.webhook, name) for name in fields if name != "secret_token"}

    async def journal(self, request: web.Request) -> list[Json]:
        query = request.query
        found = self.world.journal.read(
            number(query.get("after", "0")), query.get("kind"), query.get("method"), rows(request)
        )
        return [entry.view() for entry in found]
