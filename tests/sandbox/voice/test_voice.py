"""A browser's WebM becomes the OGG that Telegram delivers, packet for packet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice.ogg import samples, write_ogg
from sandbox.voice.webm import UnreadableRecording, read_webm
from tests.sandbox.voice.recordings import HEAD, read_ogg, webm

FRAME = b"\x78"  # one frame of 20 ms


def test_the_packets_of_a_live_recording_are_read() -> None:
    """RFC 9559: Segment and Cluster of a live recording have unknown sizes."""
    recording = read_webm(webm([FRAME + b"a", FRAME + b"bc"]))

    assert (recording.head, recording.packets) == (HEAD, [FRAME + b"a", FRAME + b"bc"])


def test_a_recording_that_was_cut_off_is_read_to_its_last_whole_packet() -> None:
    assert read_webm(webm([FRAME + b"a", FRAME + b"b" * 40])[:-5]).packets == [FRAME + b"a"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"RIFF....WAVE", "it is no WebM"),
        (webm([FRAME], codec=b"A_VORBIS"), "it has no sound in Opus"),
        (webm([FRAME], head=b"x"), "it has no sound in Opus"),
        (webm([]), "there is no sound in it"),
        (webm([FRAME], flags=0x82), "its packets are laced"),
    ],
)
def test_what_cannot_become_a_voice_note_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableRecording, match=reason):
        read_webm(data)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tail: bytes) -> None:
    whole = webm([FRAME * 3])
    for data in (tail, whole[:4] + tail, whole[: len(whole) // 2] + tail):
        try:
            read_webm(data)
        except UnreadableRecording:
            continue


def test_an_ogg_stream_has_its_head_its_comments_and_every_packet() -> None:
    """RFC 7845, section 3: the head alone on the first page, the comments on the next, then sound."""
    packets = [FRAME + bytes([number % 256]) * (number % 700) for number in range(120)]
    first, second, *sound = read_ogg(write_ogg(HEAD, packets))

    assert (first.packets, first.flags, first.end) == ([HEAD], 2, 0)
    assert second.packets[0].startswith(b"OpusTags")
    assert [packet for page in sound for packet in page.packets] == packets
    assert [page.number for page in sound] == list(range(2, 2 + len(sound)))
    assert [page.flags for page in sound] == [0] * (len(sound) - 1) + [4]
    assert sound[-1].end == 120 * 960


@pytest.mark.parametrize(
    ("packet", "count"),
    [
        (b"\x00", 480),  # SILK, 10 ms
        (b"\x1b\x03", 2880 * 3),  # SILK, 60 ms, three frames
        (b"\x79", 960 * 2),  # hybrid, 20 ms, two frames
        (b"\x80", 120),  # CELT, 2.5 ms
        (b"\xf9", 960 * 2),  # CELT, 20 ms, two frames
        (b"\xfb", 0),  # a count is missing
    ],
)
def test_the_length_of_a_packet_follows_from_its_first_byte(packet: bytes, count: int) -> None:
    """RFC 6716, section 3.1."""
    assert samples(packet) == count


@pytest.mark.parametrize("packet", [b"", b"x" * 66_000])
def test_an_impossible_packet_is_refused(packet: bytes) -> None:
    with pytest.raises(ValueError, match="empty or too long"):
        write_ogg(HEAD, [packet])
