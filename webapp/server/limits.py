"""Limits of connections: how long a client may take, how many connections may be open, how much may wait in files."""

from __future__ import annotations

import resource
import threading
from dataclasses import dataclass

MAX_HEAD = 32 * 1024  # bytes
IN_MEMORY = 32 * 1024  # bytes of a body or an answer; the rest waits in a temporary file
MAX_CONNECTIONS = 1500
OTHER_FILES = 256  # descriptors for the database, photos, logs


@dataclass(frozen=True)
class Limits:
    """How patient we are with clients; times in seconds."""

    head: float = 10.0  # from the connection, or from the first byte of a further request, to the end of the head
    grace: float = 10.0  # until the pace of a body or an answer counts
    pace: float = 8 * 1024  # bytes per second, at least, of a body sent to us and of an answer taken from us
    linger: float = 2.0  # in which a client can read the answer to what we did not read to its end
    stop: float = 1.0  # for whoever is between two requests, or amid one, when we stop
    unfinished: int = 64  # connections of one network that have sent or taken only a part
    waiting: int = 256 * 1024 * 1024  # bytes of all bodies and answers that wait
    connections: int = MAX_CONNECTIONS
    behind_proxies: bool = False  # a private address is then a proxy's, and may have any number


def allowed_connections() -> int:
    """How many connections may be open. Raises the process's own limit of descriptors as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS * 2 + OTHER_FILES  # each with a temporary file
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else (soft - OTHER_FILES) // 2
    return min(MAX_CONNECTIONS, max(16, room))


class Budget:
    """Bytes that wait in memory or in files, of all connections together. Both the loop and threads count."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether there is room for so many bytes more; then they are taken."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        with self._lock:
            self._left += size
