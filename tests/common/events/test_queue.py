"""The queue: an order's place among those nobody has taken, and whose cards say it."""

from __future__ import annotations

import pytest

from common.database.engine import Database
from common.database.models import Order
from common.events import queue
from common.events.queue import PLACES
from common.orders.moves import Move
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


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
