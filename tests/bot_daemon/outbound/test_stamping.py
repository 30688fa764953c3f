"""Stamping writes the attempt down and renders the text; a row that cannot be rendered is dead."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from common.database.engine import Database
from common.database.models import OutboxRow, ReasonCode
from common.facts.messages import ChatWritten
from common.messaging.kinds import MessageKind
from common.orders.moves import Move
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.sends import S, move, only_pending, place
from tests.bot_daemon.rows import queued, row, sending


def test_the_attempt_is_written_down_before_the_call(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id)
    stamped = row(any_database, row_id)
    (attempt,) = rows.deliveries(any_database, row_id)

    assert (stamped.state, stamped.attempts) == (S.SENDING, 1)
    assert (attempt.outcome, attempt.epoch) == (None, 1)


def test_the_text_is_made_at_delivery_in_the_readers_language(any_database: Database) -> None:
    rows.mechanic(any_database, language="he")
    (row_id,) = queued(any_database, "a", kind=rows.HELP)

    assert any("֐" <= letter <= "ת" for letter in sending(any_database, row_id).parameters["text"])


def test_the_text_that_left_is_kept_for_cards_notices_and_chat_messages_only(any_database: Database) -> None:
    rows.mechanic(any_database)
    (said,) = queued(
        any_database, "a", kind=rows.CHAT, arguments=ChatWritten(text="Come by", author="Rina"), stream="a"
    )
    (answered,) = queued(any_database, "b", kind=rows.HELP, stream="b")
    texts = {o.row_id: o.parameters["text"] for o in rows.stamp(any_database, rows.claim(any_database))}

    assert rows.deliveries(any_database, said)[0].text == texts[said]
    assert rows.deliveries(any_database, answered)[0].text is None


def test_a_row_that_cannot_be_rendered_is_dead_and_the_others_go(
    any_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    order = place(any_database, rows.mechanic(any_database))
    move(any_database, order.id, Move.TAKE)
    move(any_database, order.id, Move.WAIT, "supplier")
    with any_database.write() as session:
        bad = session.scalars(select(OutboxRow).where(OutboxRow.kind == MessageKind.NOTICE_WAITING)).one()
        bad.arguments, bad.stream = {**bad.arguments, "expected_on": "some day"}, "of its own"
    outgoing = rows.stamp(any_database, rows.claim(any_database))

    assert [o.kind for o in outgoing] == [rows.CARD]
    assert row(any_database, bad.id).state is S.DEAD
    dead = row(any_database, bad.id)
    assert (dead.reason_code, dead.reason_detail) == (ReasonCode.NOT_RENDERED, "ValidationError")
    assert "cannot be rendered" in caplog.text


def test_a_notice_that_time_has_overtaken_is_not_sent(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    move(any_database, order.id, Move.TAKE)
    move(any_database, order.id, Move.READY)
    ready = only_pending(any_database, rows.READY)
    move(any_database, order.id, Move.CANCEL, "a mistake")
    with any_database.write() as session:
        session.get_one(OutboxRow, ready.id).stream = "of its own"
    outgoing = rows.stamp(any_database, rows.claim(any_database))

    assert ready.id not in [o.row_id for o in outgoing]
    assert row(any_database, ready.id).state is S.SUPERSEDED


@pytest.mark.postgres
def test_a_database_that_fails_while_rendering_is_nobodys_fault(postgresql_url: str) -> None:
    """The row must not be dead because somebody held a lock for a moment."""
    ours = Database(postgresql_url, lock_timeout=0.1)
    place(ours, rows.mechanic(ours))
    card = only_pending(ours, rows.CARD)
    rows.claim(ours)
    with ours.engine.begin() as other:
        other.execute(text("LOCK TABLE orders"))
        with pytest.raises(OperationalError):
            rows.stamp(ours, [card.id])

    assert row(ours, card.id).state is S.LEASED
    assert [o.row_id for o in rows.stamp(ours, [card.id])] == [card.id]
    ours.dispose()
