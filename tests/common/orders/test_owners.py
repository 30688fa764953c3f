"""Who is on an order: claimed, given away, let go of, by the version somebody saw."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from common.database.engine import Database
from common.database.models import Order, OutboxRow, Person
from common.errors import Forbidden, InvalidInput, StaleVersion, WrongState
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import owners
from common.orders.moves import Move
from common.people import people
from common.permissions import Actor
from tests.support.cast import AVI, DIMA, RINA, acts, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


@pytest.fixture
def boss(station: Station) -> Person:
    person = hire(station.database, AVI)
    with station.database.write() as session:
        session.get_one(Person, person.id).telegram_id = 2002
    return person


def assign(station: Station, order_id: int, person_id: int | None, actor: Actor, version: int | None = None) -> Order:
    seen = version or station.version(order_id)
    with station.database.write() as session:
        return owners.assign(session, actor, order_id, person_id, expected_version=seen)


def kinds(station: Station, order_id: int) -> list[str]:
    return [event.kind for event in station.events(order_id)]


def test_it_is_claimed_given_away_and_let_go_of(station: Station, boss: Person) -> None:
    order_id = station.place(taken=False)
    assign(station, order_id, boss.id, acts(boss))
    assign(station, order_id, station.rina.id, acts(boss))
    assign(station, order_id, None, station.desk)
    assert kinds(station, order_id)[1:] == [EventKind.ORDER_CLAIMED, EventKind.ORDER_ASSIGNED, EventKind.ORDER_RELEASED]
    given = station.events(order_id)[2]
    assert (given.arguments, given.version) == ({"before": "Avi", "owner": "Rina"}, 3)
    assert station.order(order_id).owner_id is None


def test_only_somebody_else_who_was_given_it_hears_of_it(station: Station, boss: Person) -> None:
    order_id = station.place()
    assign(station, order_id, boss.id, acts(boss))
    assign(station, order_id, station.rina.id, acts(boss))
    assign(station, order_id, boss.id, station.desk)
    with station.database.read() as session:
        told = session.scalars(select(OutboxRow.chat_id).where(OutboxRow.kind == MessageKind.NOTICE_ASSIGNED)).all()
    assert told == [2002]


def test_who_is_on_it_already_stays_and_nothing_happens(station: Station) -> None:
    order_id = station.place()
    before = station.version(order_id)
    assign(station, order_id, station.rina.id, station.desk)
    assert station.version(order_id) == before


def test_the_second_of_two_who_claim_it_is_told(station: Station, boss: Person) -> None:
    order_id = station.place(taken=False)
    assign(station, order_id, boss.id, acts(boss), version=1)
    with pytest.raises(StaleVersion):
        assign(station, order_id, station.rina.id, station.desk, version=1)
    assert station.order(order_id).owner_id == boss.id


def test_nobody_who_cannot_serve_is_on_an_order(station: Station, boss: Person) -> None:
    order_id = station.place()
    with station.database.write() as session:
        people.archive(session, acts(boss), station.rina.id)
    for person_id in (station.dima.id, station.rina.id, 999):
        with pytest.raises(InvalidInput, match="owner"):
            assign(station, order_id, person_id, acts(boss))
    with pytest.raises(Forbidden):
        assign(station, order_id, boss.id, station.mechanic)
    with station.database.read() as session:
        assert [person.name for person in owners.candidates(session)] == ["Avi"]


def test_a_closed_order_is_given_to_nobody(station: Station, boss: Person) -> None:
    order_id = station.place()
    station.move(order_id, Move.CANCEL)
    with pytest.raises(WrongState):
        assign(station, order_id, boss.id, acts(boss))
