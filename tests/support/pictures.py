"""Files as phones send them, made in memory: pictures, recordings, and forged ones."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

ORIENTATION = 0x0112  # EXIF


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "red", orientation: int = 0, mode: str = "RGB"
) -> bytes:
    """A picture of one colour with a white corner, top left as its pixels lie."""
    image = Image.new(mode, size, colour if mode in ("RGB", "RGBA") else 0)
    if mode in ("RGB", "RGBA"):
        image.paste("white", (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION] = orientation
        exif[0x010F] = "Secret camera"
    out = io.BytesIO()
    image.save(out, kind, **({"exif": exif} if orientation else {}))
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that claims 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")
    )


def voice(size: int = 4000) -> bytes:
    """The beginning of a voice note as Telegram's apps record it: Opus in Ogg (RFC 7845)."""
    page = b"OggS\0\x02" + bytes(8) + b"felx" + bytes(8) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"
    return page + bytes(range(256)) * (size // 256)


def music(frames: int = 100) -> bytes:
    """Silence that players accept: MPEG 1, layer III, 128 kbit/s, 44.1 kHz, some 26 ms a frame."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * frames
