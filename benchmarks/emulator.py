"""The emulator is never the bottleneck: sendMessage calls per second without limits, to 10,000 chats."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil

from benchmarks.setting.subjects import FIRST, emulator
from sandbox.client import Sandbox
from tests.stations.station import TOKEN

CHATS, COUNT, CONNECTIONS = 10_000, 20_000, 20


def measure() -> list[str]:
    with emulator() as box:
        box.add_people(CHATS, first_id=FIRST, started=True, language_code="en")
        process = _process_of(box)
        before = sum(process.cpu_times()[:2])
        began = time.perf_counter()
        asyncio.run(_send_all(box))
        took = time.perf_counter() - began
        busy = sum(process.cpu_times()[:2]) - before
    return [
        f"{COUNT / took:,.0f} sendMessage a second to {CHATS:,} chats over {CONNECTIONS} connections",
        f"{COUNT / busy:,.0f} for each second of one core ({busy / COUNT * 1e6:.0f} µs each)",
    ]


def _process_of(box: Sandbox) -> psutil.Process:
    port = urlsplit(box.url).port
    for connection in psutil.net_connections("tcp"):
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            return psutil.Process(connection.pid)
    raise LookupError(f"nobody listens on port {port}")


async def _send_all(box: Sandbox) -> None:
    numbers = iter(range(COUNT))
    await asyncio.gather(*(_connection(box.url, numbers) for _ in range(CONNECTIONS)))


async def _connection(url: str, numbers: Iterator[int]) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        for number in numbers:
            body = json.dumps({"chat_id": FIRST + number % CHATS, "text": f"message {number}"}).encode()
            writer.write(
                f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = next(
                int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
    finally:
        writer.close()
