"""The order index is written anew when the folding has changed: all of it, once, while the station works."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import selectinload

from common import clock, order_index
from common.catalogue import catalogue
from common.database import schema
from common.database.engine import Database
from common.database.models import CarWord, Order, OrderIndex, OrderWord, Part
from common.finding import order_filters, order_search
from common.operation.reindexing import is_current, reindex
from common.orders.placing import WantedLine
from common.settings.config import StationSettings
from tests.common.database.migrations.stations import FILES, arrive
from tests.support.cast import DIMA, hire
from tests.support.seed import SMALL
from tests.webapp.desks import line, place

# What each version files this text under, as a digest.
SAMPLE = "Масляный фильтр, ёлочка 5W-30; רפידות בלם להונדה; brake pads MANN W 712/95, Ø 18 mm"
FILED_UNDER = {1: "66ed9aff713db989"}


def find(database: Database, typed: str) -> list[int]:
    zone = StationSettings.from_env({"DATABASE_URL": "sqlite:///x"}).station_timezone
    understood = order_filters.read({"q": [typed]}, today=clock.utcnow().date(), zone=zone, reader_id=None)
    with database.read() as session:
        return order_search.find(session, understood.wanted, before=None, limit=500)


def spoil(database: Database) -> None:
    """As if another folding had written the index."""
    with database.write() as session:
        session.execute(
            update(OrderWord).where(OrderWord.word.not_like("category:%")).values(word="x" + OrderWord.word)
        )
        session.execute(delete(CarWord))
        session.execute(update(OrderIndex).values(version=0))


def test_folding_a_text_otherwise_raises_the_version() -> None:
    words = " ".join(sorted(order_index.words_in(SAMPLE) | order_index.words_of_car("1234567", None)))
    assert sha256(words.encode()).hexdigest()[:16] == FILED_UNDER[order_index.VERSION]


@pytest.mark.parametrize("revision", FILES)
def test_the_orders_of_an_older_station_are_found(empty_database: Database, revision: str) -> None:
    station = arrive(revision, empty_database)
    schema.migrate(station)
    reindex(station)
    with station.read() as session:
        assert is_current(session)
        orders = session.scalars(select(Order).options(selectinload(Order.lines), selectinload(Order.vehicle))).all()
    assert orders
    for order in orders:
        assert order.id in find(station, next(iter(order.lines[0].words.values())))
        assert order.vehicle is None or order.id in find(station, order.vehicle.key)


def test_an_order_is_filed_as_the_services_file_it(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    place(any_database, dima, line("масляный фильтр"), plate="А123ВС77", comment="Срочно " * 60 + "конец")
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        part = session.scalars(select(Part).limit(1)).one()
    place(any_database, dima, WantedLine(dict(part.names), 1, part.id, remark="левый, SKF"))
    written = filed(any_database)
    with any_database.write() as session:
        session.execute(delete(OrderWord))
        session.execute(delete(CarWord))
    assert reindex(any_database, every=True) == 4  # two orders, two cars
    assert filed(any_database) == written
    assert all(len(words) > 5 for words in written)


def filed(database: Database) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    with database.read() as session:
        orders = session.execute(select(OrderWord.order_id, OrderWord.word))
        cars = session.execute(select(CarWord.vehicle_id, CarWord.word))
        return {(owner, word) for owner, word in orders}, {(owner, word) for owner, word in cars}


def test_words_of_another_folding_are_replaced_and_categories_stay(any_database: Database) -> None:
    order = place(any_database, hire(any_database, DIMA), line("масляный фильтр"), plate="1234567", comment="срочно")
    with any_database.write() as session:
        session.execute(insert(OrderWord).values(order_id=order.id, word="category:77"))
    spoil(any_database)
    assert find(any_database, "срочно") == find(any_database, "345") == []
    assert reindex(any_database) == 2  # an order and its car
    assert find(any_database, "срочно") == find(any_database, "масляный") == find(any_database, "345") == [order.id]
    with any_database.read() as session:
        words = set(session.scalars(select(OrderWord.word)))
    assert "category:77" in words
    assert not [word for word in words if word.startswith("x")]


def test_a_current_index_is_left_alone_unless_asked(any_database: Database) -> None:
    place(any_database, hire(any_database, DIMA), plate="1234567")
    assert reindex(any_database) == 0
    assert reindex(any_database, every=True) == 2


def test_an_interrupted_run_is_gone_on_with(any_database: Database) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    order = place(any_database, hire(any_database, DIMA), comment="срочно", plate="1234567")
    spoil(any_database)
    with pytest.raises(KeyboardInterrupt):
        reindex(any_database, pause=interrupt)
    assert find(any_database, "срочно") == [order.id]
    with any_database.read() as session:
        assert not is_current(session)
        assert not session.scalar(select(func.count()).select_from(CarWord))
    assert reindex(any_database) == 1  # the car
    assert find(any_database, "1234567") == [order.id]


def test_orders_are_placed_and_found_meanwhile(any_database: Database) -> None:
    def place_one(_: float) -> None:
        if not placed:
            placed.append(place(any_database, dima, comment="meanwhile").id)

    dima, placed = hire(any_database, DIMA), list[int]()
    before = place(any_database, dima, comment="earlier", plate="1234567")
    spoil(any_database)
    reindex(any_database, pause=place_one)
    assert placed
    assert find(any_database, "meanwhile") == placed
    assert find(any_database, "earlier") == [before.id]
