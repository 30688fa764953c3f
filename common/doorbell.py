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
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from common import clock
from common.signing import sign_ring

TIMEOUT = urllib3.Timeout(connect=0.1, read=0.2)
FAILURES, PAUSE = 2, 5.0


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
        super().__init__("localhost", timeout=TIMEOUT, maxsize=4)
        self._path = path

    def _new_conn(self) -> HTTPConnection:
        return _UnixConnection(self._path)


class Doorbell:
    """`address` is asked for at each ring that has no connection yet, so that the bell follows the leader."""

    def __init__(self, secret: str | None, address: Callable[[], str | None]) -> None:
        self._secret = secret
        self._address = address
        self._lock = threading.Lock()
        self._pool: HTTPConnectionPool | None = None
        self._at: str | None = None
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
        except (urllib3.exceptions.HTTPError, OSError):
            rung = False
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
            if self._pool is None:
                self._at = self._address()
                if not self._at:
                    return None
                self._pool = (
                    _UnixPool(self._at[5:])
                    if self._at.startswith("unix:")
                    else urllib3.connection_from_url(self._at, maxsize=4, timeout=TIMEOUT)
                )
            return self._pool

    def _count(self, rung: bool) -> None:
        with self._lock:
            if rung:
                self.rung += 1
                self._failures = 0
                return
            self.missed += 1
            self._failures += 1
            self._pool = None
            if self._failures >= FAILURES:
                self._silent_until = time.monotonic() + PAUSE
                self._failures = 0
