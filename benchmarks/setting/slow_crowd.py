"""Slow clients of several kinds, each a socket that keeps a server waiting, from one address or from many."""

from __future__ import annotations

import contextlib
import resource
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

DRIP_EVERY = 2.0  # seconds between two bytes of a slow client
RECONNECT_EVERY = 0.25  # whoever was thrown out comes again


@dataclass(frozen=True)
class Kind:
    """A kind of slow client. `opening` is sent at once, `drip` is one of the bytes that follow."""

    opening: bytes
    drip: bytes = b""
    takes_slowly: bool = False  # it asks whole, and does not take the answer


def kinds(cookie: str, large: str) -> dict[str, Kind]:
    """Every kind. `large`: the path of a large answer, for whoever holds the cookie."""
    form = b"Content-Type: application/x-www-form-urlencoded\r\n"
    return {
        "silent": Kind(b""),
        "heads": Kind(b"GET /login HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
        "bodies": Kind(b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + form + b"Content-Length: 9000\r\n\r\nu", b"a"),
        "chunks": Kind(
            b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + form + b"Transfer-Encoding: chunked\r\n\r\n2\r\nuu\r\n",
            b"1\r\nu\r\n",
        ),
        "readers": Kind(
            f"GET {large} HTTP/1.1\r\nHost: localhost\r\nCookie: desk={cookie}\r\n\r\n".encode(), takes_slowly=True
        ),
    }


class SlowCrowd:
    """So many slow clients, kept slow by one thread until it is closed. Whoever is thrown out connects again."""

    def __init__(self, port: int, kind: Kind, count: int, source: Callable[[int], str]) -> None:
        self._port, self._kind, self._source = port, kind, source
        self._open: dict[int, socket.socket] = {}
        self.thrown_out = 0
        for number in range(count):
            self._connect(number)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, args=(count,), daemon=True)
        self._thread.start()

    @property
    def open(self) -> int:
        return len(self._open)

    def _connect(self, number: int) -> None:
        client = socket.socket()
        client.settimeout(2)
        if self._kind.takes_slowly:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        try:
            client.bind((self._source(number), 0))
            client.connect(("127.0.0.1", self._port))
            client.sendall(self._kind.opening)
        except OSError:
            client.close()
            return
        self._open[number] = client

    def _keep(self, count: int) -> None:
        dripped = time.monotonic()
        while not self._stop.wait(RECONNECT_EVERY):
            if not self._kind.takes_slowly:
                self._close_ended()
            for number in set(range(count)) - set(self._open):
                self._connect(number)
            if self._kind.drip and time.monotonic() - dripped > DRIP_EVERY:
                dripped = time.monotonic()
                for client in list(self._open.values()):
                    with contextlib.suppress(OSError):
                        client.send(self._kind.drip)

    def _close_ended(self) -> None:
        poller = select.poll()
        numbers = {client.fileno(): number for number, client in self._open.items()}
        for descriptor in numbers:
            poller.register(descriptor, select.POLLIN | select.POLLHUP)
        for descriptor, _event in poller.poll(0):
            self._open.pop(numbers[descriptor]).close()
            self.thrown_out += 1

    def close(self) -> None:
        self._stop.set()
        self._thread.join(30)
        for client in self._open.values():
            client.close()


def one_address(_number: int) -> str:
    return "127.0.0.1"


def many_addresses(number: int) -> str:
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


@contextmanager
def slow_clients(port: int, kind: Kind, count: int, source: Callable[[int], str] = one_address) -> Iterator[SlowCrowd]:
    """A crowd of slow clients, for as long as the block runs."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = SlowCrowd(port, kind, count, source)
    try:
        yield crowd
    finally:
        crowd.close()
