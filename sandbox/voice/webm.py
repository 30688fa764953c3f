"""The Opus packets of a WebM recording (RFC 8794 EBML; RFC 9559 Matroska; webmproject.org, container guidelines)."""

from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\x1a\x45\xdf\xa3"
_SEGMENT, _TRACKS, _TRACK, _CLUSTER, _GROUP = 0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
_CODEC, _HEAD, _SIMPLE_BLOCK, _BLOCK = 0x86, 0x63A2, 0xA3, 0xA1
_ENTERED = frozenset({_SEGMENT, _TRACKS, _TRACK, _CLUSTER, _GROUP})
_BLOCKS = frozenset({_SIMPLE_BLOCK, _BLOCK})
_LACED = 0x06  # flags of a block that holds several packets, which no browser writes
_OPUS_HEAD = b"OpusHead"


class UnreadableRecording(ValueError):
    """Not WebM, or nothing that can become a voice note. The message ends a sentence."""


@dataclass(frozen=True, slots=True)
class Recording:
    """`head` is the OpusHead; `packets` are what the codec made, in order."""

    head: bytes
    packets: list[bytes]


def read_webm(data: bytes) -> Recording:
    """Raises UnreadableRecording."""
    head, codec, packets = b"", b"", []
    for element, content in _elements(data):
        if element == _CODEC:
            codec = content
        elif element == _HEAD:
            head = content
        elif element in _BLOCKS:
            packets.append(_packet(content))
    if codec != b"A_OPUS" or not head.startswith(_OPUS_HEAD):
        raise UnreadableRecording("it has no sound in Opus")
    if not packets:
        raise UnreadableRecording("there is no sound in it")
    return Recording(head, packets)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each element that is no container, with its content. A last one that was cut off is left out.

    A container is entered and not measured, because a live recording does not know its size.
    """
    if not data.startswith(MAGIC):
        raise UnreadableRecording("it is no WebM")
    at = 0
    while at < len(data):
        element, at = _number(data, at, keep_marker=True)
        size, at = _number(data, at)
        if element in _ENTERED:
            continue
        if at + size > len(data):
            return
        yield element, data[at : at + size]
        at += size


def _number(data: bytes, at: int, keep_marker: bool = False) -> tuple[int, int]:
    """A number of variable length and the place behind it: leading zero bits say how many more bytes it has."""
    first = data[at] if at < len(data) else 0
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(data):
        return 0, len(data)
    value = int.from_bytes(data[at : at + length])
    return value if keep_marker else value & (1 << 7 * length) - 1, at + length


def _packet(block: bytes) -> bytes:
    """The packet of a block: behind the track's number, a time of two bytes and the flags."""
    _, at = _number(block, 0)
    if len(block) < at + 4:
        raise UnreadableRecording("it is damaged")
    if block[at + 2] & _LACED:
        raise UnreadableRecording("its packets are laced")
    return block[at + 3 :]
