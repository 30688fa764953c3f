"""The type of a file, read from its first bytes: never from its name or its declared type.

A table of our own and not a library: puremagic and filetype know hundreds of formats and answer with guesses, here
ten are let in and everything else is refused. That a picture is whole is found out by reading it (`pictures`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

HEAD = 64  # bytes that suffice to tell the type

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
OGG, MP3, M4A = "audio/ogg", "audio/mpeg", "audio/mp4"
MP4, MOV = "video/mp4", "video/quicktime"
PDF = "application/pdf"
FILMS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"MSNV",
    b"M4V ",
    b"3gp",
    b"3g2",
    b"dash",
)


def _webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _ogg(head: bytes) -> bool:
    """The first page begins a stream, and the stream is Opus (RFC 7845) or Vorbis: pictures move in Ogg, too."""
    return head[:5] == b"OggS\0" and head[28:].startswith((b"OpusHead", b"\x01vorbis"))


def _mp3(head: bytes) -> bool:
    """A tag, or a frame: 11 bits of synchronisation, MPEG 1 or 2, layer III (ISO 11172-3, 2.4.1.3)."""
    return head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[1] != 0xEA)


def _m4a(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"M4B ")


def _film(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12].startswith(FILMS)


def _mov(head: bytes) -> bool:
    return head[4:12] == b"ftypqt  "


def _pdf(head: bytes) -> bool:
    """The header at the first byte (ISO 32000-1, 7.5.2): a file with anything before it is not believed."""
    return re.match(rb"%PDF-[12]\.[0-9]", head) is not None


SIGNATURES: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    (JPEG, lambda head: head[:3] == b"\xff\xd8\xff"),
    (PNG, lambda head: head[:8] == b"\x89PNG\r\n\x1a\n"),
    (GIF, lambda head: head[:6] in (b"GIF87a", b"GIF89a")),
    (WEBP, _webp),
    (OGG, _ogg),
    (M4A, _m4a),
    (MP4, _film),
    (MOV, _mov),
    (PDF, _pdf),
    (MP3, _mp3),
)


def sniff(body: bytes, kind: str) -> str | None:
    """The media type of a file that we keep; None for any other file.

    Many phones record sound into the same box as films (ISO 14496-12): whether it is one, only Telegram's `kind` says.
    It is served as sound all the same.
    """
    head = body[:HEAD]
    if kind == "audio" and head[4:8] == b"ftyp":
        return M4A
    return next((name for name, fits in SIGNATURES if fits(head)), None)


def is_picture(media_type: str) -> bool:
    return media_type.startswith("image/")
