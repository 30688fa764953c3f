"""Whoever floods the bot waits for themselves: nobody else does, and nobody waits for ever."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.inbound import lanes
from bot_daemon.inbound.lanes import Lane, Lanes
from bot_daemon.runtime.database_thread import DatabaseThread
from common import clock
from common.database.engine import Database
from common.database.models import InboxRow, Person
from common.messaging import inbox
from tests.bot_daemon import rows
from tests.bot_daemon.inbound.steps import Consuming, echo, replies
from tests.bot_daemon.updates import DIMA, NOA, Body, came_in, chat, inbox_states, message, none_received, press, user
from tests.support.waiting import eventually_async

MANY = 120
GROUP = {"id": -100, "type": "group", "title": "Bay"}


def edited(number: int) -> Body:
    return {"update_id": number, "edited_message": message(number, "x")["message"]}


def blocked(number: int) -> Body:
    member = {"user": user(7), "status": "kicked"}
    change = {"chat": chat(DIMA), "from": user(DIMA), "date": 1, "old_chat_member": member, "new_chat_member": member}
    return {"update_id": number, "my_chat_member": change}


FLOODS: dict[str, Callable[[int], Body]] = {
    "texts": lambda n: message(n, "x"),
    "presses": lambda n: press(n, "x"),
    "in a group": lambda n: message(n, "x", chat=GROUP),
    "edits": edited,
    "membership": blocked,
}


async def loaded(thread: DatabaseThread) -> list[Lane]:
    """The lanes in memory after everything was looked at."""
    started: list[Lane] = []
    ours = Lanes(thread, 60.0, started.append)
    while await ours.load():
        pass
    return started


@pytest.mark.parametrize("flood", FLOODS)
async def test_one_persons_flood_keeps_nobody_elses_update_out_of_memory(thread: DatabaseThread, flood: str) -> None:
    came_in(thread.database, *(FLOODS[flood](n) for n in range(1, MANY + 1)), message(1000, "x", NOA))
    dimas, noas = await loaded(thread)

    assert (len(dimas.rows), dimas.has_more) == (lanes.MOST_OF_LANE, True)
    assert [row.update_id for row in noas.rows] == [1000]


@pytest.mark.parametrize("flood", ["texts", "presses"])
async def test_whoever_writes_into_a_flood_is_served_at_once(
    thread: DatabaseThread, consuming: Consuming, flood: str
) -> None:
    rows.mechanic(thread.database, DIMA)
    rows.mechanic(thread.database, NOA)
    came_in(thread.database, *(FLOODS[flood](n) for n in range(1, MANY + 1)), message(1000, "x", NOA))
    async with consuming(thread, echo):
        await eventually_async(none_received(thread.database), 60)

    order = replies(thread.database)
    assert order.index("u1000") <= 2, "at most the one that was being run, and one more, go before"
    assert [key for key in order if key != "u1000"] == [f"u{n}" for n in range(1, MANY + 1)], "a lane keeps its order"


async def test_what_comes_while_the_flood_is_worked_off_waits_for_its_own_lane_only(
    thread: DatabaseThread, consuming: Consuming
) -> None:
    """The update that is worked off as the twentieth brings the others in."""
    late = [inbox.read_envelope(json.dumps(one).encode()) for one in (message(1000, "x", NOA), message(2000, "x"))]

    def step(session: Session, incoming: Incoming) -> Answer:
        if incoming.update_id == 20:
            inbox.record(session, 7, late)
        return echo(session, incoming)

    came_in(thread.database, *(message(n, "x") for n in range(1, 101)))
    async with consuming(thread, step):
        await eventually_async(lambda: len(replies(thread.database)) == 102, 60)

    order = replies(thread.database)
    assert order.index("u1000") < 60, "Noa does not wait for the hundred of Dima"
    assert order[-1] == "u2000", "and Dima's own comes after them"


async def test_strangers_let_members_go_before(thread: DatabaseThread, consuming: Consuming) -> None:
    rows.mechanic(thread.database, NOA)
    strangers = [message(n, "x", 50_000 + n) for n in range(1, 121)]
    came_in(thread.database, *strangers, message(1000, "x", NOA))
    async with consuming(thread, echo):
        await eventually_async(lambda: "u1000" in replies(thread.database), 30)
        before = replies(thread.database).index("u1000")
        await eventually_async(none_received(thread.database), 60)

    assert before <= 4, "what was begun already goes before, nothing else"
    assert len(replies(thread.database)) == 121, "and no stranger waits for ever"


async def test_strangers_have_few_places_in_memory_and_members_have_all(thread: DatabaseThread) -> None:
    for number in range(70):
        rows.mechanic(thread.database, 2000 + number)
    came_in(thread.database, *(message(n, "x", 50_000 + n) for n in range(1, 201)))
    came_in(thread.database, *(message(1000 + n, "x", 2000 + n) for n in range(70)))
    found = await loaded(thread)

    assert sum(not lane.is_member for lane in found) == lanes.STRANGERS
    assert sum(lane.is_member for lane in found) == 70


async def test_who_was_let_in_is_no_stranger_any_more_and_who_is_dismissed_is_one(thread: DatabaseThread) -> None:
    noa = rows.mechanic(thread.database, NOA)
    came_in(thread.database, message(1, "x", NOA))
    assert [lane.is_member for lane in await loaded(thread)] == [True]
    archive(thread.database, noa)
    assert [lane.is_member for lane in await loaded(thread)] == [False]


def archive(database: Database, person: Person) -> None:
    with database.write() as session:
        session.get_one(Person, person.id).archived_at = clock.utcnow()


async def test_a_row_with_a_lower_number_is_found_behind_a_flood(thread: DatabaseThread, consuming: Consuming) -> None:
    """On PostgreSQL another process may commit it later."""
    database = thread.database
    came_in(database, *(message(n, "x") for n in range(1, 31)))
    with database.write() as session:
        for row in session.query(InboxRow):
            row.seq += 1000
    async with consuming(thread, echo) as consumer:
        await eventually_async(lambda: len(replies(database)) > 3, 20)
        came_in(database, message(500, "x", NOA))
        with database.write() as session:
            session.query(InboxRow).filter_by(update_id=500).one().seq = 7
        consumer.wake()
        await eventually_async(lambda: inbox_states(database)[500] == "done", 10)
        await eventually_async(none_received(database), 20)

    assert len(replies(database)) == 31
