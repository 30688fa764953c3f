"""Keeps one webhook engine per bot, in step with the settings of setWebhook."""

import asyncio

import aiohttp

from sandbox.api.call import Call
from sandbox.api.methods import METHODS
from sandbox.api.parameters import Parameters
from sandbox.delivery.webhooks import WebhookEngine
from sandbox.errors import ApiError
from sandbox.telegram.bots import Bot
from sandbox.telegram.world import World


class Deliveries:
    def __init__(self, world: World) -> None:
        self.world = world
        self._engines: dict[int, WebhookEngine] = {}
        self._closing: set[object] = set()
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Begin delivering for all present and future bots."""
        # Telegram opens many connections and keeps them alive; a self-signed certificate of the bot is accepted.
        connector = aiohttp.TCPConnector(limit=0, ssl=False)
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        self.world.on_bot = self.watch
        for bot in self.world.bots.values():
            self.watch(bot)

    def watch(self, bot: Bot) -> None:
        """Bring the bot's engine in line with its webhook, now and at each new update."""
        bot.updates.on_push = lambda: self.refresh(bot)
        self.refresh(bot)

    def refresh(self, bot: Bot) -> None:
        engine = self._engines.get(bot.id)
        if engine is not None and engine.settings is not bot.webhook:
            self._retire(self._engines.pop(bot.id))
            engine = None
        if engine is None and bot.webhook is not None and self._session is not None:
            engine = WebhookEngine(self.world, bot, bot.webhook, self._session)
            engine.on_reply = self._reply
            self._engines[bot.id] = engine
        if engine is not None:
            engine.load()

    def _retire(self, engine: WebhookEngine) -> None:
        task = asyncio.ensure_future(engine.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def repeat(self, bot: Bot, update_id: int, times: int) -> bool:
        """Deliver an old update again, by webhook or with the next getUpdates. False when it is unknown."""
        update = bot.updates.history.get(update_id)
        if update is None:
            return False
        engine = self._engines.get(bot.id)
        for _ in range(times):
            if engine is not None:
                engine.repeat(update)
            else:
                bot.updates.again.append(update)
        bot.updates.announce()
        return True

    async def _reply(self, bot: Bot, method: str, parameters: Parameters) -> None:
        name, run = METHODS.get(method, (method, None))
        call = Call(self.world, bot, name, parameters)
        entry = self.world.journal.open(self.world.clock.wall(), "reply", bot.username, name, parameters.values)
        entry.chat_id = call.chat_id()
        if run is None:
            return
        try:
            run(call)
            entry.effect = True
        except ApiError as error:
            entry.status, entry.error = error.code, error.description

    async def stop(self) -> None:
        for engine in self._engines.values():
            await engine.close()
        self._engines.clear()
        if self._session is not None:
            await self._session.close()
