"""The envelope of every Bot API answer: exactly ok and result, or ok, error_code, description and parameters."""

from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from sandbox.errors import ApiError
from sandbox.values import Json

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Answer:
    """The HTTP status is the error code; `parameters` are those of a refusal."""

    status: int
    body: bytes
    parameters: Json | None = None

    def response(self) -> web.Response:
        """The HTTP response. A 429 has `retry_after` in the head, too (HttpConnection.cpp:69-71)."""
        headers = {"Content-Type": "application/json"}
        if self.parameters and "retry_after" in self.parameters:
            headers["Retry-After"] = str(self.parameters["retry_after"])
        return web.Response(status=self.status, body=self.body, headers=headers)


def success(result: Any, description: str | None = None) -> Answer:
    if description is not None:
        return Answer(200, _encode({"ok": True, "result": result, "description": description}))
    return Answer(200, b'{"ok":true,"result":' + _encode(result) + b"}")


def refusal(error: ApiError) -> Answer:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    body |= {"parameters": error.parameters} if error.parameters else {}
    return Answer(error.code, _encode(body), error.parameters)
