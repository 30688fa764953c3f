"""The webhook engine: one serial queue per kind and chat, retries, expiry, and a truthful getWebhookInfo.

Source of every rule: tdlib/telegram-bot-api WebhookActor.cpp (version 10.0); its constants keep their names.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import msgspec

from sandbox.api.parameters import Parameters
from sandbox.api.requests import decode_object
from sandbox.faults import ATTEMPTS, Fault
from sandbox.journal import Entry
from sandbox.telegram.bots import Bot, WebhookSettings
from sandbox.telegram.updates import PRESS, Update
from sandbox.telegram.world import World

WEBHOOK_MAX_RESEND_TIMEOUT = 60.0
WEBHOOK_DROP_TIMEOUT = 23 * 3600.0
MAX_RETRY_AFTER = 3600.0
ANSWER_TIMEOUT = 60.0  # HttpOutboundConnection(..., 50, 60, ...)
CONNECT_PAUSE = 1.0
CONNECT_PAUSE_LATER = 2.0  # 10 s without a success
MAX_ANSWER = 1 << 20
_NOT_IN_ANSWER = ("deletewebhook", "setwebhook", "close", "logout")  # nor get*

Reply = Callable[[Bot, str, Parameters], Awaitable[None]]


class Unreachable(Exception):
    """No connection: nothing was sent, and the update's schedule is unchanged."""


class Failed(Exception):
    """A missing answer, or one that is not 2xx. Carries the seconds of Retry-After, 0 without it."""

    def __init__(self, error: str, retry_after: float = 0.0, status: int | None = None) -> None:
        super().__init__(error)
        self.retry_after = retry_after
        self.status = status


