"""Opus packets as an Ogg stream, the form of every voice note (RFC 3533 Ogg; RFC 7845 Opus in Ogg; RFC 6716 Opus)."""

import struct
import zlib
from collections.abc import Iterator

_SERIAL = 1
_FIRST, _LAST = 0x02, 0x04  # flags of a page
_PACKETS = 50  # on a page at most, a second of a usual recording
_SEGMENTS = 255  # on a page at most; a packet takes one for every 255 bytes that it has, and one more
_TAGS = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
# Samples at 48 kHz of one frame, by the five upper bits of a packet (RFC 6716, table 2).
_FRAMES = (480, 960, 1920, 2880) * 3 + (480, 960) * 2 + (120, 240, 480, 960) * 4
Page = tuple[int, int, list[bytes]]


def write_ogg(head: bytes, packets: list[bytes]) -> bytes:
    """The stream: a page of the head, one of comments, pages of sound. Raises ValueError for an impossible packet."""
    if any(not packet or len(_lacing(packet)) > _SEGMENTS for packet in packets):
        raise ValueError("a packet of the sound is empty or too long")
    pages: list[Page] = [(_FIRST, 0, [head]), (0, 0, [_TAGS]), *_sound(packets)]
    return b"".join(_page(number, *page) for number, page in enumerate(pages))


def _sound(packets: list[bytes]) -> Iterator[Page]:
    """Each page tells the samples up to its end."""
    end, page, segments = 0, list[bytes](), 0
    for packet in packets:
        need = len(_lacing(packet))
        if len(page) == _PACKETS or segments + need > _SEGMENTS:
            yield 0, end, page
            page, segments = [], 0
        page.append(packet)
        end, segments = end + samples(packet), segments + need
    yield _LAST, end, page


def samples(packet: bytes) -> int:
    """How long a packet sounds, in samples at 48 kHz."""
    frame = _FRAMES[packet[0] >> 3]
    code = packet[0] & 3
    if code == 3:
        return frame * (packet[1] & 63 if len(packet) > 1 else 0)
    return frame * (1 if code == 0 else 2)


def _page(number: int, flags: int, end: int, packets: list[bytes]) -> bytes:
    lacing = b"".join(map(_lacing, packets))
    front = struct.pack("<4sBBqII", b"OggS", 0, flags, end, _SERIAL, number)
    back = bytes([len(lacing)]) + lacing + b"".join(packets)
    return front + struct.pack("<I", _checksum(front + bytes(4) + back)) + back


def _lacing(packet: bytes) -> bytes:
    """A packet's length in the table of its page."""
    return b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])


def _checksum(page: bytes) -> int:
    """Ogg's checksum is zlib's without its complements and with the bits of each byte the other way round."""
    mirrored = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
