"""Receipts on the order's page, and the repair of a message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from common import clock
from common.database.engine import Database
from common.database.models import Delivery, OutboxRow, OutboxState, Person, ReasonCode
from common.orders.moves import Move
from tests.webapp.desks import move, place
from tests.webapp.visitor import Visitor


@pytest.fixture
def notice(database: Database, dima: Person, avi: Person) -> OutboxRow:
    """The notice that Dima's order is ready."""
    order = place(database, dima)
    move(database, order.id, Move.TAKE, avi)
    move(database, order.id, Move.READY, avi)
    with database.read() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice.ready")).one()


def becomes(database: Database, row: OutboxRow, state: OutboxState, **values: object) -> None:
    with database.write() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == row.id).values(state=state, **values))


def page(visitor: Visitor, row: OutboxRow) -> str:
    text = visitor.text(f"/orders/{row.order_id}")
    start = text.index(f'id="message-{row.id}"')
    return text[start : text.index("</li>", start)]


@pytest.mark.parametrize(
    ("state", "values", "words", "repairs"),
    [
        (OutboxState.PENDING, {}, ["queued"], []),
        (OutboxState.PENDING, {"reason_code": ReasonCode.NETWORK}, ["queued", "could not be reached"], []),
        (OutboxState.PENDING, {"reason_code": ReasonCode.RATE_LIMITED}, ["queued", "asks us to wait"], []),
        (OutboxState.PENDING, {"ambiguous": 1}, ["queued", "may have arrived."], []),
        (OutboxState.SENDING, {}, ["queued"], []),
        (OutboxState.SENT, {"sent_at": clock.utcnow()}, ["sent"], []),
        (OutboxState.SENT, {"sent_at": clock.utcnow(), "ambiguous": 1}, ["sent", "may have arrived twice"], []),
        (
            OutboxState.FAILED,
            {"reason_code": ReasonCode.REFUSED, "reason_detail": "Bad Request: no"},
            ["failed", "Telegram says: Bad Request: no"],
            ["resend"],
        ),
        (
            OutboxState.FAILED,
            {"reason_code": ReasonCode.PHOTO_MISSING, "reason_detail": "it is not kept any more"},
            ["failed", "Its photo could not be read: it is not kept any more"],
            ["resend"],
        ),
        (OutboxState.SENT, {"reason_code": ReasonCode.CONFIRMED}, ["sent", "said that it arrived"], []),
        (
            OutboxState.DEAD,
            {"reason_code": ReasonCode.ENDS_PROCESS},
            ["failed", "stopped over it again and again"],
            ["resend"],
        ),
        (OutboxState.EXPIRED, {}, ["failed", "out of date"], ["resend"]),
        (OutboxState.UNREACHABLE, {"reason_code": ReasonCode.BLOCKED}, ["unreachable", "blocked the bot"], ["resend"]),
        (OutboxState.HELD, {"ambiguous": 2}, ["unknown", "never answered"], ["resend", "arrived"]),
    ],
)
def test_a_receipt_says_what_is_known_and_what_can_be_done(
    manager: Visitor,
    database: Database,
    notice: OutboxRow,
    state: OutboxState,
    values: dict[str, object],
    words: list[str],
    repairs: list[str],
) -> None:
    becomes(database, notice, state, **values)
    text = page(manager, notice)
    assert [word for word in words if word not in text] == []
    assert [repair for repair in ("resend", "arrived") if f"/messages/{notice.id}/{repair}" in text] == repairs


def test_a_failed_attempt_names_the_next_one(manager: Visitor, database: Database, notice: OutboxRow) -> None:
    becomes(database, notice, OutboxState.PENDING, attempts=1, due_at=clock.utcnow() + timedelta(minutes=3))
    assert "next try" in page(manager, notice)


def test_the_text_that_left_is_shown(manager: Visitor, database: Database, notice: OutboxRow) -> None:
    with database.write() as session:
        session.add(
            Delivery(
                outbox_id=notice.id,
                epoch=1,
                at=clock.utcnow(),
                method="sendMessage",
                text="Готово <b>1</b>: &lt;script&gt;",
            )
        )
    assert "Готово 1: &lt;script&gt;" in page(manager, notice)


def test_of_a_cards_edits_that_arrived_only_the_last_is_told(
    manager: Visitor, database: Database, notice: OutboxRow
) -> None:
    with database.write() as session:
        of_card = update(OutboxRow).where(OutboxRow.kind == "card")
        session.execute(of_card.values(state=OutboxState.SENT, sent_at=clock.utcnow()))
        session.execute(of_card.where(OutboxRow.id == 1).values(state=OutboxState.FAILED, reason_detail="Bad Request"))
    text = manager.text(f"/orders/{notice.order_id}")
    assert text.count("Order card") == 2, "the last edit, and the one that failed"


def test_send_again_puts_it_back_in_the_queue_once(manager: Visitor, database: Database, notice: OutboxRow) -> None:
    becomes(database, notice, OutboxState.HELD, ambiguous=2)
    answer = manager.post(f"/messages/{notice.id}/resend")
    assert answer.location == f"/orders/{notice.order_id}#messages"
    assert "queued" in page(manager, notice)
    assert manager.post(f"/messages/{notice.id}/resend").status_code == 409


def test_it_arrived_is_believed_for_unknown_messages_only(
    manager: Visitor, database: Database, notice: OutboxRow
) -> None:
    becomes(database, notice, OutboxState.FAILED)
    assert manager.post(f"/messages/{notice.id}/arrived").status_code == 409
    becomes(database, notice, OutboxState.HELD)
    assert manager.post(f"/messages/{notice.id}/arrived").status_code == 303
    assert "said that it arrived" in page(manager, notice)


@pytest.mark.parametrize("number", ["0", "99999", "9" * 30, "x"])
def test_a_message_that_is_not_there_is_not_found(manager: Visitor, number: str) -> None:
    assert manager.post(f"/messages/{number}/resend").status_code == 404