class WebhookEngine:
    """Delivers one bot's updates to one setting of its webhook; a changed setting gets a new engine."""

    def __init__(self, world: World, bot: Bot, settings: WebhookSettings, session: aiohttp.ClientSession) -> None:
        self.world = world
        self.bot = bot
        self.settings = settings
        self.session = session
        self.on_reply: Reply | None = None
        self._queues: dict[int, deque[Update]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(settings.max_connections)
        self._probe = asyncio.Lock()
        self._reachable = True
        self._success_at = world.clock.now()
        self._gone_since: float | None = None
        self._held: Update | None = None
        self._closed = False

    # taking updates in

    def load(self) -> None:
        """Load waiting updates, at most twice `max_connections` at a time (start_up: max_loaded_updates_)."""
        if self._closed:
            return
        most = 2 * self.settings.max_connections
        for update in self.bot.updates.pending.values():
            if len(self._known) >= most:
                break
            if update.id not in self._known:
                self._take(update)

    def _take(self, update: Update) -> None:
        self._known.add(update.id)
        if not self.world.swap_armed and self._held is None:
            self._enqueue(update)
        elif self._held is None:
            self.world.swap_armed, self._held = False, update
        else:
            self._spawn(self._swap(update, self._held))
            self._held = None

    async def _swap(self, second: Update, first: Update) -> None:
        """Deliver the second of two updates, then the first."""
        await self._deliver(second)
        self._enqueue(first)

    def repeat(self, update: Update) -> None:
        """Deliver an old update once more, in its own queue."""
        update.expires_at = max(update.expires_at, self.world.clock.now() + PRESS)
        self._enqueue(update)

    def _enqueue(self, update: Update) -> None:
        queue = self._queues.get(update.queue)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.queue] = deque([update])
        self._spawn(self._work(update.queue))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # sending

    async def _work(self, key: int) -> None:
        """Work through one queue: its first update until it is delivered or dropped, then the next."""
        queue = self._queues[key]
        while queue:
            await self._deliver(queue[0])
            queue.popleft()
        del self._queues[key]

    async def _deliver(self, update: Update) -> None:
        clock = self.world.clock
        delay, fails = 1.0, 0
        while not self._closed:
            if clock.now() > update.expires_at:
                break
            try:
                await self._attempt(update)
                if not self.world.doubles(update):
                    break
                delay, fails = 1.0, 0
            except Unreachable as error:
                self._note(str(error))
                await self._pause_connecting()
            except Failed as error:
                self._note(str(error))
                pause, delay = next_pause(error.retry_after, fails, delay)
                fails += 1
                if clock.now() + pause > update.expires_at:
                    break
                await clock.sleep(pause)
        if not self._closed:
            self._finish(update)

    def _finish(self, update: Update) -> None:
        self._known.discard(update.id)
        self.bot.updates.forget(update)
        self.world.hub.tell("delivered", bot=self.bot.username, update_id=update.id)
        self.load()

    async def _attempt(self, update: Update) -> None:
        """Make one POST. Raises Unreachable or Failed."""
        if not self._reachable:
            async with self._probe:  # one task tries to connect while no connection is open (create_new_connections)
                if not self._reachable:
                    await self._post(update)
                    return
        async with self._free:
            await self._post(update)

    async def _post(self, update: Update) -> None:
        fault = self.world.webhook_faults.match(update.kind, update.chat_id, ATTEMPTS)
        if fault is not None and fault.action in ("delay", "hold"):
            await _pause(fault)
        update.attempts += 1
        entry = self._open_entry(update, fault)
        try:
            await self._send(update, entry, fault)
        except (Unreachable, Failed) as error:
            entry.error = str(error)
            raise
        finally:
            entry.finished_at = self.world.clock.wall()
            self.world.tell_journal(entry)

    def _open_entry(self, update: Update, fault: Fault | None) -> Entry:
        parameters = msgspec.Raw(update.raw)
        entry = self.world.journal.open(self.world.clock.wall(), "delivery", self.bot.username, update.kind, parameters)
        entry.update_id, entry.attempt, entry.chat_id = update.id, update.attempts, update.chat_id
        entry.fault = fault.action if fault else "duplicate" if update.doubled else None
        return entry

    async def _send(self, update: Update, entry: Entry, fault: Fault | None) -> None:
        if not self.world.network_up:
            self._reachable = False
            raise Unreachable("Network is unreachable")
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if self.settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.settings.secret_token
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=ANSWER_TIMEOUT * self.world.clock.scale)
        try:
            async with self.session.post(
                self.settings.url, data=update.raw, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                body = await response.content.read(MAX_ANSWER)
        except aiohttp.ClientConnectorError as error:
            self._reachable = False
            raise Unreachable(_connect_error(error)) from error
        except TimeoutError as error:
            raise Failed("Read timeout expired") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Failed("Webhook connection closed") from error
        self._reachable = True
        entry.status, entry.answer = response.status, body[:2000]
        if fault is not None and fault.action in ("drop_answer", "error"):
            raise Failed("Webhook connection closed")
        self._judge(response)
        await self._reply(response.content_type, body)

    def _judge(self, response: aiohttp.ClientResponse) -> None:
        """2xx is a success. A 410 that lasts 23 hours removes the webhook."""
        now = self.world.clock.now()
        if 200 <= response.status <= 299:
            self._success_at, self._gone_since = now, None
            return
        if response.status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif now > self._gone_since + WEBHOOK_DROP_TIMEOUT:
            self._drop_webhook()
        text = f"Wrong response from the webhook: {response.status} {response.reason}"
        raise Failed(text, _retry_after(response), response.status)

    def _drop_webhook(self) -> None:
        if self.bot.webhook is self.settings:
            self.bot.webhook = None
            self.world.hub.tell("webhook", bot=self.bot.username)

    async def _reply(self, content_type: str, body: bytes) -> None:
        """Call the method in the answer. The bot never gets its result (WebhookActor::handle)."""
        call = _call_in(content_type, body)
        method = str(call.pop("method", "")).lower()
        if method and method not in _NOT_IN_ANSWER and not method.startswith("get") and self.on_reply is not None:
            await self.on_reply(self.bot, method, Parameters(call))

    def _note(self, error: str) -> None:
        self.settings.last_error_date = int(self.world.clock.wall())
        self.settings.last_error_message = error

    async def _pause_connecting(self) -> None:
        """1 s between tries to connect, 2 s when there was no success for 10 s (create_new_connections)."""
        late = self.world.clock.now() > self._success_at + 10
        await self.world.clock.sleep(CONNECT_PAUSE_LATER if late else CONNECT_PAUSE)

    async def close(self) -> None:
        """Stop. An update in flight may have arrived; it stays pending, as with Telegram."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _call_in(content_type: str, body: bytes) -> dict[str, Any]:
    """The parameters in a webhook's answer, {} without any (td HttpReader.cpp reads answers like requests)."""
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    return decode_object(body) if content_type == "application/json" else {}


def next_pause(retry_after: float, fails: int, delay: float) -> tuple[float, float]:
    """Seconds to wait now, and the delay to remember: 0, 2, 4, 8 ... up to a random 60 to 120 (on_update_error)."""
    if retry_after > 0:
        return min(retry_after, MAX_RETRY_AFTER), delay
    if fails == 0:
        return 0.0, delay
    longest = random.uniform(WEBHOOK_MAX_RESEND_TIMEOUT, 2 * WEBHOOK_MAX_RESEND_TIMEOUT)
    delay = min(longest, delay * 2)
    return delay, delay


def _retry_after(response: aiohttp.ClientResponse) -> float:
    text = response.headers.get("Retry-After", "")
    return min(float(text), MAX_RETRY_AFTER) if text.isdigit() else 0.0


def _connect_error(error: aiohttp.ClientConnectorError) -> str:
    reason = error.os_error.strerror or str(error.os_error)
    return "Connection refused" if isinstance(error.os_error, ConnectionRefusedError) else reason


async def _pause(fault: Fault) -> None:
    """Real seconds, or until the fault is lifted ("hold" waits for that alone)."""
    try:
        async with asyncio.timeout(None if fault.action == "hold" else fault.seconds):
            await fault.lifted.wait()
    except TimeoutError:
        return
