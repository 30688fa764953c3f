"""What a step sees of a message that brings a file."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot_daemon.chat.incoming import Attachment, UpdateKind, read_incoming
from tests.bot_daemon.updates import message


def size(number: int, width: int) -> dict[str, Any]:
    return {"file_id": f"F{number}", "file_unique_id": f"U{number}", "width": width, "height": width, "file_size": 9}


def file(**more: Any) -> dict[str, Any]:
    return {"file_id": "F1", "file_unique_id": "U1", **more}


CASES: list[tuple[dict[str, Any], Attachment]] = [
    ({"photo": [size(1, 90), size(3, 1280), size(2, 320)]}, Attachment("photo", "F3", "U3", 9)),
    ({"photo": [size(1, 90)], "media_group_id": "77"}, Attachment("photo", "F1", "U1", 9, group_id="77")),
    (
        {"voice": file(duration=12, mime_type="audio/ogg")},
        Attachment("voice", "F1", "U1", seconds=12, declared="audio/ogg"),
    ),
    ({"audio": file(duration=200, file_size=5)}, Attachment("audio", "F1", "U1", 5, 200)),
    ({"document": file(file_name="x.jpg", file_size=7)}, Attachment("document", "F1", "U1", 7)),
    ({"video": file(width=9, height=9, duration=3)}, Attachment("video", "F1", "U1", seconds=3)),
    ({"video_note": file(length=9, duration=3)}, Attachment("video_note", "F1", "U1", seconds=3)),
]


@pytest.mark.parametrize(("content", "attachment"), CASES)
def test_what_a_message_brings(content: dict[str, Any], attachment: Attachment) -> None:
    update = message(1, "", **content, caption="look")
    del update["message"]["text"]
    seen = read_incoming(Update.de_json(update, None), 5)

    assert seen is not None
    assert (seen.what, seen.text, seen.attachment) == (UpdateKind.OTHER, "look", attachment)


def test_a_text_brings_nothing() -> None:
    seen = read_incoming(Update.de_json(message(1, "wiper"), None), 5)

    assert seen is not None
    assert seen.attachment is None
