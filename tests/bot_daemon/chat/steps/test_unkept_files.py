"""A file that cannot be kept is refused at once; videos and PDF files are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Media
from tests.bot_daemon.chat.driver import Chat, look

MB = 1024 * 1024
REFUSED = "Не сохранено"


def file(size: int | None = MB, mime: str | None = None) -> dict[str, object]:
    about = {"file_id": "f", "file_unique_id": "u", "file_size": size, "mime_type": mime}
    return {name: value for name, value in about.items() if value is not None}


VIDEO = {"width": 9, "height": 9, "duration": 7}


def kinds(database: Database) -> list[str]:
    return look(database, lambda session: list(session.scalars(select(Media.kind).order_by(Media.id))))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("document", file(mime="application/zip")),
        ("document", file(mime="application/vnd.ms-excel")),
        ("document", file(mime="image/heic")),
        ("document", file(mime="video/webm")),
        ("document", file(21 * MB, "application/pdf")),
        ("video", {**file(21 * MB, "video/mp4"), **VIDEO}),
        ("voice", {**file(21 * MB, "audio/ogg"), "duration": 7}),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_in_the_one_answer(
    dimas: Chat, database: Database, kind: str, content: dict[str, object]
) -> None:
    dimas.types("болт")
    screen, before = dimas.screen.text, len(dimas.visible())
    dimas.sends(**{kind: content})
    assert dimas.last.text.startswith(f"📎 {REFUSED}")
    assert len(dimas.visible()) == before + 1, "nothing says that it was accepted"
    assert dimas.screen.text == screen
    assert kinds(database) == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("video", {**file(19 * MB, "video/mp4"), **VIDEO}),
        ("video_note", {**file(), "length": 9, "duration": 7}),
        ("document", file(mime="application/pdf")),
        ("document", file(mime="image/jpeg")),
        ("document", file(None)),
    ],
)
def test_a_video_or_a_pdf_goes_with_the_order(
    dimas: Chat, database: Database, kind: str, content: dict[str, object]
) -> None:
    dimas.types("болт")
    dimas.sends(**{kind: content})
    assert not dimas.saying(REFUSED)
    assert kinds(database) == [kind]


def test_the_caption_of_a_refused_file_is_read_like_typed_words(dimas: Chat, database: Database) -> None:
    dimas.types("болт")
    dimas.sends(document=file(mime="application/zip"), caption="гайка")
    assert len(dimas.saying(REFUSED)) == 1
    assert "гайка" in dimas.screen.text
    assert kinds(database) == []


def test_a_stranger_learns_nothing_of_files(charlies: Chat, database: Database) -> None:
    charlies.sends(document=file(mime="application/zip"))
    assert not charlies.saying("📎")
    assert kinds(database) == []
