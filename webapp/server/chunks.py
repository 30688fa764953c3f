"""The chunked transfer coding (RFC 9112, section 7.1), decoded piece by piece as it arrives."""

from __future__ import annotations

from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, LimitRequestHeaders

MAX_SIZE_LINE = 1024  # bytes, with its extensions
MAX_SIZE_DIGITS = 16
MAX_TRAILERS = 8 * 1024  # bytes; they are dropped
HEX = frozenset(b"0123456789abcdefABCDEF")


class ChunkDecoder:
    """Takes what was received out of a buffer; what follows the body stays there.

    Raises gunicorn's errors of an invalid request, which its worker answers.
    """

    def __init__(self) -> None:
        self.done = False
        self._left = 0  # bytes of the present chunk
        self._in_chunk = False
        self._in_trailers = False
        self._trailers = 0

    def decode(self, buffer: bytearray) -> bytes:
        """The decoded bytes, as far as they are there."""
        pieces: list[bytes] = []
        at = 0
        while not self.done:
            step = self._data(buffer, at, pieces) if self._in_chunk else self._line(buffer, at)
            if step == 0:
                break
            at += step
        del buffer[:at]
        return b"".join(pieces)

    def _data(self, buffer: bytearray, at: int, pieces: list[bytes]) -> int:
        if self._left:
            piece = bytes(buffer[at : at + self._left])
            pieces.append(piece)
            self._left -= len(piece)
            return len(piece)
        if len(buffer) - at < 2:
            return 0
        if buffer[at : at + 2] != b"\r\n":
            raise ChunkMissingTerminator(bytes(buffer[at : at + 2]))
        self._in_chunk = False
        return 2

    def _line(self, buffer: bytearray, at: int) -> int:
        """The bytes of a whole line: a chunk's size, or a trailer; 0: its end is not there yet."""
        end = buffer.find(b"\r\n", at, at + MAX_SIZE_LINE)
        if end < 0:
            if len(buffer) - at >= MAX_SIZE_LINE:
                raise InvalidChunkSize(b"a line without an end")
            return 0
        if self._in_trailers:
            self._read_trailer(end - at)
        else:
            self._read_size(bytes(buffer[at:end]))
        return end + 2 - at

    def _read_size(self, line: bytes) -> None:
        digits = line.partition(b";")[0].rstrip(b" \t")
        if not 0 < len(digits) <= MAX_SIZE_DIGITS or not HEX.issuperset(digits):
            raise InvalidChunkSize(digits[:MAX_SIZE_DIGITS])
        self._left = int(digits, 16)
        self._in_chunk, self._in_trailers = self._left > 0, self._left == 0

    def _read_trailer(self, size: int) -> None:
        self._trailers += size + 2
        if self._trailers > MAX_TRAILERS:
            raise LimitRequestHeaders("trailers")
        self.done = size == 0
