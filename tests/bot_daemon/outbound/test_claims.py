"""Whose turn it is: heads of streams, urgency, pauses, expiry, leases of the living and of the dead."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.orm import Session

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.outbound import claims, results
from common import clock
from common.database import engine as database
from common.database.engine import Database
from common.database.models import Chat, Delivery, OutboxRow, OutboxState, ReasonCode
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
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
        claimed = claims.claim(session, 1, limit=10, row_lease=rows.LEASE, admit=lambda _chat: 0.7)

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
        claimed = claims.claim(session, 1, limit=3, row_lease=20, admit=lambda chat: 1.0 if chat == 1001 else 0.0)

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


# Fencing and rescue ---------------------------------------------------------------------------------------------------


def test_an_old_epoch_stamps_nothing(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=2)

    assert rows.stamp(any_database, [row_id], epoch=1) == []
    assert row(any_database, row_id).state is OutboxState.LEASED


def test_a_result_of_an_old_epoch_changes_nothing(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    old = sending(any_database, row_id, epoch=1)
    rescue(any_database, epoch=2, later=rows.LEASE + 1)
    with clock.travel(timedelta(seconds=rows.LEASE + 60)):
        sending(any_database, row_id, epoch=2)
    with any_database.write() as session:
        recorded = results.record(session, [results.SendResult(old, Sent(5), 10)], epoch=1)

    assert recorded == [False]
    assert row(any_database, row_id).state is OutboxState.SENDING
    assert row(any_database, row_id).lease_epoch == 2


def rescue(of: Database, epoch: int, later: float = 0.0, in_flight: frozenset[int] = frozenset()) -> int:
    with clock.travel(timedelta(seconds=later)), of.write() as session:
        return claims.rescue_rows(session, epoch, in_flight)


def test_what_a_dead_epoch_had_leased_comes_back_at_once(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=1)

    assert rescue(any_database, epoch=2) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.attempts, rescued.ambiguous) == (OutboxState.PENDING, 0, 0)


def test_what_a_dead_epoch_was_sending_waits_for_its_own_lease(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=2) == 0
    assert row(any_database, row_id).state is OutboxState.SENDING
    assert rescue(any_database, epoch=2, later=rows.LEASE + 1) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.ambiguous) == (OutboxState.PENDING, 1)


def test_what_this_epoch_is_sending_is_left_alone(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1, in_flight=frozenset({row_id})) == 0
    assert row(any_database, row_id).state is OutboxState.SENDING


def test_what_this_epoch_claimed_and_could_not_stamp_comes_back(any_database: Database) -> None:
    """The database failed between the two transactions: nobody holds the row, and its stream must not wait for ever."""
    (row_id,) = queued(any_database, "a")
    claim(any_database, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1) == 1
    assert row(any_database, row_id).state is OutboxState.PENDING


def test_what_this_epoch_sent_without_writing_the_result_comes_back_as_ambiguous(any_database: Database) -> None:
    (row_id,) = queued(any_database, "a")
    sending(any_database, row_id, epoch=1)

    assert rescue(any_database, epoch=1, later=rows.LEASE + 1) == 1
    rescued = row(any_database, row_id)
    assert (rescued.state, rescued.ambiguous) == (OutboxState.PENDING, 1)


# What an ambiguous attempt means, by kind -----------------------------------------------------------------------------


def ambiguous(of: Database, row_id: int, method: str, times: int) -> list[str]:
    """The row's state after each of so many ambiguous attempts."""
    seen = []
    for _ in range(times):
        with of.write() as session:
            session.add(Delivery(outbox_id=row_id, epoch=1, at=clock.utcnow(), method=method))
            session.flush()
            claims.record_ambiguous(session, session.get_one(OutboxRow, row_id), ReasonCode.NETWORK)
        seen.append(row(of, row_id).state.value)
    return seen


P, H = "pending", "held"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (MessageKind.REPLY_HELP, [P, P, H]),
        (MessageKind.SCREEN, [P, P, H]),
        (MessageKind.CARD, [P, P, H]),
        (MessageKind.NOTICE_READY, [P, H]),
        (MessageKind.NOTICE_CANCELLED, [P, H]),
        (MessageKind.CHAT, [H]),
    ],
)
def test_a_new_message_is_repeated_as_often_as_its_kind_allows(
    any_database: Database, kind: str, wanted: list[str]
) -> None:
    (row_id,) = queued(any_database, "a", kind=kind)

    assert ambiguous(any_database, row_id, "sendMessage", len(wanted)) == wanted
    assert row(any_database, row_id).ambiguous == len(wanted)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (MessageKind.CARD, "editMessageText"),
        (MessageKind.SCREEN, "editMessageText"),
        (MessageKind.SCREEN_REMOVED, "deleteMessage"),
    ],
)
def test_edits_and_deletions_repeat_freely_and_are_never_duplicates(
    any_database: Database, kind: str, method: str
) -> None:
    (row_id,) = queued(any_database, "a", kind=kind)

    assert ambiguous(any_database, row_id, method, 6) == [P] * 6
    assert row(any_database, row_id).ambiguous == 0


