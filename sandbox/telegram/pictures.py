"""The size of a picture in pixels, read from its first bytes; and blank pictures."""

import struct
import zlib
from typing import NamedTuple


class Size(NamedTuple):
    width: int
    height: int


def picture_size(data: bytes) -> Size | None:
    """PNG, JPEG, GIF, WebP and BMP; None for anything else."""
    for read in (_png, _jpeg, _gif, _webp, _bmp):
        try:
            size = read(data)
        except (struct.error, IndexError):
            continue
        if size is not None and size.width > 0 and size.height > 0:
            return size
    return None


def grey_png(size: Size) -> bytes:
    """A blank picture of this size."""
    row = b"\0" + b"\x9e" * size.width
    head = struct.pack(">IIBBBBB", size.width, size.height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * size.height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _png(data: bytes) -> Size | None:
    return Size(*struct.unpack(">II", data[16:24])) if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def _gif(data: bytes) -> Size | None:
    return Size(*struct.unpack("<HH", data[6:10])) if data[:6] in (b"GIF87a", b"GIF89a") else None


def _bmp(data: bytes) -> Size | None:
    if not data.startswith(b"BM"):
        return None
    width, height = struct.unpack("<ii", data[18:26])
    return Size(width, abs(height))


def _webp(data: bytes) -> Size | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    if data[12:16] == b"VP8X":
        return Size(int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1)
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    width, height = struct.unpack("<HH", data[26:30])
    return Size(width & 0x3FFF, height & 0x3FFF)


def _jpeg(data: bytes) -> Size | None:
    """The first frame header (SOF0 to SOF15, without the tables in between)."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while data[at] == 0xFF:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Size(width, height)
        at += 2 + length
    return None
