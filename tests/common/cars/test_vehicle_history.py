"""What is remembered of cars: whose they were last, and what they got."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.cars import vehicle_history, vehicles
from common.catalogue import catalogue
from common.database.engine import Database
from common.database.models import Order, Part, Person
from common.orders import moves, placing
from common.orders.moves import Move
from common.orders.placing import WantedLine
from tests.support.cast import DIMA, NOA, RINA, acts, hire
from tests.support.seed import SMALL


@pytest.fixture
def session(any_database: Database) -> Iterator[Session]:
    for member in (DIMA, NOA, RINA):
        hire(any_database, member)
    with any_database.write() as session:
        catalogue.load(session, SMALL)
        yield session


def person(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def place(session: Session, name: str, plate: str, *wanted: str) -> Order:
    """An order of somebody for a car, with these parts (or free words)."""
    parts = {part.code: part for part in session.scalars(select(Part))}
    lines = [
        WantedLine(dict(parts[code].names), 1, parts[code].id) if code in parts else WantedLine({"": code})
        for code in wanted or ("a bolt",)
    ]
    who = person(session, name)
    order, _new = placing.place_order(
        session,
        key=f"key-{name}-{plate}-{len(session.scalars(select(Order)).all())}",
        person=who,
        lines=lines,
        actor=acts(who),
        vehicle=vehicles.remember(session, vehicles.read_vehicle(plate)) if plate else None,
    )
    return order


def test_recent_cars_are_ones_own_each_once_the_last_one_first(session: Session) -> None:
    for name, plate in (("Dima", "1111111"), ("Dima", "2222222"), ("Noa", "3333333"), ("Dima", "11-111-11")):
        place(session, name, plate)
    place(session, "Dima", "")
    dima = person(session, "Dima").id
    assert [car.key for car in vehicle_history.recent_vehicles(session, dima)] == ["1111111", "2222222"]
    assert [car.key for car in vehicle_history.recent_vehicles(session, dima, limit=1)] == ["1111111"]


def test_the_same_car_again_is_offered_for_an_hour(session: Session) -> None:
    dima, noa = person(session, "Dima").id, person(session, "Noa").id
    assert vehicle_history.same_car_again(session, dima) is None
    order = place(session, "Dima", "12345678")
    with clock.travel(timedelta(minutes=59)):
        used = vehicle_history.same_car_again(session, dima)
        assert used == vehicle_history.RecentUse(order.vehicle, order.created_at)  # type: ignore[arg-type]
        assert vehicle_history.same_car_again(session, noa) is None
    with clock.travel(timedelta(minutes=61)):
        assert vehicle_history.same_car_again(session, dima) is None


def test_an_order_without_a_car_came_after_it(session: Session) -> None:
    place(session, "Dima", "12345678")
    place(session, "Dima", "")
    assert vehicle_history.same_car_again(session, person(session, "Dima").id) is None


def test_a_cars_last_orders_are_everybodys_with_their_lines(session: Session) -> None:
    placed = [place(session, name, "12345678", "oil_filter", "болт") for name in ("Dima", "Noa", "Dima")]
    place(session, "Dima", "7654321")
    car = placed[0].vehicle_id
    assert car is not None
    found = vehicle_history.last_orders(session, car)
    assert [order.id for order in found] == [order.id for order in reversed(placed)]
    assert [line.words.get("") for line in found[0].lines] == [None, "болт"]
    assert vehicle_history.last_orders(session, car, limit=1, before=placed[1].id) == [placed[0]]


def test_the_same_part_before_is_the_newest_that_was_not_cancelled(session: Session) -> None:
    first = place(session, "Dima", "12345678", "oil_filter", "air_filter")
    second = place(session, "Noa", "12345678", "oil_filter")
    cancelled = place(session, "Dima", "12345678", "oil_filter", "battery")
    place(session, "Dima", "7654321", "air_filter")
    rina = acts(person(session, "Rina"))
    moves.move_order(session, rina, cancelled.id, Move.CANCEL, expected_version=1, reason="a mistake")
    now = place(session, "Dima", "12345678", "oil_filter", "air_filter", "battery")
    wanted = [line.part_id for line in now.lines if line.part_id]
    assert now.vehicle_id is not None
    before = vehicle_history.same_parts_before(session, now.vehicle_id, wanted, before=now.id)
    assert {part_id: line.order for part_id, line in before.items()} == {wanted[0]: second, wanted[1]: first}
    assert vehicle_history.same_parts_before(session, now.vehicle_id, []) == {}
