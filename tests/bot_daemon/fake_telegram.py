"""Telegram at the socket: a small HTTP server that answers as the Bot API does, well, badly or not at all."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

TOKEN = "7000000001:AAF-fake_token_of_the_tests_0123456789"
BOT_ID = 7000000001


@dataclass(frozen=True)
class Call:
    """One request that came in. `at` is of the monotonic clock."""

    method: str
    parameters: dict[str, Any]
    at: float

    @property
    def chat_id(self) -> int:
        return int(self.parameters.get("chat_id", 0))


Behaviour = Callable[[Call], Awaitable[web.StreamResponse]]


def ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refusal(status: int, description: str, **parameters: object) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return web.json_response(body, status=status)


def flood(seconds: float) -> web.Response:
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def always(make: Callable[[], web.StreamResponse]) -> Behaviour:
    """The same answer whatever is asked."""

    async def answer(_call: Call) -> web.StreamResponse:
        return make()

    return answer


def html(status: int) -> Behaviour:
    """What a proxy in between says."""
    return always(lambda: web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html"))


class FakeTelegram:
    """`behaviour[method]` replaces the friendly answer; `calls` is everything that came in, in order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.behaviour: dict[str, Behaviour] = {}
        self.updates: list[dict[str, Any]] = []  # what getUpdates gives
        self.files: dict[str, bytes] = {}  # by file_id
        self._message_ids = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen; after a `stop`, on the same port again."""
        app = web.Application(client_max_size=50 << 20)  # Bot API, "Sending files": 50 MB
        app.router.add_post(f"/bot{TOKEN}/{{method}}", self._answer)
        app.router.add_get(f"/file/bot{TOKEN}/files/{{file_id}}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Refuse connections, and break those that are open."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    @property
    def sends(self) -> list[Call]:
        """What people would see."""
        return self.of("sendMessage", "sendPhoto", "editMessageText", "deleteMessage")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        is_json = request.content_type == "application/json"
        parameters = await request.json() if is_json else await _form(request)
        call = Call(request.match_info["method"], parameters, time.monotonic())
        self.calls.append(call)
        return await self.behaviour.get(call.method, self.friendly)(call)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """A download is a call of the method "file"."""
        call = Call("file", dict(request.match_info), time.monotonic())
        self.calls.append(call)
        return await self.behaviour.get(call.method, self.friendly)(call)

    async def friendly(self, call: Call) -> web.StreamResponse:
        """What Telegram says when all is well."""
        if call.method == "getMe":
            return ok({"id": BOT_ID, "is_bot": True, "first_name": "Felix", "username": "felix_bot"})
        if call.method == "getUpdates":
            return ok([u for u in self.updates if u["update_id"] >= call.parameters.get("offset", 0)])
        if call.method == "getWebhookInfo":
            return ok({"url": "", "pending_update_count": 0})
        if call.method in ("sendMessage", "sendPhoto"):
            return ok(_message(next(self._message_ids), call))
        if call.method == "editMessageText":
            return ok(_message(call.parameters["message_id"], call))
        if call.method == "getFile":
            return _link(self.files, call)
        if call.method == "file":
            return web.Response(body=self.files[call.parameters["file_id"]])
        return ok(True)


async def _form(request: web.Request) -> dict[str, Any]:
    """What came as a form; of a file its bytes."""
    fields = await request.post()
    return {name: value.file.read() if isinstance(value, web.FileField) else value for name, value in fields.items()}


def _link(files: dict[str, bytes], call: Call) -> web.Response:
    file_id = str(call.parameters["file_id"])
    if file_id not in files:
        return refusal(400, "Bad Request: invalid file_id")
    size = len(files[file_id])
    return ok({"file_id": file_id, "file_unique_id": "U", "file_size": size, "file_path": f"files/{file_id}"})


def _message(message_id: int, call: Call) -> dict[str, Any]:
    chat = {"id": call.chat_id, "type": "private", "first_name": "Dima"}
    return {"message_id": message_id, "date": 0, "chat": chat, "text": call.parameters.get("text", "")}


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last one stays."""
    left = list(behaviours)

    async def answer(call: Call) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(call)

    return answer


def hang_until(released: asyncio.Event, then: Behaviour) -> Behaviour:
    """Accepts and does not answer until released."""

    async def answer(call: Call) -> web.StreamResponse:
        await released.wait()
        return await then(call)

    return answer
