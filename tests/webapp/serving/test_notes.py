"""Notes on the order's page: a box of their own, in words and looks unlike the one that sends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import ChatMessage, DeskNote, Order, OutboxRow, Person
from common.talk import notes
from tests.support.cast import acts
from tests.webapp.desks import place
from tests.webapp.visitor import Visitor

KEY = "n" * 16
HOSTILE = "<script>alert(1)</script> cash only"


@pytest.fixture
def order(database: Database, dima: Person) -> Order:
    return place(database, dima)


def test_a_note_is_kept_shown_and_struck_out(manager: Visitor, database: Database, order: Order) -> None:
    for _ in range(2):
        assert manager.post(f"/orders/{order.id}/notes", {"key": KEY, "note": HOSTILE}).status_code == 303
    text = manager.text(f"/orders/{order.id}")
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt; cash only</p>") == 1
    assert "desk only" in text
    assert "<bdi>Avi</bdi> wrote a note for the desk" in text
    with database.read() as session:
        note_id = session.scalars(select(DeskNote.id)).one()
    assert manager.post(f"/orders/{order.id}/notes/{note_id}/strike").status_code == 303
    text = manager.text(f"/orders/{order.id}")
    assert "<s>&lt;script&gt;" in text
    assert "struck out at" in text
    assert "/strike" not in text


def test_no_field_and_no_key_makes_a_message_of_a_note(manager: Visitor, database: Database, order: Order) -> None:
    with database.read() as session:
        before = len(session.scalars(select(OutboxRow)).all())
    extra = {"text": HOSTILE, "question": HOSTILE, "kind": "free", "chat_id": "1001", "send": "1", "outbox_id": "1"}
    assert manager.post(f"/orders/{order.id}/notes", {"key": KEY, "note": HOSTILE, **extra}).status_code == 303
    with database.read() as session:
        note_id = session.scalars(select(DeskNote.id)).one()
        assert len(session.scalars(select(OutboxRow)).all()) == before
        assert session.scalars(select(ChatMessage)).all() == []
    for path in (f"/messages/{note_id + 10_000}/resend", f"/orders/{order.id}/notes/{note_id}/resend"):
        assert manager.post(path).status_code == 404


@pytest.mark.parametrize(
    "fields", [{"note": "x"}, {"key": KEY, "note": " "}, {"key": KEY, "note": "x" * 2001}], ids=str
)
def test_a_note_that_is_refused_loses_no_word(manager: Visitor, order: Order, fields: dict[str, str]) -> None:
    answer = manager.post(f"/orders/{order.id}/notes", fields)
    assert answer.status_code == 400
    assert f">{fields['note']}</textarea>" in answer.text


def test_somebody_elses_note_is_not_struck_out(
    manager: Visitor, database: Database, order: Order, rina: Person
) -> None:
    with database.write() as session:
        note = notes.write(session, acts(rina), order.id, "hers", key=KEY)
    answer = manager.post(f"/orders/{order.id}/notes/{note.id}/strike")
    assert answer.status_code == 403
    assert "Only its writer" in answer.text
    assert manager.post(f"/orders/{order.id}/notes/999/strike").status_code == 404