def test_every_kind_says_what_an_ambiguous_attempt_means() -> None:
    new_messages = [kind.spec for kind in MessageKind if kind.spec.family not in ("tidy", "amendment")]

    assert all(kind.repeats is not None and kind.repeats <= 2 for kind in new_messages)
    assert {kind.repeats for kind in new_messages if kind.family == "notice"} == {1}
    assert {kind.repeats for kind in new_messages if kind.family == "chat"} == {0}


# Two at once ----------------------------------------------------------------------------------------------------------


def test_two_claimers_never_get_the_same_row_nor_two_rows_of_a_stream(any_database_url: str) -> None:
    streams, length = 12, 4
    ours = Database(any_database_url)
    with ours.write() as session:
        for number in range(streams * length):
            rows.queue(session, f"{number}", stream=f"s{number % streams}", chat_id=1000 + number % streams)
    taken: list[int] = []
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def work(epoch: int) -> None:
        own = Database(any_database_url)
        try:
            start.wait(10)
            for _ in range(60):
                ids = claim(own, epoch, limit=3)
                taken.extend(ids)
                assert_one_in_flight_per_stream(own)
                for outgoing in rows.stamp(own, ids, epoch):
                    with own.write() as session:
                        assert results.record(session, [results.SendResult(outgoing, Sent(1), 1)], epoch) == [True]
        except BaseException as error:
            failures.append(error)
        finally:
            own.dispose()

    threads = [threading.Thread(target=work, args=(epoch,)) for epoch in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert sorted(taken) == sorted(set(taken)), "a row was claimed twice"
    assert set(rows.states(ours).values()) == {"sent"}
    assert_order_kept(ours)
    ours.dispose()


def assert_one_in_flight_per_stream(of: Database) -> None:
    busiest = (
        "SELECT max(n) FROM (SELECT count(*) AS n FROM outbox WHERE state IN ('leased','sending') GROUP BY stream) s"
    )
    with of.read() as session:
        assert (session.scalar(text(busiest)) or 0) <= 1


def assert_order_kept(of: Database) -> None:
    """Within a stream the attempts were made in the order of the rows."""
    with of.read() as session:
        seen = session.execute(
            text("SELECT o.stream, o.id FROM delivery d JOIN outbox o ON o.id = d.outbox_id ORDER BY d.at, d.id")
        ).all()
    last: dict[str, int] = {}
    for stream, row_id in seen:
        assert last.get(stream, 0) < row_id
        last[stream] = row_id


# Plans ----------------------------------------------------------------------------------------------------------------


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """Every statement on the outbox that is run meanwhile."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if "outbox" in statement and not statement.startswith("INSERT"):
            seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(session: Session, statement: str, parameters: object) -> str:
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    found = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)  # type: ignore[arg-type]
    return "\n".join(str(line) for line in found)


def much_finished(session: Session, finished: int) -> None:
    now = clock.utcnow()
    common = {
        "channel": "telegram", "kind": rows.HELP, "arguments": {}, "priority": 0, "attempts": 1, "ambiguous": 0,
        "created_at": now, "due_at": now - timedelta(seconds=5), "expires_at": now + timedelta(hours=1),
    }  # fmt: skip
    session.execute(
        insert(OutboxRow),
        [
            {**common, "key": f"f{n}", "stream": f"s{n % 300}", "chat_id": n % 300 + 1, "state": OutboxState.SENT}
            for n in range(finished)
        ],
    )


def test_with_20_000_finished_rows_every_look_uses_the_partial_indexes(any_database: Database) -> None:
    with any_database.write() as session:
        much_finished(session, 20_000)
        for number in range(300):
            rows.queue(session, f"p{number}", stream=f"s{number}", chat_id=number + 1)
    with any_database.write() as session:
        if not any_database.is_sqlite:  # autovacuum does; SQLite plans without statistics here, as in production
            session.execute(text("ANALYZE outbox"))
    with statements(any_database.engine) as seen, any_database.write() as session:
        claims.is_anything_due(session)
        claims.next_due(session)
        claims.rescue_rows(session, 2)
        claims.expire(session)
        assert claims.claim(session, 1, limit=8, row_lease=20, admit=lambda _chat: 0.0).ids

    with any_database.read() as session:
        looks = [s for s in seen if not (s[0].startswith("UPDATE") and "outbox.id = " in s[0])]
        plans = [plan(session, *look) for look in looks]
    assert len(plans) == 5
    for look in plans:
        assert "ix_outbox" in look, look
        assert "Seq Scan on outbox" not in look, look
        assert not re.search(r"SCAN (outbox|other)\b(?! USING)", look), look
    assert "ix_outbox_stream" in plans[-1]
    assert any_database.is_sqlite or "ix_outbox_due" in plans[-1]  # SQLite may take the one on state, and sort
