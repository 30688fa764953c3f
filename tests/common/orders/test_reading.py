"""Orders and events as pages, the API and slips read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from common import clock
from common.database.engine import Database
from common.errors import NotFound
from common.orders import reading
from common.orders.moves import Move
from tests.support.cast import DIMA, RINA, hire
from tests.support.counter import Station

DETAILS = {"person", "owner", "vehicle", "lines"}


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def test_an_order_is_read_with_what_is_shown_with_it(station: Station) -> None:
    order_id = station.place()
    with station.database.read() as session:
        assert not DETAILS & inspect(reading.read_order(session, order_id)).unloaded


def test_an_order_that_is_not_there_is_not_found(station: Station) -> None:
    with station.database.read() as session, pytest.raises(NotFound):
        reading.read_order(session, 404)


def test_orders_are_read_newest_first_and_the_missing_left_out(station: Station) -> None:
    first, second = station.place(), station.place()
    with station.database.read() as session:
        assert [order.id for order in reading.read_orders(session, [first, 404, second])] == [second, first]


def test_changed_orders_go_on_behind_the_last_one_read(station: Station) -> None:
    first, second = station.place(), station.place()
    since = clock.utcnow() - timedelta(hours=1)
    with station.database.read() as session:
        page = reading.changed_orders(session, since, (since, 0), limit=1)
        rest = reading.changed_orders(session, since, (page[0].updated_at, page[0].id), limit=5)
    assert [order.id for order in (*page, *rest)] == [first, second]


def test_the_last_events_are_newest_first_and_those_behind_an_id_oldest_first(station: Station) -> None:
    order_id = station.place()
    station.move(order_id, Move.READY)
    with station.database.read() as session:
        newest = reading.last_events(session, order_id, limit=2)
        assert [event.version for event in newest] == [3, 2]
        assert reading.events_after(session, order_id, newest[1].id, limit=9) == [newest[0]]
        assert reading.last_events(session, order_id, limit=9, since=2) == [newest[0]]
