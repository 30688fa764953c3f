"""Ringing the daemon: "there is something to do". A hint and no more: a lost ring costs one poll.

Over loopback or a unix socket, signed, 0.1 s to connect and 0.2 s to read, no retry; after two failures in a row the
next five seconds do not ring at all, so that a daemon that is down or hung costs a page nothing.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import urllib3
from sqlalchemy.exc import SQLAlchemyError
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from common import clock
from common.signing import sign_ring

TIMEOUT = urllib3.Timeout(connect=0.1, read=0.2)
FAILURES, PAUSE = 2, 5.0
MOST_CONNECTIONS = 16
ADDRESS_LIFE = 5.0  # seconds an address is believed: a leader that lost its lease still answers


class _UnixConnection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT.read_timeout or 0.2)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(0.2)
        self.sock.connect(self._path)


class _UnixPool(HTTPConnectionPool):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT, maxsize=MOST_CONNECTIONS)
        self._path = path

    def _new_conn(self) -> HTTPConnection:
        return _UnixConnection(self._path)


def _pool(address: str) -> HTTPConnectionPool:
    if address.startswith("unix:"):
        return _UnixPool(address[5:])
    return urllib3.connection_from_url(address, maxsize=MOST_CONNECTIONS, timeout=TIMEOUT)


class Doorbell:
    """`address` is asked for after a failure and every `follow` seconds, so that the bell follows the leader."""

    def __init__(
        self,
        secret: str | None,
        address: Callable[[], str | None],
        *,
        pause: float = PAUSE,
        follow: float = ADDRESS_LIFE,
    ) -> None:
        self._secret = secret
        self._address = address
        self._pause, self._follow = pause, follow
        self._lock = threading.Lock()
        self._pool: HTTPConnectionPool | None = None
        self._at: str | None = None
        self._looked_at = 0.0
        self._failures = 0
        self._silent_until = 0.0
        self.rung = self.missed = self.skipped = 0

    def ring(self) -> bool:
        """Ring once; never raises. False: not rung, the daemon's poll will find the rows."""
        if not self._secret or time.monotonic() < self._silent_until:
            self.skipped += 1
            return False
        try:
            rung = self._post()
        except (urllib3.exceptions.HTTPError, OSError, SQLAlchemyError):
            rung = False  # SQLAlchemyError: the address is in the database
        self._count(rung)
        return rung

    def _post(self) -> bool:
        pool = self._connected()
        if pool is None:
            return False
        stamp = int(clock.utcnow().timestamp())
        answer = pool.urlopen(
            "POST",
            "/doorbell",
            body=b"",
            headers={"X-Felix-Timestamp": str(stamp), "X-Felix-Signature": sign_ring(self._secret or "", stamp, b"")},
            retries=False,
            timeout=TIMEOUT,
        )
        return answer.status == 204

    def _connected(self) -> HTTPConnectionPool | None:
        with self._lock:
            if self._pool is None or time.monotonic() > self._looked_at + self._follow:
                before, self._at, self._looked_at = self._at, self._address(), time.monotonic()
                if self._pool is None or self._at != before:
                    self._drop()
                    self._pool = _pool(self._at) if self._at else None
            return self._pool

    def _count(self, rung: bool) -> None:
        with self._lock:
            if rung:
                self.rung += 1
                self._failures = 0
                return
            self.missed += 1
            self._failures += 1
            self._drop()
            if self._failures >= FAILURES:
                self._silent_until = time.monotonic() + self._pause
                self._failures = 0

    def _drop(self) -> None:
        if self._pool is not None:
            self._pool.close()
        self._pool = None

    def close(self) -> None:
        """Give the connections back; the next ring makes new ones."""
        with self._lock:
            self._drop()
