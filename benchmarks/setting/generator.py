"""A load generator for webhooks: keep-alive connections on raw sockets, so that it takes little processor time."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

Body = Callable[[int], bytes]


@dataclass(frozen=True)
class Target:
    """The address of the webhook, and its secret."""

    url: str
    secret: str

    def request(self, body: bytes) -> bytes:
        parts = urlsplit(self.url)
        head = (
            f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass
class Load:
    """The sent updates, and the time of each acknowledgement in seconds."""

    latencies: list[float]
    refused: int
    seconds: float
    sent_at: dict[int, float]  # number of the update -> wall time at which it was sent

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


def burst(target: Target, body: Body, count: int, connections: int = 40) -> Load:
    """Send so many updates as fast as the connections can."""
    return asyncio.run(_drive(target, body, iter([(0.0, n) for n in range(count)]), connections))


def paced(target: Target, body: Body, moments: list[float], connections: int = 40) -> Load:
    """Send updates at given moments, in seconds from the beginning."""
    return asyncio.run(_drive(target, body, iter([(at, n) for n, at in enumerate(moments)]), connections))


async def _drive(target: Target, body: Body, plan: Iterator[tuple[float, int]], connections: int) -> Load:
    load = Load([], 0, 0.0, {})
    began = time.perf_counter()
    await asyncio.gather(*(_connection(target, body, plan, began, load) for _ in range(connections)))
    load.seconds = time.perf_counter() - began
    return load


async def _connection(target: Target, body: Body, plan: Iterator[tuple[float, int]], began: float, load: Load) -> None:
    parts = urlsplit(target.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        for at, number in plan:
            if (wait := began + at - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            asked = time.perf_counter()
            load.sent_at[number] = time.time()
            writer.write(target.request(body(number)))
            if await _status(reader) == 200:
                load.latencies.append(time.perf_counter() - asked)
            else:
                load.refused += 1
    finally:
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if length:
        await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


UPDATE_IDS = itertools.count(1_000_000)


def message_update(chat_id: int, text: str, update_id: int | None = None) -> bytes:
    """A text message of one person, as Telegram sends it."""
    update_id = next(UPDATE_IDS) if update_id is None else update_id
    person = {"id": chat_id, "is_bot": False, "first_name": f"Person {chat_id}", "language_code": "ru"}
    chat = {"id": chat_id, "first_name": f"Person {chat_id}", "type": "private"}
    message = {"message_id": update_id % 2**31, "from": person, "chat": chat, "date": int(time.time()), "text": text}
    return json.dumps({"update_id": update_id, "message": message}).encode()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")
