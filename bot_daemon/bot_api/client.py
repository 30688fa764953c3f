"""HTTP to the Bot API on aiohttp. It tells a sender's three cases apart: answered, surely not sent, ambiguous.

`TelegramApi.call` is what we use ourselves; `AiohttpRequest` lends the same transport to python-telegram-bot, whose
default is 2-9 times slower (docs/explanation/delivery) and merges the three cases into one NetworkError.
No error text holds the URL: the token is in it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData
from yarl import URL

from common.database.engine import storable

T = TypeVar("T")
MAX_ANSWER = 64 * 1024 * 1024
MAX_NUMBER = 2**52  # Bot API: numbers have at most 52 significant bits


@dataclass(frozen=True)
class Answered:
    """A complete answer of the Bot API, good or bad."""

    status: int
    ok: bool
    result: Any
    description: str
    retry_after: float | None = None
    migrate_to: int | None = None


@dataclass(frozen=True)
class NotSent:
    """Refused, no DNS, no TLS, connect or pool timeout: the request was surely not written."""

    reason: str


@dataclass(frozen=True)
class Ambiguous:
    """The request was written and no complete answer came, or a 5xx did: it may have taken effect."""

    reason: str


CallOutcome = Answered | NotSent | Ambiguous


@dataclass(frozen=True)
class TooLarge:
    """The file has more bytes than the limit. It was not read to its end."""


@dataclass(frozen=True)
class NoFile:
    """The answer is not a file. `retry_after` is the seconds of a 429."""

    status: int
    retry_after: float | None = None


DownloadOutcome = bytes | TooLarge | NoFile | NotSent | Ambiguous


class TokenRevoked(Exception):
    """401: Telegram no longer accepts the token. This process cannot repair that."""


# Raised by aiohttp before a byte of the request is written (aiohttp, "Client exceptions").
BEFORE_WRITING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class TelegramApi:
    """One connection pool to one Bot API. `connect` and `total` are timeouts in seconds; `total` is per call."""

    def __init__(self, api_url: str, token: str, *, connect: float, total: float, connections: int = 64) -> None:
        self._base = f"{api_url}/bot{token}/"
        self._files = f"{api_url}/file/bot{token}/"
        self._connect, self._total, self._connections = connect, total, connections
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        if self._session is None or self._session.closed:
            # Ten seconds of keep-alive: shorter than Telegram's, so that a request does not meet a closing connection.
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=10)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, parameters: Mapping[str, Any] | None = None, *, wait: float = 0.0) -> CallOutcome:
        """Call a method of the Bot API. `wait`: seconds the server may hold the answer (getUpdates)."""
        body = json.dumps(parameters or {}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        fetched = await self.fetch(
            "POST", self._base + method, body, {"Content-Type": "application/json"}, self._total + wait
        )
        return call_outcome(*fetched) if isinstance(fetched, tuple) else fetched

    async def upload(
        self, method: str, parameters: Mapping[str, Any], field: str, file: bytes, name: str
    ) -> CallOutcome:
        """Call a method with a file (Bot API, "Sending files": multipart/form-data; non-text values are JSON in it)."""
        form = aiohttp.FormData()
        for key, value in parameters.items():
            form.add_field(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        form.add_field(field, file, filename=name)
        fetched = await self.fetch("POST", self._base + method, form, {}, self._total)
        return call_outcome(*fetched) if isinstance(fetched, tuple) else fetched

    async def fetch(
        self, verb: str, url: str, body: Any, headers: Mapping[str, str], total: float
    ) -> tuple[int, bytes] | NotSent | Ambiguous:
        """Status and body of one HTTP request. Never raises a network error."""

        async def whole(answer: aiohttp.ClientResponse) -> tuple[int, bytes]:
            return answer.status, await _read_bounded(answer)

        return await self._exchange(verb, url, whole, total, data=body, headers=headers)

    async def download(self, file_path: str, *, most: int, total: float) -> DownloadOutcome:
        """Download a file of at most `most` bytes by its `getFile` path. Its address holds the token: it stays here."""
        url = URL(self._files + quote(file_path), encoded=True)
        return await self._exchange("GET", url, lambda answer: _read_file(answer, most), total)

    async def _exchange(
        self,
        verb: str,
        url: str | URL,
        read: Callable[[aiohttp.ClientResponse], Awaitable[T]],
        total: float,
        **request: Any,
    ) -> T | NotSent | Ambiguous:
        assert self._session is not None, "open() comes first"
        timeout = aiohttp.ClientTimeout(total=total, connect=self._connect)
        try:
            async with self._session.request(verb, url, timeout=timeout, allow_redirects=False, **request) as answer:
                return await read(answer)
        except BEFORE_WRITING as error:
            return NotSent(type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Ambiguous(type(error).__name__)


async def _read_bounded(answer: aiohttp.ClientResponse) -> bytes:
    """The body. Raises: ClientPayloadError when the body is larger than an answer may be."""
    body = await _read_at_most(answer, MAX_ANSWER)
    if body is None:
        raise aiohttp.ClientPayloadError("the answer is too large")
    return body


async def _read_at_most(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body; None when the body is larger than `most`."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def _read_file(answer: aiohttp.ClientResponse, most: int) -> bytes | TooLarge | NoFile:
    if answer.status != 200:
        after = answer.headers.get("Retry-After", "")
        return NoFile(answer.status, float(after) if after.isascii() and after.isdigit() and len(after) < 8 else None)
    if (answer.content_length or 0) > most:
        return TooLarge()
    body = await _read_at_most(answer, most)
    return TooLarge() if body is None else body


def call_outcome(status: int, payload: bytes) -> CallOutcome:
    """A 5xx or a body that is not a Bot API object (a proxy's page, half an answer) is ambiguous. Never raises."""
    if status >= 500:
        return Ambiguous(f"HTTP {status}")
    try:
        decoded = json.loads(payload)
    except (ValueError, RecursionError):
        return Ambiguous(f"HTTP {status}, not a Bot API answer")
    if not isinstance(decoded, dict) or not isinstance(decoded.get("ok"), bool):
        return Ambiguous(f"HTTP {status}, not a Bot API answer")
    parameters = decoded.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    migrate_to = _number(parameters.get("migrate_to_chat_id"))
    return Answered(
        status=int(_number(decoded.get("error_code")) or status),
        ok=decoded["ok"],
        result=decoded.get("result"),
        description=storable(str(decoded.get("description") or "")),
        retry_after=_number(parameters.get("retry_after")),
        migrate_to=int(migrate_to) if migrate_to else None,
    )


def _number(value: object) -> float | None:
    """An id, a code or seconds; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= MAX_NUMBER else None


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's port to the same transport (`BaseRequest`, 22.x)."""

    def __init__(self, api: TelegramApi, total: float) -> None:
        self._api = api
        self._read_timeout = total

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        await self._api.open()

    async def shutdown(self) -> None:
        """Does nothing: the pool is the daemon's, and outlives the library, which ends with each term of leading."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Raises: NetworkError when there was no answer."""
        form = request_data.json_parameters if request_data else None
        fetched = await self._api.fetch(method, url, form, {}, self._read_timeout)
        if isinstance(fetched, tuple):
            return fetched
        raise NetworkError(f"{type(fetched).__name__}: {fetched.reason}")
