"""The outbox: one row a key, newer states in the place of older ones, repairs by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from common import clock
from common.database.engine import Database, revision
from common.database.models import OutboxRow, OutboxState, ReasonCode
from common.errors import NotFound
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
from common.messaging.message_spec import Family
from tests.support.examples import example

CHAT = 1001


def put(
    database: Database, key: str, kind: MessageKind = MessageKind.CARD, collapse_key: str | None = None
) -> int | None:
    with database.write() as session:
        return outbox.enqueue(
            session,
            key=key,
            kind=kind,
            chat_id=CHAT,
            stream=outbox.order_stream(1, CHAT),
            collapse_key=collapse_key,
            arguments=example(kind, text="нет"),
        )


def at(database: Database, row_id: int | None, **values: object) -> None:
    """Make a row what a dispatcher made of it."""
    with database.write() as session:
        row = session.get_one(OutboxRow, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def rows(database: Database) -> list[OutboxRow]:
    with database.read() as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def states(database: Database) -> list[OutboxState]:
    return [row.state for row in rows(database)]


def test_a_row_carries_its_kinds_priority_and_expiry(any_database: Database) -> None:
    put(any_database, "a", MessageKind.NOTICE_READY)
    (row,) = rows(any_database)
    assert (row.state, row.channel, row.priority, row.attempts) == (OutboxState.PENDING, "telegram", 10, 0)
    assert row.expires_at - row.due_at == spec_of(MessageKind.NOTICE_READY).expires
    assert row.arguments == example(MessageKind.NOTICE_READY, text="нет").stored()


def test_the_same_key_a_second_time_is_nothing(any_database: Database) -> None:
    first = put(any_database, "event:7:1001:notice.ready", MessageKind.NOTICE_READY)
    assert first is not None
    assert put(any_database, "event:7:1001:notice.ready", MessageKind.NOTICE_READY) is None
    assert len(rows(any_database)) == 1


def test_ten_changes_while_telegram_was_slow_are_one_edit(any_database: Database) -> None:
    for number in range(10):
        put(any_database, f"event:{number}", collapse_key="card:1:1001")
    assert states(any_database) == [OutboxState.SUPERSEDED] * 9 + [OutboxState.PENDING]


def test_what_is_already_on_its_way_is_not_superseded(any_database: Database) -> None:
    for number, state in enumerate((OutboxState.LEASED, OutboxState.SENDING, OutboxState.SENT, OutboxState.HELD)):
        at(any_database, put(any_database, f"event:{number}", collapse_key="card:1:1001"), state=state)
    put(any_database, "event:9", collapse_key="card:1:1001")
    assert OutboxState.SUPERSEDED not in states(any_database)


def test_another_collapse_key_is_another_message(any_database: Database) -> None:
    put(any_database, "a", collapse_key="card:1:1001")
    put(any_database, "b", collapse_key="card:2:1001")
    put(any_database, "c")
    assert states(any_database) == [OutboxState.PENDING] * 3


def test_what_was_ambiguous_stays_so_on_the_row_that_takes_its_place(any_database: Database) -> None:
    at(any_database, put(any_database, "a", collapse_key="card:1:1001"), ambiguous=2)
    put(any_database, "b", collapse_key="card:1:1001")
    put(any_database, "c", collapse_key="card:1:1001")
    assert [(row.state, row.ambiguous) for row in rows(any_database)][-1] == (OutboxState.PENDING, 2)


def test_a_newer_state_takes_its_predecessors_place_in_the_queue(any_database: Database) -> None:
    put(any_database, "a", collapse_key="screen:1001")
    put(any_database, "another")
    put(any_database, "b", collapse_key="screen:1001")
    put(any_database, "c", collapse_key="screen:1001")
    a, _, _, c = rows(any_database)
    assert c.due_at == a.due_at


def test_an_old_key_that_comes_again_takes_no_newer_state_away(any_database: Database) -> None:
    put(any_database, "event:1", collapse_key="card:1:1001")
    put(any_database, "event:2", collapse_key="card:1:1001")
    assert put(any_database, "event:1", collapse_key="card:1:1001") is None
    assert states(any_database) == [OutboxState.SUPERSEDED, OutboxState.PENDING]


@pytest.mark.parametrize("state", sorted(outbox.REPAIRABLE))
def test_a_person_may_send_again_what_failed_or_is_unknown(any_database: Database, state: OutboxState) -> None:
    row_id = put(any_database, "a", MessageKind.NOTICE_READY)
    at(
        any_database,
        row_id,
        state=state,
        attempts=9,
        ambiguous=2,
        reason_code=ReasonCode.REFUSED,
        reason_detail="why",
        expires_at=clock.utcnow(),
    )
    with any_database.write() as session:
        outbox.resend(session, row_id or 0)
    (row,) = rows(any_database)
    assert (row.state, row.attempts, row.reason_code, row.reason_detail) == (OutboxState.PENDING, 0, None, "")
    assert row.expires_at > clock.utcnow() + spec_of(MessageKind.NOTICE_READY).expires - timedelta(minutes=1)
    assert row.ambiguous == 2  # it may have arrived before, and stays marked


@pytest.mark.parametrize("state", sorted(set(OutboxState) - set(outbox.REPAIRABLE)))
def test_nothing_else_is_sent_again(any_database: Database, state: OutboxState) -> None:
    row_id = put(any_database, "a")
    at(any_database, row_id, state=state)
    with pytest.raises(NotFound), any_database.write() as session:
        outbox.resend(session, row_id or 0)
    assert states(any_database) == [state]


def test_a_person_may_say_that_an_unknown_message_arrived(any_database: Database) -> None:
    row_id = put(any_database, "a", MessageKind.CHAT)
    at(any_database, row_id, state=OutboxState.HELD, ambiguous=1)
    with any_database.read() as session:
        before = revision(session)
    with any_database.write() as session:
        outbox.mark_arrived(session, row_id or 0)
    (row,) = rows(any_database)
    assert (row.state, row.ambiguous, row.reason_code) == (OutboxState.SENT, 1, ReasonCode.CONFIRMED)
    assert row.sent_at is not None
    with any_database.read() as session:
        assert revision(session) == before + 1


def test_what_surely_failed_cannot_have_arrived(any_database: Database) -> None:
    row_id = put(any_database, "a")
    at(any_database, row_id, state=OutboxState.FAILED)
    for unknown in (row_id or 0, 404):
        with pytest.raises(NotFound), any_database.write() as session:
            outbox.mark_arrived(session, unknown)


def test_every_state_but_superseded_has_a_receipt() -> None:
    assert set(OutboxState) - set(outbox.RECEIPTS) == {OutboxState.SUPERSEDED}
    assert set(outbox.RECEIPTS.values()) == {"queued", "sent", "failed", "unreachable", "unknown"}


def test_the_depth_counts_what_waits_and_knows_the_oldest(any_database: Database) -> None:
    with any_database.read() as session:
        assert outbox.depth(session) == (0, timedelta(0))
    with clock.travel(timedelta(minutes=-5)):
        put(any_database, "a")
    at(any_database, put(any_database, "b"), state=OutboxState.SENDING)
    at(any_database, put(any_database, "c"), state=OutboxState.FAILED)
    with any_database.read() as session:
        count, age = outbox.depth(session)
    assert count == 2
    assert timedelta(minutes=5) <= age < timedelta(minutes=6)


def test_what_is_due_later_does_not_wait_yet(any_database: Database) -> None:
    with any_database.write() as session:
        outbox.enqueue(
            session, key="a", kind=MessageKind.CARD, chat_id=1, stream="s", due_at=clock.utcnow() + timedelta(hours=1)
        )
    with any_database.read() as session:
        assert outbox.depth(session) == (1, timedelta(0))


def test_an_orders_messages_are_those_people_should_see(any_database: Database) -> None:
    with any_database.read() as session:
        assert outbox.of_order(session, 404) == []


def test_streams_are_a_chats_own_and_each_orders_in_it() -> None:
    assert outbox.chat_stream(7) == "chat:7"
    assert outbox.order_stream(3, 7) == "order:3:7"


def test_every_kind_of_message_says_what_an_ambiguous_send_means() -> None:
    for kind in MessageKind:
        family = kind.spec.family
        wanted = {Family.NOTICE: 1, Family.CHAT: 0, Family.TIDY: None, Family.AMENDMENT: None}.get(family, 2)
        assert kind.spec.repeats == wanted, kind
        assert kind.spec.about.endswith(".")
        assert len(kind) <= 40


def test_the_words_are_kept_where_people_may_ask_what_was_said() -> None:
    for kind in MessageKind:
        assert kind.spec.keeps_text == (kind.spec.family in (Family.CARD, Family.NOTICE, Family.CHAT)), kind
