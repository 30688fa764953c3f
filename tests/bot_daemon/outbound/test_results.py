"""What each verdict leaves behind: on the row, on the chat, on the receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import (
    ChatMoved,
    GiveUp,
    MessageGone,
    SendVerdict,
    Sent,
    Snooze,
    TokenRefused,
    Unreachable,
    Unsent,
)
from common import clock
from common.database import engine
from common.database.engine import Database
from common.database.models import ReasonCode
from common.messaging import outbox
from tests.bot_daemon import rows
from tests.bot_daemon.outbound.sends import S, came_to, on_its_way, place, record
from tests.bot_daemon.rows import queued, row, sending


def test_sent_is_final_and_knows_its_message(any_database: Database) -> None:
    sent = came_to(any_database, Sent(55))

    assert (sent.state, sent.message_id, sent.attempts, sent.reason_code) == (S.SENT, 55, 1, None)
    assert sent.sent_at is not None
    (attempt,) = rows.deliveries(any_database, sent.id)
    assert (attempt.outcome, attempt.milliseconds, attempt.method) == ("sent", 12, "sendMessage")


@pytest.mark.parametrize("verdict", [Unsent(), TokenRefused(), Snooze(7)])
def test_what_is_not_the_messages_fault_costs_no_attempt(any_database: Database, verdict: SendVerdict) -> None:
    back = came_to(any_database, verdict)

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 0, 0)
    assert (back.lease_epoch, back.lease_until) == (None, None)


def test_a_flood_pauses_the_chat_for_as_long_as_telegram_asked(any_database: Database) -> None:
    came_to(any_database, Snooze(7))
    paused = rows.chat(any_database, 1001)

    assert paused is not None
    assert paused.ready_at is not None
    assert (paused.ready_at - clock.utcnow()).total_seconds() == pytest.approx(7, abs=2)
    assert rows.claim(any_database) == []
    with clock.travel(timedelta(seconds=8)):
        assert len(rows.claim(any_database)) == 1


def test_what_was_surely_not_sent_is_tried_again_without_a_mark(any_database: Database) -> None:
    back = came_to(any_database, NotSent("ClientConnectorError"))

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 1, 0)
    assert (back.reason_code, back.reason_detail) == (ReasonCode.NETWORK, "ClientConnectorError")
    assert rows.claim(any_database) == [back.id], "the first repeat comes at once"


def test_the_pauses_between_failures_climb(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    waits = []
    for _ in range(4):
        later = max(row(any_database, row_id).due_at - clock.utcnow(), timedelta(0)) + timedelta(seconds=0.01)
        with clock.travel(later):
            record(any_database, sending(any_database, row_id), NotSent("refused"))
            waits.append((row(any_database, row_id).due_at - clock.utcnow()).total_seconds())

    assert waits[0] <= 0
    assert 3.5 < waits[1] < 6.1
    assert 11.5 < waits[2] < 18.1
    assert 47 < waits[3] < 72.1


def test_an_ambiguous_attempt_is_marked_and_repeated(any_database: Database) -> None:
    back = came_to(any_database, Ambiguous("HTTP 502"))

    assert (back.state, back.attempts, back.ambiguous) == (S.PENDING, 1, 1)


def test_an_ambiguous_message_of_staff_is_held_for_a_person(any_database: Database) -> None:
    rows.mechanic(any_database)
    held = came_to(any_database, Ambiguous("HTTP 502"), kind=rows.CHAT)

    assert (held.state, held.ambiguous, held.reason_code, held.reason_detail) == (
        S.HELD,
        1,
        ReasonCode.NETWORK,
        "HTTP 502",
    )
    assert outbox.RECEIPTS[held.state] == "unknown"


def test_a_duplicate_that_may_be_stays_marked_when_the_repetition_is_sent(any_database: Database) -> None:
    back = came_to(any_database, Ambiguous("HTTP 502"))
    record(any_database, sending(any_database, back.id), Sent(9))

    assert row(any_database, back.id).state is S.SENT
    assert row(any_database, back.id).ambiguous == 1


def test_a_chat_that_moved_is_followed(any_database: Database) -> None:
    moved = came_to(any_database, ChatMoved(-100777))

    assert moved.state is S.PENDING
    again = sending(any_database, moved.id)
    assert again.chat_id == -100777
    assert again.parameters["chat_id"] == -100777


def test_a_chat_that_cannot_be_reached_is_remembered(any_database: Database) -> None:
    ended = came_to(any_database, Unreachable(ReasonCode.BLOCKED))
    (next_one,) = queued(any_database, "b")

    assert (ended.state, ended.reason_code) == (S.UNREACHABLE, ReasonCode.BLOCKED)
    assert rows.claim(any_database) == []
    assert row(any_database, next_one).state is S.UNREACHABLE


def test_a_refusal_for_good_is_shown_in_telegrams_words(any_database: Database) -> None:
    failed = came_to(any_database, GiveUp("Bad Request: message is too long"))

    assert (failed.state, failed.reason_code) == (S.FAILED, ReasonCode.REFUSED)
    assert failed.reason_detail == "Bad Request: message is too long"


EVERY: list[SendVerdict] = [
    Sent(1),
    Unsent(),
    Snooze(1),
    NotSent("x"),
    Ambiguous("x"),
    ChatMoved(-1),
    MessageGone(),
    Unreachable(ReasonCode.BLOCKED),
    TokenRefused(),
    GiveUp("x"),
]


def test_no_verdict_of_an_old_epoch_changes_anything(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    outgoing = sending(any_database, row_id, epoch=5)

    assert not any(record(any_database, outgoing, verdict, epoch=4) for verdict in EVERY)
    same = row(any_database, row_id)
    assert (same.state, same.lease_epoch, same.attempts) == (S.SENDING, 5, 1)
    assert rows.deliveries(any_database, row_id)[0].outcome is None
    assert rows.chat(any_database, 1001) is None


def test_a_result_that_comes_twice_counts_once(any_database: Database) -> None:
    for chat_id, verdict in enumerate(EVERY, start=1001):
        (row_id,) = queued(any_database, f"{chat_id}", chat_id=chat_id)
        outgoing = sending(any_database, row_id)
        assert record(any_database, outgoing, verdict)
        once = row(any_database, row_id)
        assert record(any_database, outgoing, Sent(99)) is False
        twice = row(any_database, row_id)
        assert (twice.state, twice.message_id, twice.attempts) == (once.state, once.message_id, once.attempts)


def test_the_desk_hears_of_results_that_concern_an_order(any_database: Database) -> None:
    order = place(any_database, rows.mechanic(any_database))
    outgoing = on_its_way(any_database, rows.CARD)
    with any_database.read() as session:
        before = engine.revision(session)
    record(any_database, outgoing, Sent(5))

    with any_database.read() as session:
        assert engine.revision(session) > before
    assert row(any_database, outgoing.row_id).order_id == order.id
