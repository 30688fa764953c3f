"""Record, commit, then answer: over real HTTP, whatever is sent."""

from __future__ import annotations

import asyncio
import json
import threading

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot_daemon.runtime.database_thread import DatabaseThread
from common.database.models import InboxRow
from common.messaging import inbox
from common.signing import digest
from tests.bot_daemon.inbound.webhook.door import AUTHENTIC, kept, opened, update
from tests.bot_daemon.updates import inbox_states
from tests.support.waiting import eventually_async

# The promise ----------------------------------------------------------------------------------------------------------


async def test_an_update_is_answered_only_after_its_commit(thread: DatabaseThread) -> None:
    held = threading.Event()
    async with opened(thread) as door:
        blocking = asyncio.create_task(thread.call(lambda: held.wait(10), "slow"))
        await eventually_async(thread.busy_for, 5)
        posting = asyncio.create_task(door.post(update()))
        await eventually_async(lambda: thread._jobs.qsize() > 0, 5)
        assert not posting.done()
        assert kept(thread.database) == 0
        held.set()
        assert await posting == 200
        await blocking

    assert inbox_states(thread.database) == {1: "received"}


async def test_the_body_is_kept_as_it_came_and_the_answer_is_empty(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert await door.post(update()) == 200
        assert door.seen[0][1] == b""

    with thread.database.read() as session:
        row = session.scalars(select(InboxRow)).one()
        assert (row.body, row.lane, row.kind, row.bot_id) == (update(), "u:1001", "message", 7)


async def test_the_same_update_three_times_is_one_row_and_three_times_200(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert [await door.post(update()) for _ in range(3)] == [200] * 3
        together = await asyncio.gather(*(door.post(update(2)) for _ in range(10)))

    assert set(together) == {200}
    assert inbox_states(thread.database) == {1: "received", 2: "received"}


async def test_many_at_once_all_are_kept(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        statuses = await asyncio.gather(*(door.post(update(n)) for n in range(1, 201)))

    assert set(statuses) == {200}
    assert set(inbox_states(thread.database)) == set(range(1, 201))


# Unreadable -----------------------------------------------------------------------------------------------------------


UNREADABLE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"{}",
    b'{"update_id":"1"}',
    b'{"update_id":-1}',
    b"\xff\xfe\x00",
    b'{"update_id":1.5}',
    b'{"update_id":99999999999}',
    b"[" * 200_000,
    b'{"update_id":1e400}',
    b'{"update_id":true}',
    b"\0",
    b'{"update_id":1,"message":{"text":"\\ud83d"}}',
]


async def test_what_is_authentic_and_unreadable_is_kept_in_quarantine(thread: DatabaseThread) -> None:
    async with opened(thread) as door:
        assert {await door.post(body) for body in UNREADABLE * 2} == {200}

    with thread.database.read() as session:
        kept = list(session.scalars(select(InboxRow).order_by(InboxRow.seq)))
    assert [row.body for row in kept] == UNREADABLE
    assert [row.digest for row in kept] == [digest(body) for body in UNREADABLE]
    assert {row.state.value for row in kept} == {"quarantined"}
    assert all(row.error for row in kept)


async def test_a_body_that_says_it_is_compressed_is_kept_too(sqlite_thread: DatabaseThread) -> None:
    headers = {**AUTHENTIC, "Content-Encoding": "gzip"}
    async with opened(sqlite_thread) as door:
        assert await door.post(b"this is not gzip", headers) == 200

    assert kept(sqlite_thread.database) == 1


async def test_one_unreadable_body_does_not_keep_its_neighbours_out(thread: DatabaseThread) -> None:
    bodies = [update(1), b"{", update(2), b"\0", update(3)]
    async with opened(thread) as door:
        assert set(await asyncio.gather(*(door.post(body) for body in bodies))) == {200}

    assert kept(thread.database) == 5


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


someone = st.fixed_dictionaries({"id": anything | st.integers(0, 2**60)}) | anything


odd_updates = st.fixed_dictionaries(
    {"update_id": st.integers(0, 2**31 - 1) | anything},
    optional={
        "message": st.fixed_dictionaries({}, optional={"from": someone, "chat": someone, "text": anything}) | anything,
        "callback_query": st.fixed_dictionaries({}, optional={"from": someone, "message": anything}) | anything,
        "\x00 a kind nobody knows": anything,
    },
).map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))


cut = st.integers(0, 300).map(lambda at: update()[:at])


bodies = st.lists(st.binary(max_size=500) | odd_updates | cut, min_size=1, max_size=12)


@given(bodies)
async def test_no_authentic_body_is_refused_or_lost(thread: DatabaseThread, bodies: list[bytes]) -> None:
    async with opened(thread) as door:
        assert set(await asyncio.gather(*(door.post(body) for body in bodies))) == {200}

    with thread.database.read() as session:
        for body in bodies:
            received = inbox.read_envelope(body)
            same = (
                InboxRow.digest == digest(body)
                if received.update_id is None
                else (InboxRow.update_id == received.update_id)
            )
            assert session.scalar(select(func.count()).select_from(InboxRow).where(same)) == 1
