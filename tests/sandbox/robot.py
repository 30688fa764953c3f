"""A bot as small as possible: one call, its status, body and head. It knows no library and forgives nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

import urllib3

from sandbox.client import Sandbox


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]
    retry_after: str | None = None

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def error(self) -> tuple[int, str]:
        """Code and description of a refusal, in the exact envelope."""
        assert self.body["ok"] is False
        assert set(self.body) <= {"ok", "error_code", "description", "parameters"}
        assert self.status == self.body["error_code"]
        return self.status, self.body["description"]


class People:
    """The people of the emulator, acting towards this bot."""

    def __init__(self, sandbox: Sandbox, bot: str) -> None:
        self.start = partial(sandbox.start, bot=bot)
        self.send_text = partial(sandbox.send_text, bot=bot)
        self.press = partial(sandbox.press, bot=bot)
        self.repress = partial(sandbox.repress, bot=bot)
        self.send_via = partial(sandbox.send_via, bot=bot)
        self.press_via = partial(sandbox.press_via, bot=bot)
        self.inline_message = partial(sandbox.inline_message, bot=bot)
        self.answers = partial(sandbox.answers, bot=bot)
        self.block = partial(sandbox.block, bot=bot)
        self.unblock = partial(sandbox.unblock, bot=bot)
        self.messages = partial(sandbox.messages, bot=bot)
        self.last = partial(sandbox.last, bot=bot)


class Robot:
    def __init__(self, sandbox: Sandbox, number: int) -> None:
        self.sandbox = sandbox
        self.token = f"{number}:" + "A" * 35
        self.base = f"{sandbox.url}/bot{self.token}"
        self.people = People(sandbox, str(number))
        self.name = str(number)
        self.username = ""
        self._http = urllib3.PoolManager(retries=False, timeout=30)

    def call(self, method: str, **parameters: Any) -> Answer:
        """As JSON, the way most libraries do it."""
        return self.raw("POST", f"{self.base}/{method}", json=parameters)

    def form(self, method: str, **parameters: Any) -> Answer:
        body = urlencode({name: _text(value) for name, value in parameters.items()})
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.raw("POST", f"{self.base}/{method}", body=body, headers=head)

    def multipart(self, method: str, **parameters: Any) -> Answer:
        fields = {name: value if isinstance(value, tuple) else _text(value) for name, value in parameters.items()}
        return self.raw("POST", f"{self.base}/{method}", fields=fields)

    def query(self, method: str, **parameters: Any) -> Answer:
        query = urlencode({name: _text(value) for name, value in parameters.items()})
        return self.raw("GET", f"{self.base}/{method}?{query}")

    def raw(self, verb: str, url: str, **how: Any) -> Answer:
        response = self._http.request(verb, url, **how)
        return Answer(response.status, json.loads(response.data), response.headers.get("Retry-After"))

    def ok(self, method: str, **parameters: Any) -> Any:
        return self.call(method, **parameters).result

    def say(self, chat: int, text: str = "hello", **more: Any) -> dict[str, Any]:
        """Send a message; the message."""
        message: dict[str, Any] = self.ok("sendMessage", chat_id=chat, text=text, **more)
        return message

    def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ok("getUpdates", **parameters)
        return found

    def confirm_all(self) -> None:
        found = self.updates()
        if found:
            self.updates(offset=found[-1]["update_id"] + 1)

    def close(self) -> None:
        self._http.clear()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def keyboard(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    """An inline keyboard of (text, callback_data)."""
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}
