"""WebM as a browser records it, written by hand; and Ogg, read as its specification tells."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEAD = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 312, 48_000, 0, 0)
UNKNOWN = b"\x01" + b"\xff" * 7  # the size of what is still being written


def element(name: bytes, content: bytes, size: bytes | None = None) -> bytes:
    return name + (size or struct.pack(">I", len(content) | 1 << 28)) + content


def block(packet: bytes, flags: int = 0x80) -> bytes:
    return element(b"\xa3", b"\x81" + struct.pack(">hB", 0, flags) + packet)


def webm(packets: list[bytes], codec: bytes = b"A_OPUS", head: bytes = HEAD, flags: int = 0x80) -> bytes:
    """A live recording: Segment and Cluster do not know their sizes, and a Void stands between the elements."""
    track = element(b"\xae", element(b"\xd7", b"\x01") + element(b"\x86", codec) + element(b"\x63\xa2", head))
    front = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
    blocks = b"".join(block(packet, flags) for packet in packets)
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + blocks, UNKNOWN)
    tracks = element(b"\x16\x54\xae\x6b", track)
    return front + element(b"\x18\x53\x80\x67", element(b"\xec", b"\0" * 9) + tracks + cluster, UNKNOWN)


@dataclass(frozen=True)
class Page:
    flags: int
    end: int
    number: int
    packets: list[bytes]


def read_ogg(data: bytes) -> list[Page]:
    """Its pages; asserts that each checksum is right. No packet goes over the end of a page here."""
    pages = []
    while data:
        mark, version, flags, end, _, number, checksum, count = struct.unpack("<4sBBqIIIB", data[:27])
        assert (mark, version) == (b"OggS", 0)
        lengths, at, packets, rest = list(data[27 : 27 + count]), 27 + count, [], b""
        for length in lengths:
            rest += data[at : at + length]
            at += length
            if length < 255:
                packets.append(rest)
                rest = b""
        assert rest == b""
        assert crc(data[:22] + bytes(4) + data[26:at]) == checksum
        pages.append(Page(flags, end, number, packets))
        data = data[at:]
    return pages


def crc(data: bytes) -> int:
    """RFC 3533: polynomial 0x04c11db7, highest bit first, from zero."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 1 << 31 else value << 1) & 0xFFFFFFFF
    return value
