"""Collecting: on my way or later, and somebody else with three digits."""

from __future__ import annotations

import pytest

from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.database.engine import Database
from common.database.models import Order, OrderState
from common.errors import InvalidInput, NotFound, WrongState
from common.events.kinds import EventKind
from common.orders.moves import Collector, Move
from tests.support.cast import DIMA, NOA, RINA, acts, hire
from tests.support.counter import Station


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


@pytest.fixture
def ready(station: Station) -> int:
    order_id = station.place()
    station.move(order_id, Move.READY)
    return order_id


def says(station: Station, order_id: int, plan: PickupPlan) -> None:
    with station.database.write() as session:
        pickup.announce_pickup(session, station.mechanic, order_id, plan)


def planned(station: Station, order_id: int) -> str:
    with station.database.read() as session:
        event = pickup.current_plan(session, session.get_one(Order, order_id))
        return event.kind if event else ""


def code(station: Station, order_id: int) -> str:
    with station.database.write() as session:
        return pickup.make_code(session, station.mechanic, order_id).pickup_code


def test_what_a_mechanic_says_last_is_the_plan_and_is_a_fact_once(station: Station, ready: int) -> None:
    version = station.version(ready)
    for plan in (PickupPlan.COMING, PickupPlan.COMING, PickupPlan.LATER, PickupPlan.COMING):
        says(station, ready, plan)
    assert planned(station, ready) == EventKind.PICKUP_COMING
    assert [e.kind for e in station.events(ready)][-3:] == [
        EventKind.PICKUP_COMING,
        EventKind.PICKUP_LATER,
        EventKind.PICKUP_COMING,
    ]
    assert station.version(ready) == version


def test_a_plan_is_over_when_the_order_is_not_ready_any_more(station: Station, ready: int) -> None:
    says(station, ready, PickupPlan.COMING)
    station.move(ready, Move.REOPEN)
    assert planned(station, ready) == ""
    station.move(ready, Move.READY)
    assert planned(station, ready) == "", "it is another pick-up"


def test_only_a_ready_order_is_collected(station: Station) -> None:
    order_id = station.place()
    for moves in ((Move.READY, Move.ISSUE), ()):
        with pytest.raises(WrongState):
            says(station, order_id, PickupPlan.COMING)
        with pytest.raises(WrongState):
            code(station, order_id)
        station.move(order_id, *moves)


def test_a_code_has_three_digits_and_stays_the_same(station: Station, ready: int) -> None:
    first = code(station, ready)
    assert len(first) == 3
    assert first.isdigit()
    assert code(station, ready) == first
    assert EventKind.PICKUP_CODE_MADE in [e.kind for e in station.events(ready)]


def test_somebody_else_collects_with_the_code_and_not_with_another(station: Station, ready: int) -> None:
    right = code(station, ready)
    wrong = f"{(int(right) + 1) % 1000:03}"
    for given in (wrong, "", "٠٠٠"):
        with pytest.raises(InvalidInput, match="pickup_code"):
            station.move(ready, Move.ISSUE, collector=Collector("Sasha", given))
    assert station.order(ready).state is OrderState.READY
    station.move(ready, Move.ISSUE, collector=Collector(" Sasha ", f" {right} "))
    order = station.order(ready)
    assert (order.state, order.issued_to) == (OrderState.ISSUED, "Sasha")
    assert {"to": "Sasha", "code": True}.items() <= station.events(ready)[-1].arguments.items()


def test_without_a_code_the_storekeeper_decides_and_the_timeline_says_so(station: Station, ready: int) -> None:
    station.move(ready, Move.ISSUE, collector=Collector("Sasha"))
    assert station.events(ready)[-1].arguments["code"] is False


def test_the_mechanic_collects_without_any_code(station: Station, ready: int) -> None:
    code(station, ready)
    station.move(ready, Move.ISSUE)
    assert station.order(ready).issued_to == ""


@pytest.mark.parametrize(("name", "refusal"), [(" ", "collector_needed"), ("x" * 81, "collector_long")])
def test_a_collector_has_a_name(station: Station, ready: int, name: str, refusal: str) -> None:
    with pytest.raises(InvalidInput, match=refusal):
        station.move(ready, Move.ISSUE, collector=Collector(name))


def test_a_reopened_order_has_neither_collector_nor_code(station: Station, ready: int) -> None:
    station.move(ready, Move.ISSUE, collector=Collector("Sasha", code(station, ready)))
    station.move(ready, Move.REOPEN)
    order = station.order(ready)
    assert (order.issued_to, order.pickup_code) == ("", "")


def test_nobody_collects_or_plans_for_somebody_else(station: Station, ready: int) -> None:
    noa = hire(station.database, NOA)
    with pytest.raises(NotFound), station.database.write() as session:
        pickup.make_code(session, acts(noa), ready)
