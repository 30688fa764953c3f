"""What a file is, says its beginning."""

from __future__ import annotations

import pytest

from bot_daemon.media.file_types import sniff
from tests.support.pictures import picture, voice

VORBIS = b"OggS\0\x02" + bytes(22) + b"\x01vorbis"
THEORA = b"OggS\0\x02" + bytes(22) + b"\x80theora"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("GIF", mode="P"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (voice(), "audio/ogg"),
        (VORBIS, "audio/ogg"),
        (b"ID3\x04" + bytes(100), "audio/mpeg"),
        (b"\xff\xfb\x90\x44" + bytes(100), "audio/mpeg"),
        (b"\xff\xf3\x90\x44" + bytes(100), "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A " + bytes(100), "audio/mp4"),
        (b"\0\0\0\x18ftypisom" + bytes(20), "video/mp4"),
        (b"\0\0\0\x18ftyp3gp5" + bytes(20), "video/mp4"),
        (b"\0\0\0\x14ftypqt  " + bytes(20), "video/quicktime"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    ],
)
def test_what_is_kept(body: bytes, media_type: str) -> None:
    assert sniff(body, "document") == media_type


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"\xff\xd8",
        b"<html>%PDF-1.7",
        b"%PDF-",
        b"\x1aE\xdf\xa3\x01\0\0\0",  # WebM and Matroska
        b"PK\x03\x04",
        b"MZ" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"  \xff\xd8\xff",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x18ftypheic" + bytes(20),
        b"\0\0\0\x18ftypavif" + bytes(20),
        THEORA,
        b"\xff\xf1\x50\x80",  # AAC
        b"\xff\xea\x90\x44",  # a reserved version
        b"GIF88a",
    ],
)
def test_what_is_not(body: bytes) -> None:
    assert sniff(body, "document") is None


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"3gp4", b"M4A "])
def test_a_phones_recording_lies_in_the_box_of_films(brand: bytes) -> None:
    body = b"\0\0\0\x18ftyp" + brand + bytes(20)

    assert sniff(body, "audio") == "audio/mp4"
    assert sniff(body, "video") == ("audio/mp4" if brand == b"M4A " else "video/mp4")


def test_what_telegram_calls_sound_is_not_believed() -> None:
    assert sniff(b"<!doctype html>", "audio") is None
    assert sniff(b"%PDF-1.7 ftyp", "audio") == "application/pdf"
