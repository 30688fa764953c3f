"""Whose turn it is: heads of streams, urgency, pauses, expiry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot_daemon.outbound import claims
from common import clock
from common.database import engine as database
from common.database.engine import Database
from common.database.models import Chat, OutboxState, ReasonCode
from common.messaging import outbox
from common.messaging.kinds import spec_of
from tests.bot_daemon import rows
from tests.bot_daemon.rows import claim, put, queued, row, sending

WAITING = [OutboxState.LEASED, OutboxState.SENDING]


ENDED = [state for state in OutboxState if state not in (*WAITING, OutboxState.PENDING)]


def revision(of: Database) -> int:
    with of.read() as session:
        return database.revision(session)


# Order within a stream ------------------------------------------------------------------------------------------------


def test_only_the_oldest_of_a_stream_is_claimed(any_database: Database) -> None:
    first, _, _ = queued(any_database, "a", "b", "c")

    assert claim(any_database) == [first]


@pytest.mark.parametrize("state", WAITING)
def test_a_row_that_is_on_its_way_holds_back_its_stream(any_database: Database, state: OutboxState) -> None:
    first, _ = queued(any_database, "a", "b")
    put(any_database, first, state)

    assert claim(any_database) == []


def test_a_retrying_row_holds_back_its_stream(any_database: Database) -> None:
    first, _ = queued(any_database, "a", "b")
    put(any_database, first, OutboxState.PENDING, due_at=clock.utcnow() + timedelta(minutes=5), attempts=3)

    assert claim(any_database) == []


def test_a_row_that_has_ended_lets_its_stream_go_on(any_database: Database) -> None:
    seconds = []
    for state in ENDED:
        first, second = queued(any_database, f"{state} 1", f"{state} 2", stream=state)
        put(any_database, first, state)
        seconds.append(second)

    assert claim(any_database) == seconds


@pytest.mark.parametrize("state", WAITING)
def test_a_row_that_is_sent_again_by_hand_waits_for_the_newer_one_on_its_way(
    any_database: Database, state: OutboxState
) -> None:
    first, second = queued(any_database, "a", "b")
    put(any_database, first, OutboxState.FAILED)
    put(any_database, second, state)
    with any_database.write() as session:
        outbox.resend(session, first)

    assert claim(any_database) == []


def test_streams_of_one_chat_do_not_wait_for_each_other(any_database: Database) -> None:
    (reply,) = queued(any_database, "a", stream="chat:1001")
    (card,) = queued(any_database, "b", stream="order:1:1001")

    assert set(claim(any_database)) == {reply, card}


def test_an_urgent_row_does_not_overtake_within_its_stream(any_database: Database) -> None:
    (later,) = queued(any_database, "a", kind=rows.TIDY)
    queued(any_database, "b", kind=rows.HELP)

    assert claim(any_database) == [later]


# Whose turn -----------------------------------------------------------------------------------------------------------


def test_the_most_urgent_are_claimed_first(any_database: Database) -> None:
    (tidy,) = queued(any_database, "t", kind=rows.TIDY, stream="t")
    (notice,) = queued(any_database, "n", kind=rows.READY, stream="n")
    (reply,) = queued(any_database, "r", kind=rows.HELP, stream="r")

    assert spec_of(rows.HELP).priority < spec_of(rows.READY).priority < spec_of(rows.TIDY).priority
    assert [claim(any_database, limit=1) for _ in range(3)] == [[reply], [notice], [tidy]]


def test_of_equal_urgency_the_longest_due_is_first(any_database: Database) -> None:
    (young,) = queued(any_database, "a", stream="a", due_in=-1)
    (old,) = queued(any_database, "b", stream="b", due_in=-60)

    assert claim(any_database, limit=1) == [old]
    assert claim(any_database, limit=1) == [young]


def test_a_row_is_not_claimed_before_it_is_due(any_database: Database) -> None:
    (later,) = queued(any_database, "a", due_in=30)

    assert claim(any_database) == []
    with clock.travel(timedelta(seconds=31)):
        assert claim(any_database) == [later]


def test_no_more_are_claimed_than_there_is_room_for(any_database: Database) -> None:
    for number in range(10):
        queued(any_database, f"{number}", stream=f"{number}")

    assert len(claim(any_database, limit=4)) == 4


def test_a_claimed_row_carries_the_epoch_and_a_lease(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=7)
    claimed = row(any_database, row_id)

    assert (claimed.state, claimed.lease_epoch) == (OutboxState.LEASED, 7)
    assert claimed.lease_until is not None
    assert 0 < (claimed.lease_until - clock.utcnow()).total_seconds() <= rows.LEASE


def test_a_paused_chat_waits_and_others_go_on(any_database: Database) -> None:
    with any_database.write() as session:
        claims.postpone_chat(session, 1001, clock.utcnow() + timedelta(seconds=60))
    queued(any_database, "a", chat_id=1001)
    (other,) = queued(any_database, "b", chat_id=1002)

    assert claim(any_database) == [other]
    with clock.travel(timedelta(seconds=61)):
        assert len(claim(any_database)) == 1


def test_a_pause_is_never_shortened(any_database: Database) -> None:
    late, early = (clock.utcnow() + timedelta(seconds=s) for s in (60, 5))
    with any_database.write() as session:
        claims.postpone_chat(session, 1001, late)
        claims.postpone_chat(session, 1001, early)
    paused = rows.chat(any_database, 1001)

    assert paused is not None
    assert paused.ready_at == late


def test_a_chat_that_may_not_be_written_to_yet_is_put_off_in_the_database_too(any_database: Database) -> None:
    queued(any_database, "a")
    with any_database.write() as session:
        claimed = claims.claim(session, 1, room=claims.Room(10), row_lease=rows.LEASE, admit=lambda _chat: 0.7)

    assert claimed.ids == []
    assert claimed.wait == pytest.approx(0.7)
    assert claim(any_database) == []
    with clock.travel(timedelta(seconds=0.8)):
        assert len(claim(any_database)) == 1


def test_what_must_wait_does_not_hide_what_need_not(any_database: Database) -> None:
    for number in range(5):
        queued(any_database, f"slow {number}", chat_id=1001, stream=f"s{number}")
    (other,) = queued(any_database, "other", chat_id=1002)
    with any_database.write() as session:
        claimed = claims.claim(
            session, 1, room=claims.Room(3), row_lease=20, admit=lambda chat: 1.0 if chat == 1001 else 0.0
        )

    assert claimed.more, "the limit cut it short: another look is worth while at once"
    assert claim(any_database) == [other]


def test_unreachable_chats_end_without_a_call_and_the_desk_sees_it(any_database: Database) -> None:
    with any_database.write() as session:
        session.add(Chat(chat_id=1001, unreachable="blocked"))
    (row_id,) = queued(any_database, "a")
    before = revision(any_database)

    assert claim(any_database) == []
    ended = row(any_database, row_id)
    assert (ended.state, ended.reason_code) == (OutboxState.UNREACHABLE, ReasonCode.BLOCKED)
    assert revision(any_database) > before


def test_an_expired_row_is_not_sent_and_says_so(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    with clock.travel(spec_of(rows.HELP).expires + timedelta(seconds=1)):
        assert claim(any_database) == []
        with any_database.write() as session:
            assert claims.expire(session) == 1

    assert row(any_database, row_id).state is OutboxState.EXPIRED


def test_a_row_on_the_wire_does_not_expire(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id)
    with clock.travel(timedelta(days=30)), any_database.write() as session:
        assert claims.expire(session) == 0


def test_it_knows_when_the_next_row_is_due(any_database: Database) -> None:
    with any_database.read() as session:
        assert claims.next_due(session) is None
    queued(any_database, "a", due_in=30)
    with any_database.read() as session:
        assert claims.next_due(session) == pytest.approx(30, abs=2)
        assert not claims.is_anything_due(session)
