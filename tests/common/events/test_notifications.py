"""Who is told: every event is in the table, and the queue's places stay true."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import common
from common.counter import pickup
from common.database.engine import Database
from common.database.models import Order
from common.events import queue
from common.events.notifications import AMENDED, READERS, RECIPIENTS, Audience
from common.events.queue import PLACES
from common.messaging.kinds import KINDS, Family
from common.orders.moves import Move
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def written_words() -> Iterator[str]:
    """Every text in the sources of the service functions, but for the table itself."""
    for path in Path(common.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())) if path.stem != "notifications" else ():
            if isinstance(node, ast.Constant):
                yield str(node.value)
    yield from pickup.EVENT_KINDS.values()


def test_the_table_of_who_is_told_names_nothing_that_does_not_happen() -> None:
    # The other way round, an event that is not in the table is an error as soon as it happens.
    assert set(RECIPIENTS) <= set(written_words())
    assert set(AMENDED) <= set(RECIPIENTS)


def test_every_notice_of_the_table_is_a_kind_and_every_audience_has_readers() -> None:
    named = {notice for told in RECIPIENTS.values() for notice in told.values() if notice}
    assert all(KINDS[notice].family is Family.NOTICE for notice in named)
    assert {notice for notices in AMENDED.values() for notice in notices} <= named
    assert set(READERS) == set(Audience)


def place(station: Station, order_id: int) -> int | None:
    with station.database.read() as session:
        return queue.place_of(session, session.get_one(Order, order_id))


def test_the_first_that_came_is_first_in_the_queue(station: Station) -> None:
    first, second, third = (station.place(taken=False) for _ in range(3))
    assert [place(station, order_id) for order_id in (first, second, third)] == [1, 2, 3]
    station.move(second, Move.TAKE)
    assert [place(station, order_id) for order_id in (first, third)] == [1, 2]


def test_when_one_leaves_the_queue_only_the_cards_behind_it_say_a_new_place(station: Station) -> None:
    first, second, third = (station.place(taken=False) for _ in range(3))
    keys = {row.key for row in station.queued("card")}
    station.move(second, Move.TAKE)
    assert {row.order_id for row in station.queued("card") if row.key not in keys} == {second, third}
    assert first


def test_in_a_long_queue_only_the_first_are_told(station: Station) -> None:
    orders_there = [station.place(taken=False) for _ in range(PLACES + 3)]
    places = [place(station, order_id) for order_id in orders_there]
    assert places == list(range(1, PLACES + 4))
    keys = {row.key for row in station.queued("card")}
    station.move(orders_there[0], Move.CANCEL)
    told = {row.order_id for row in station.queued("card") if row.key not in keys}
    assert told == set(orders_there[: PLACES + 1])
