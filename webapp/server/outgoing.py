"""What a thread answers. What the client does not take at once waits here, and the thread is free for the next one."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO

from webapp.server.limits import IN_MEMORY, Budget, Limits

PIECE = 64 * 1024  # bytes of one send


class OutgoingAnswer:
    """The socket as gunicorn's answers see it. Threads write to it; the loop flushes it."""

    def __init__(self, client: socket.socket, limits: Limits, budget: Budget, wants_flush: Callable[[], None]) -> None:
        self._client, self._limits, self._budget, self._wants_flush = client, limits, budget, wants_flush
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._read = self._written = 0  # positions in the file
        self._broken = False
        self.deadline: float | None = None  # while something waits: each byte that is taken moves it

    def sendall(self, data: bytes) -> None:
        """Send it, or keep it until the client takes it.

        Raises: BrokenPipeError: the client is gone, was too slow, or too much waits already.
        """
        with self._lock:
            if self._broken:
                raise BrokenPipeError
            was_empty = self._file is None
            rest = memoryview(data)[self._try_send(data) :] if was_empty else memoryview(data)
            if rest:
                self._keep(rest)
        if was_empty and rest:
            self._wants_flush()

    def send(self, data: bytes) -> int:
        """gunicorn sends `100 Continue` by this and nothing else. The loop did so before the body came."""
        return len(data)

    def gettimeout(self) -> float:
        """gunicorn asks before it writes an error: this never blocks."""
        return 0.0

    def _try_send(self, data: bytes) -> int:
        try:
            return self._client.send(data)
        except BlockingIOError:
            return 0
        except ConnectionError:
            self._broken = True
            raise BrokenPipeError from None

    def _keep(self, rest: memoryview) -> None:
        if not self._budget.take(len(rest)):
            self._broken = True
            raise BrokenPipeError
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 closed by `_forget`
            self._read = self._written = 0
            self.deadline = time.monotonic() + self._limits.grace
        self._file.seek(self._written)
        self._file.write(rest)
        self._written += len(rest)

    def flush(self) -> bool:
        """Send what waits, as far as the client takes it. Returns whether nothing waits any more.

        Raises: OSError: the client is gone.
        """
        with self._lock:
            if self._file is None:
                return True
            self._file.seek(self._read)
            sent = self._try_send(self._file.read(PIECE))
            self._read += sent
            assert self.deadline is not None
            self.deadline += sent / self._limits.pace
            if self._read == self._written:
                self._forget()
            return self._file is None

    @property
    def is_empty(self) -> bool:
        return self._file is None

    def _forget(self) -> None:
        if self._file is not None:
            self._budget.give_back(self._written)
            self._file.close()
            self._file = self.deadline = None

    def close(self) -> None:
        """Forget what waits; a thread that still writes gets a BrokenPipeError."""
        with self._lock:
            self._broken = True
            self._forget()
