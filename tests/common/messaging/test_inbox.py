"""The inbox: whatever comes is one row, once, however hostile."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from common import clock
from common.database.engine import Database
from common.database.models import InboxRow, InboxState
from common.errors import NotFound
from common.messaging import attempts, inbox
from common.messaging.attempts import Attempt
from common.messaging.inbox import MAX_ID, MAX_UPDATE_ID, UNREADABLE, ReceivedUpdate, read_envelope

BOT = 700100200


def update(update_id: int, sender: int = 1001, **more: Any) -> bytes:
    message = {"message_id": 1, "from": {"id": sender}, "chat": {"id": sender, "type": "private"}, "text": "привет"}
    return json.dumps({"update_id": update_id, "message": message} | more).encode()


def press(update_id: int, sender: int = 1001) -> bytes:
    query = {"id": "1", "from": {"id": sender}, "message": {"chat": {"id": -100}}, "data": "new"}
    return json.dumps({"update_id": update_id, "callback_query": query}).encode()


def record(database: Database, *bodies: bytes, bot_id: int = BOT) -> int:
    with database.write() as session:
        return inbox.record(session, bot_id, [read_envelope(body) for body in bodies])


def stored(database: Database) -> list[InboxRow]:
    with database.read() as session:
        return list(session.scalars(select(InboxRow).order_by(InboxRow.seq)))


@pytest.mark.parametrize(
    ("body", "kind", "lane"),
    [
        (update(1), "message", "u:1001"),
        (press(1), "callback_query", "u:1001"),
        (b'{"update_id":1,"channel_post":{"chat":{"id":-1001234567890}}}', "channel_post", "c:-1001234567890"),
        (b'{"update_id":1,"callback_query":{"message":{"chat":{"id":7}}}}', "callback_query", "c:7"),
        (b'{"poll":{"id":"5"},"update_id":1}', "poll", "other"),
        (b'{"update_id":1}', "empty", "other"),
        (b'{"update_id":1,"message":null}', "message", "other"),
        (b'{"update_id":1,"message":{"from":{"id":"1"},"chat":{"id":true}}}', "message", "other"),
        (b'{"update_id":1,"a\\u0000b":{}}', "unknown", "other"),
    ],
)
def test_the_envelope_names_kind_and_lane(body: bytes, kind: str, lane: str) -> None:
    assert read_envelope(body) == ReceivedUpdate(body, 1, kind, lane)


def test_one_persons_messages_and_presses_share_a_lane_wherever_they_come_from() -> None:
    assert read_envelope(update(1)).lane == read_envelope(press(2)).lane


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"update_id":"1"}',
        b'{"update_id":true}',
        b'{"update_id":-1}',
        b'{"update_id":1.0}',
        b'{"update_id":2147483648}',
        b"{}",
        b"[" * 100_000,
        b'{"update_id":1,"x":"\\ud800"}',
    ],
)
def test_what_cannot_be_read_says_so_and_why(body: bytes) -> None:
    received = read_envelope(body)
    assert (received.update_id, received.kind, received.lane) == (None, UNREADABLE, UNREADABLE)
    assert received.fault


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
hostile = st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode())
nearly = st.fixed_dictionaries(
    {"update_id": st.integers() | json_values},
    optional={
        name: json_values | st.fixed_dictionaries({"from": json_values, "chat": json_values, "message": json_values})
        for name in ("message", "edited_message", "callback_query", "my_chat_member")
    },
).map(lambda value: json.dumps(value).encode())


@given(body=hostile | nearly)
@example(b'{"update_id":1,"message":{"from":{"id":9007199254740993}}}')
@example(b'{"update_id":123456789012345678901234567890}')
def test_no_body_makes_the_envelope_raise_and_all_that_it_says_fits_its_columns(body: bytes) -> None:
    received = read_envelope(body)
    assert received.body == body
    assert 1 <= len(received.kind) <= 40
    assert received.kind.isascii()
    assert 1 <= len(received.lane) <= 32
    assert received.update_id is None or 0 <= received.update_id <= MAX_UPDATE_ID
    prefix, _, number = received.lane.partition(":")
    assert not number or (prefix in "uc" and abs(int(number)) <= MAX_ID)


def test_hostile_bodies_are_stored_byte_by_byte(any_database: Database) -> None:
    bodies = [b"\x00\xff", b'{"update_id":1,"a\\u0000":{}}', b"", b'{"update_id":2,"message":"\xd7\xa9"}', b"[" * 9999]
    assert record(any_database, *bodies) == len(bodies)
    assert {row.body for row in stored(any_database)} == set(bodies)


def test_the_same_update_three_times_is_one_row(any_database: Database) -> None:
    assert record(any_database, update(5), update(5)) == 1
    assert record(any_database, update(5)) == 0
    (row,) = stored(any_database)
    assert (row.state, row.attempts, row.body, row.update_id) == (InboxState.RECEIVED, 0, update(5), 5)


def test_another_bots_update_of_the_same_number_is_another(any_database: Database) -> None:
    assert record(any_database, update(5)) == 1
    assert record(any_database, update(5), bot_id=BOT + 1) == 1


def test_lower_numbers_are_taken_after_higher_ones(any_database: Database) -> None:
    assert record(any_database, update(900)) + record(any_database, update(3)) == 2


def test_a_thousand_at_once_are_a_thousand_rows_in_their_order(any_database: Database) -> None:
    assert record(any_database, *(update(number) for number in range(1000, 2000))) == 1000
    assert [row.update_id for row in stored(any_database)] == list(range(1000, 2000))


def test_what_cannot_be_read_is_quarantined_with_its_digest_once(any_database: Database) -> None:
    assert record(any_database, b"nonsense", update(1), b"nonsense") == 2
    assert record(any_database, b"nonsense") == 0
    row = next(row for row in stored(any_database) if row.kind == UNREADABLE)
    assert (row.state, row.body, row.update_id) == (InboxState.QUARANTINED, b"nonsense", None)
    assert row.error is not None
    assert row.error.startswith("not JSON")


def test_a_done_row_gives_its_body_away_and_is_done_once(any_database: Database) -> None:
    record(any_database, update(1))
    (row,) = stored(any_database)
    for first in (True, False):
        with any_database.write() as session:
            assert inbox.mark_done(session, row.seq, "handled") is first
    (row,) = stored(any_database)
    assert (row.state, row.outcome, row.body) == (InboxState.DONE, "handled", None)
    assert row.done_at is not None


def test_a_replayed_update_runs_as_if_it_had_just_come(any_database: Database) -> None:
    record(any_database, update(1))
    (row,) = stored(any_database)
    with any_database.write() as session:
        attempts.raised(session, Attempt(row.seq, 1), "boom", most=1)
    with any_database.write() as session:
        inbox.replay(session, row.seq)
    (row,) = stored(any_database)
    assert (row.state, row.attempts, row.done_at, row.body) == (InboxState.RECEIVED, 0, None, update(1))
    assert row.error is None


def test_what_is_not_in_quarantine_or_cannot_be_read_is_not_replayed(any_database: Database) -> None:
    record(any_database, update(1), b"nonsense")
    for seq in [row.seq for row in stored(any_database)] + [404]:
        with pytest.raises(NotFound), any_database.write() as session:
            inbox.replay(session, seq)


def test_quarantine_is_listed_page_by_page(any_database: Database) -> None:
    record(any_database, *(b"nonsense %d" % number for number in range(5)))
    with any_database.read() as session:
        first = inbox.quarantined(session, 3)
        rest = inbox.quarantined(session, 3, after=first[-1].seq)
    assert (len(first), len(rest)) == (3, 2)


def test_the_depth_counts_what_waits_and_knows_the_oldest(any_database: Database) -> None:
    with any_database.read() as session:
        assert inbox.depth(session) == (0, 0.0)
    with clock.travel(timedelta(seconds=-90)):
        record(any_database, update(1))
    record(any_database, update(2), b"nonsense")
    with any_database.read() as session:
        count, age = inbox.depth(session)
    assert count == 2
    assert 90 <= age < 100


def test_the_bell_rings_for_what_was_recorded(any_database: Database) -> None:
    rings: list[int] = []
    any_database.on_work = lambda _work: rings.append(1)
    record(any_database, update(1))
    assert rings == [1]
