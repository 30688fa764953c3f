"""Undo: the move acts at once, its notice waits; undone, all is as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from common import clock
from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.database.models import LineState, OrderState, Role, Via
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.events import timeline
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import reading, undo
from common.orders.moves import TRANSITIONS, Move, moves_from
from common.permissions import Actor
from tests.common.orders.undo.undoing import TEN, S, leave, move, notice, undone
from tests.support.cast import AVI, acts, hire
from tests.support.counter import Station


def facts(station: Station, order_id: int) -> dict[str, object]:
    order = station.order(order_id)
    names = ("state", "state_since", "owner_id", "reason", "expected_on", "issued_to", "pickup_code")
    return {**{name: getattr(order, name) for name in names}, "lines": [line.state for line in order.lines]}


def ways() -> dict[OrderState, tuple[Move, ...]]:
    """The shortest way of a new order into each state."""
    found: dict[OrderState, tuple[Move, ...]] = {OrderState.NEW: ()}
    for _ in OrderState:
        for state, way in list(found.items()):
            for step in moves_from(state):
                found.setdefault(step.target, (*way, step.move))
    return found


STARTS = [(move, state) for move, transition in TRANSITIONS.items() for state in sorted(transition.sources)]


@pytest.mark.parametrize(("what", "start"), STARTS)
def test_undone_everything_is_as_it_was_and_the_timeline_says_so(
    station: Station, what: Move, start: OrderState
) -> None:
    order_id = station.place(taken=False)
    for step in ways()[start]:
        move(station, order_id, step)
    with station.database.write() as session:
        order = reading.get_order(session, order_id)
        order.lines[1].state = LineState.ORDERED
        order.pickup_code = "123" if what is Move.REOPEN else ""
    before = facts(station, order_id)
    move(station, order_id, what, reason="another")
    assert facts(station, order_id) != before
    undone(station, order_id)
    assert facts(station, order_id) == before
    last = station.events(order_id)[-1]
    assert (last.kind, last.actor_id, last.arguments["move"]) == (EventKind.ORDER_UNDONE, station.rina.id, what)


def test_what_somebody_else_did_meanwhile_is_not_undone(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    seen = station.version(order_id)
    avi = hire(station.database, AVI)
    move(station, order_id, Move.ISSUE, by=acts(avi))
    with pytest.raises(StaleVersion):
        undone(station, order_id, version=seen)
    with pytest.raises(InvalidInput, match="undo_gone"):
        undone(station, order_id)
    assert station.order(order_id).state is S.ISSUED


def test_what_the_mechanic_says_meanwhile_does_not_stand_in_the_way(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    with station.database.write() as session:
        pickup.announce_pickup(session, station.mechanic, order_id, PickupPlan.COMING)
    undone(station, order_id)
    assert station.order(order_id).state is S.IN_WORK


def test_it_can_be_undone_once_and_not_for_ever(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    with clock.travel(TEN + undo.GRACE + timedelta(seconds=1)), pytest.raises(InvalidInput, match="undo_late"):
        undone(station, order_id)
    with clock.travel(TEN + timedelta(seconds=1)):
        undone(station, order_id)
        with pytest.raises(InvalidInput, match="undo_gone"):
            undone(station, order_id)


def test_a_move_that_was_not_made_to_be_undone_is_not(station: Station) -> None:
    order_id = station.place()
    station.move(order_id, Move.READY)
    with pytest.raises(InvalidInput, match="undo_gone"):
        undone(station, order_id)
    assert leave(station).count(MessageKind.NOTICE_READY) == 1


def test_a_mechanic_undoes_nothing(station: Station) -> None:
    order_id = station.place()
    with pytest.raises(Forbidden):
        undone(station, order_id, by=Actor(station.dima.id, Role.MECHANIC, Via.BOT))


def test_an_order_that_is_new_again_stands_in_the_queue_where_it_was(station: Station) -> None:
    first, second = station.place(taken=False), station.place(taken=False)
    move(station, first, Move.TAKE)
    leave(station)
    undone(station, first)
    assert {row.order_id for row in station.queued("card")} == {first, second}


def test_only_ones_own_latest_moves_are_offered_while_they_last(station: Station) -> None:
    mine, changed, old = (station.place(taken=False) for _ in range(3))
    move(station, old, Move.TAKE)
    with clock.travel(TEN):
        move(station, changed, Move.TAKE)
        station.move(changed, Move.READY)
        move(station, mine, Move.TAKE)
        with station.database.read() as session:
            (offer,) = undo.undo_offers(session, station.rina.id)
            assert (offer.order_id, offer.move, offer.state) == (mine, Move.TAKE, S.IN_WORK)
            assert 0 < offer.left <= 10
            assert undo.undo_offers(session, station.dima.id) == []


def test_the_event_of_the_move_is_the_one_that_is_undone(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    with station.database.read() as session:
        made = timeline.latest_event(session, order_id, EventKind.ORDER_READY)
    assert made is not None
    assert notice(station, MessageKind.NOTICE_READY).event_id == made.id
    assert isinstance(notice(station, MessageKind.NOTICE_READY).due_at, datetime)
