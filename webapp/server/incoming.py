"""One request as it arrives: its head, then its body. A thread gets it when all of it is there."""

from __future__ import annotations

import tempfile
from typing import IO

from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

from webapp.server.chunks import ChunkDecoder
from webapp.server.limits import IN_MEMORY, MAX_HEAD, Budget
from webapp.web import form_limits

END_OF_HEAD = b"\r\n\r\n"
Address = tuple[str, int] | str


class NoRoom(Exception):
    """As much waits already as may wait: the client should come again."""


class IncomingRequest:
    """A request that is being received. gunicorn reads the head, so framing is decided in one place.

    Of a body larger than any route takes only so much is stored that the application refuses it; the rest is dropped.
    """

    def __init__(self, config: Config, address: Address, largest: int, budget: Budget) -> None:
        self._config, self._address = config, address
        self._largest, self._budget = largest, budget
        self._searched = 0
        self._chunks: ChunkDecoder | None = None
        self._left = 0  # bytes of a body of known length
        self._received = 0  # bytes of the body, as sent
        self._stored = 0
        self._is_cut = False
        self._body: IO[bytes] | None = None
        self.request: Request | None = None  # after its head

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends its body (RFC 9110, section 10.1.1)."""
        request = self.request
        if request is None or request.version < (1, 1):
            return False
        return any(name == "EXPECT" and value.lower() == "100-continue" for name, value in request.headers)

    def feed(self, buffer: bytearray) -> bool:
        """Take this request out of the buffer. Returns whether it is complete.

        Raises: NoRoom, and gunicorn's errors of an invalid request.
        """
        if self.request is None and not self._read_head(buffer):
            return False
        return self._read_body(buffer)

    def _read_head(self, buffer: bytearray) -> bool:
        end = buffer.find(END_OF_HEAD, max(0, self._searched - len(END_OF_HEAD) + 1), MAX_HEAD)
        self._searched = len(buffer)
        if end < 0:
            if len(buffer) >= MAX_HEAD:
                raise LimitRequestHeaders(f"more than {MAX_HEAD} bytes")
            return False
        end += len(END_OF_HEAD)
        self.request = next(RequestParser(self._config, iter([bytes(buffer[:end])]), self._address))
        del buffer[:end]
        self._open_body(self.request)
        return True

    def _open_body(self, request: Request) -> None:
        self._chunks = ChunkDecoder() if isinstance(request.body.reader, ChunkedReader) else None
        if self._chunks is None:
            self._left = next((int(value) for name, value in request.headers if name == "CONTENT-LENGTH"), 0)
        self._is_cut = self._left > self._largest
        self._body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 closed by `close`
        request.body = self._body

    def _read_body(self, buffer: bytearray) -> bool:
        before = len(buffer)
        piece = self._decode(buffer)
        self._received += before - len(buffer)
        self._store(piece)
        if self._is_complete():
            return True
        if self._received >= form_limits.MOST_TAKEN:
            self._force_close()
            return True
        return False

    def _decode(self, buffer: bytearray) -> bytes:
        if self._chunks is not None:
            return self._chunks.decode(buffer)
        piece = bytes(buffer[: self._left])
        del buffer[: self._left]
        self._left -= len(piece)
        return piece

    def _is_complete(self) -> bool:
        return self._chunks.done if self._chunks is not None else self._left == 0

    def _force_close(self) -> None:
        """What follows is the rest of this body and no request."""
        assert self.request is not None
        self.request.force_close()

    def _store(self, piece: bytes) -> None:
        """Store the piece; of a chunked body at most one byte more than any route takes, so that it is refused."""
        if self._is_cut:
            return
        piece = piece[: self._largest + 1 - self._stored]
        if not self._budget.take(len(piece)):
            raise NoRoom
        self._stored += len(piece)
        assert self._body is not None
        self._body.write(piece)
        self._is_cut = self._stored > self._largest

    def rewind(self) -> None:
        """The application reads the body from its beginning."""
        assert self._body is not None
        self._body.seek(0)

    def close(self) -> None:
        """Forget the body."""
        self._budget.give_back(self._stored)
        self._stored = 0
        if self._body is not None:
            self._body.close()
