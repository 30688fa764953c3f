"""Stars and what was ordered last: the parts that are offered first."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.catalogue import catalogue, favourites
from common.database.engine import Database
from common.database.models import Part, Person
from common.orders import placing
from common.orders.placing import WantedLine
from tests.support.cast import DIMA, NOA, acts, hire
from tests.support.seed import SMALL


@pytest.fixture
def session(any_database: Database) -> Iterator[Session]:
    hire(any_database, DIMA)
    hire(any_database, NOA)
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        yield session


def person(session: Session, name: str = "Dima") -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def part(session: Session, code: str) -> Part:
    return session.scalars(select(Part).where(Part.code == code)).one()


def order(session: Session, key: str, *codes: str, name: str = "Dima") -> None:
    who, parts = person(session, name), [part(session, code) for code in codes]
    lines = [WantedLine(dict(p.names), 1, p.id) for p in parts] + [WantedLine({"": "a bolt"})]
    placing.place_order(session, key=key, person=who, lines=lines, actor=acts(who))


def codes(parts: list[Part]) -> list[str]:
    return [found.code for found in parts]


def test_a_star_set_twice_is_one_and_taken_away_twice_is_none(session: Session) -> None:
    dima, noa, battery = person(session).id, person(session, "Noa").id, part(session, "battery")
    assert favourites.star(session, dima, battery.id)
    assert favourites.star(session, dima, battery.id)
    assert codes(favourites.starred_parts(session, dima)) == ["battery"]
    assert favourites.is_starred(session, dima, battery.id)
    assert favourites.starred_parts(session, noa) == []
    for _ in range(2):
        favourites.unstar(session, dima, battery.id)
        assert favourites.starred_parts(session, dima) == []


def test_a_part_that_is_gone_gets_no_star_and_loses_its_place(session: Session) -> None:
    dima, battery, fuse = person(session).id, part(session, "battery"), part(session, "fuse")
    assert favourites.star(session, dima, battery.id)
    order(session, "one", "battery", "fuse")
    battery.archived_at = clock.utcnow()
    session.flush()
    assert favourites.starred_parts(session, dima) == []
    assert codes(favourites.recently_ordered(session, dima)) == ["fuse"]
    fuse.category.archived_at = clock.utcnow()
    session.flush()
    assert favourites.recently_ordered(session, dima) == []
    assert not favourites.star(session, dima, fuse.id)
    assert not favourites.star(session, dima, 404)


def test_there_is_a_most_of_stars(session: Session) -> None:
    dima, parts = person(session).id, list(session.scalars(select(Part).order_by(Part.id)))
    given = [favourites.star(session, dima, p.id) for p in parts]
    assert given == [True] * favourites.MAX_STARS + [False] * (60 - favourites.MAX_STARS)
    favourites.unstar(session, dima, parts[0].id)
    assert favourites.star(session, dima, parts[-1].id)


def test_what_was_ordered_last_comes_first_each_part_once(session: Session) -> None:
    order(session, "one", "battery", "fuse")
    order(session, "two", "oil_filter", "air_filter")
    order(session, "three", "battery")
    order(session, "noas", "starter", name="Noa")
    dima = person(session).id
    recent = favourites.recently_ordered(session, dima)
    assert codes(recent) == ["battery", "oil_filter", "air_filter", "fuse"]
    assert codes(favourites.recently_ordered(session, dima, limit=2)) == ["battery", "oil_filter"]


def test_two_that_set_a_star_at_once_set_one(any_database: Database) -> None:
    dima = hire(any_database, DIMA)
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        battery = part(session, "battery").id
    ready, set_ = threading.Barrier(2, timeout=20), []

    def come() -> None:
        ready.wait()
        with any_database.write() as session:
            set_.append(favourites.star(session, dima.id, battery))

    threads = [threading.Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert set_ == [True, True]
