"""Words and photos between the desk and the mechanic, on the page of the order."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from common import clock
from common.bulkhead import Bulkhead
from common.database.engine import Database
from common.database.models import (
    ChatMessage,
    Media,
    MediaState,
    Order,
    OutboxRow,
    OutboxState,
    Person,
    ReasonCode,
)
from common.media import desk_photos, quotas
from common.media.opener import LARGE
from common.orders.moves import Move
from common.talk import chat
from tests.common.media.test_quotas import keep
from tests.support.pictures import bomb, picture
from tests.webapp.desks import move, place, signed_in
from tests.webapp.serving.orders_served import HOSTILE, KEY, post, send_photo
from tests.webapp.visitor import Visitor


def test_a_message_is_sent_once_and_shows_its_receipt(manager: Visitor, database: Database, order: Order) -> None:
    for _ in range(2):
        assert post(manager, f"/orders/{order.id}/messages", key=KEY, text=f"Only M8\n{HOSTILE}")[0] == 303
    text = manager.text(f"/orders/{order.id}")
    assert text.count("Only M8") == 1
    assert "queued" in text
    assert "<script>alert" not in text
    with database.write() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.kind == "chat")).one()
        row.state, row.reason_code = OutboxState.UNREACHABLE, ReasonCode.BLOCKED
    text = manager.text(f"/orders/{order.id}")
    assert "blocked the bot" in text
    assert f"/messages/{row.id}/resend" in text


def test_a_message_is_not_stopped_by_what_happened_meanwhile(
    manager: Visitor, database: Database, order: Order, rina: Person
) -> None:
    move(database, order.id, Move.READY, rina)
    assert post(manager, f"/orders/{order.id}/messages", key=KEY, text="Come")[0] == 303


@pytest.mark.parametrize(
    "fields", [{"text": "x"}, {"key": "short", "text": "x"}, {"key": KEY, "text": ""}, {"key": KEY, "text": "x" * 3501}]
)
def test_a_message_takes_no_nonsense(
    manager: Visitor, database: Database, order: Order, fields: dict[str, str]
) -> None:
    assert post(manager, f"/orders/{order.id}/messages", 2, **fields)[0] == 400
    with database.read() as session:
        assert session.scalars(select(ChatMessage)).all() == []


def test_a_photo_is_sent_and_shown_without_where_it_was_taken(
    manager: Visitor, database: Database, order: Order
) -> None:
    taken = picture(size=(4000, 3000), orientation=6)
    assert b"Secret camera" in taken
    assert send_photo(manager, order, taken, "This one?")[0] == 303
    with database.read() as session:
        kept = session.scalars(select(Media)).one()
        row = session.scalars(select(OutboxRow).where(OutboxRow.kind == "chat")).one()
    text = manager.text(f"/orders/{order.id}")
    assert f'<img src="/media/{kept.id}/thumbnail"' in text
    assert text.count("This one?") == 1
    assert row.arguments["photo"] == kept.digest
    answer = manager.get(f"/media/{kept.id}")
    assert (answer.content_type, b"Secret camera" in answer.data) == ("image/jpeg", False)
    assert max(Image.open(io.BytesIO(answer.data)).size) == LARGE


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (bomb(), "too many pixels"),
        (b"%PDF-1.7 not a photo", "damaged, or no photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "damaged, or no photo"),
        (picture()[:500], "damaged, or no photo"),
        (bytes(desk_photos.MAX_UPLOAD + 1), "at most 20 MB"),
    ],
    ids=["bomb", "pdf", "svg", "cut", "large"],
)
def test_what_is_no_photo_is_refused_and_the_words_are_kept(
    manager: Visitor, database: Database, order: Order, body: bytes, why: str
) -> None:
    code, text = send_photo(manager, order, body, "Half written")
    assert code == 400
    assert why in text
    assert "Half written</textarea>" in text
    with database.read() as session:
        assert session.scalars(select(ChatMessage)).all() == []
        assert session.scalars(select(Media)).all() == []


def test_a_photo_too_many_is_refused_before_it_is_opened(manager: Visitor, database: Database, order: Order) -> None:
    with database.write() as session:
        now = clock.utcnow()
        for _ in range(desk_photos.MAX_PHOTOS):
            session.add(Media(order_id=order.id, kind="photo", state=MediaState.WANTED, due_at=now, created_at=now))
    code, text = send_photo(manager, order, b"no photo at all", "Half written")
    assert (code, "photos from the desk in this order already" in text) == (400, True)


def test_who_sent_very_many_photos_within_a_day_can_still_send_words(
    manager: Visitor, database: Database, order: Order, avi: Person
) -> None:
    with database.write() as session:
        keep(session, avi, quotas.MAX_FILES)
    code, text = send_photo(manager, order, picture(), "Half written")
    assert (code, "very many photos within a day" in text, "Half written</textarea>" in text) == (400, True, True)


def test_on_a_full_disk_no_photo_is_opened_and_the_words_are_kept(
    make_app: Callable[..., Flask], database: Database, avi: Person, order: Order, tmp_path: Path
) -> None:
    full = make_app(MEDIA_STORE="directory", MEDIA_DIR=str(tmp_path), MEDIA_MIN_FREE_MB="1000000")
    code, text = send_photo(signed_in(full, database, avi), order, b"no photo at all", "Half written")
    assert (code, "could not be kept just now" in text, "Half written</textarea>" in text) == (400, True, True)


def test_others_who_send_photos_cost_no_words(manager: Visitor, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Bulkhead(at_once=1, waiting=0, patience=0.0)
    monkeypatch.setattr(desk_photos, "OPENED", full)
    with full.enter():
        code, text = send_photo(manager, order, picture(), "Half written")
    assert (code, "Half written</textarea>" in text) == (400, True)


def test_a_form_larger_than_any_photo_is_not_even_read(manager: Visitor, order: Order) -> None:
    assert send_photo(manager, order, bytes(desk_photos.MAX_UPLOAD + 100_000))[0] == 413


def test_a_directory_that_is_not_there_loses_no_words(
    make_app: Callable[..., Flask], database: Database, avi: Person, order: Order, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    manager = signed_in(make_app(MEDIA_STORE="directory", MEDIA_DIR=str(tmp_path / "file")), database, avi)
    code, text = send_photo(manager, order, picture(), "Half written")
    assert (code, "could not be kept just now" in text, "Half written</textarea>" in text) == (400, True, True)


def test_what_the_mechanic_writes_and_corrects_stands_on_the_page(
    manager: Visitor, database: Database, order: Order, dima: Person
) -> None:
    with database.write() as session:
        chat.receive(session, dima, "left one", chat_id=1001, message_id=5, order_id=order.id)
        chat.edit(session, 1001, 5, f"right one {HOSTILE}")
    text = manager.text(f"/orders/{order.id}")
    assert "right one" in text
    assert "edited" in text
    assert "left one" not in text
    assert "<script>alert" not in text


def test_nobody_without_a_chat_is_written_to(manager: Visitor, database: Database, rina: Person, avi: Person) -> None:
    order = place(database, rina)
    assert "nowhere to write" in manager.text(f"/orders/{order.id}")
    assert "nowhere to write" in post(manager, f"/orders/{order.id}/messages", key=KEY, text="x")[1]
