"""Correcting what is wanted of a line: how much, and what is said of it; by whom, until when, and back again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from common.database.models import LineState, Order, OrderState, OrderWord, Unit
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from common.events.kinds import EventKind
from common.order_index import words_in
from common.orders.content import corrections
from common.orders.content.corrections import Wanted
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.moves import Move
from common.permissions import Actor
from tests.support.counter import Station

OIL = Wanted(4, Unit.LITRE, "5w30")
BOLT = Wanted(1, Unit.PIECE, "")


def correct(
    station: Station, order_id: int, wanted: Wanted, version: int | None = None, by: Actor | None = None
) -> None:
    line, seen = station.lines(order_id)[0].id, version or station.version(order_id)
    with station.database.write() as session:
        corrections.correct_line(session, by or station.desk, order_id, line, wanted, expected_version=seen)


def wanted(station: Station, order_id: int) -> Wanted:
    return Wanted.of(station.lines(order_id)[0])


def undoable(station: Station, order_id: int) -> Wanted | None:
    with station.database.read() as session:
        found = corrections.last_correction(session, session.get_one(Order, order_id), station.rina.id)
        return found.before if found else None


@pytest.mark.parametrize("taken", [True, False])
def test_the_desk_corrects_a_line_of_an_open_order(station: Station, taken: bool) -> None:
    order_id = station.place("масло", taken=taken)
    before, line = station.version(order_id), station.lines(order_id)[0].id
    correct(station, order_id, OIL)
    assert wanted(station, order_id) == OIL
    assert station.version(order_id) == before + 1
    counted, remarked = station.events(order_id)[-2:]
    assert (counted.kind, remarked.kind) == (EventKind.LINE_COUNTED, EventKind.LINE_REMARKED)
    assert counted.arguments == {"line": line, "words": {"": "масло"}, "before": "1", "after": "4", "unit": "l"}
    assert remarked.arguments == {"line": line, "words": {"": "масло"}, "remark": "5w30"}


def test_what_a_line_is_already_changes_nothing(station: Station) -> None:
    order_id = station.place("масло")
    correct(station, order_id, OIL)
    version, events = station.version(order_id), len(station.events(order_id))
    correct(station, order_id, OIL)
    assert (station.version(order_id), len(station.events(order_id))) == (version, events)


def test_a_correction_is_undone_as_long_as_nothing_else_happened(station: Station) -> None:
    order_id = station.place("масло")
    assert undoable(station, order_id) is None
    correct(station, order_id, OIL)
    assert undoable(station, order_id) == BOLT
    correct(station, order_id, replace(OIL, remark="5w40"))
    assert undoable(station, order_id) == OIL
    correct(station, order_id, OIL)
    assert wanted(station, order_id) == OIL
    station.move(order_id, Move.READY)
    assert undoable(station, order_id) is None


def test_nobody_undoes_the_correction_of_another(station: Station) -> None:
    order_id = station.place("масло")
    correct(station, order_id, OIL)
    with station.database.read() as session:
        assert corrections.last_correction(session, session.get_one(Order, order_id), station.dima.id) is None


def test_an_order_is_found_by_the_remark_that_a_line_has_now(station: Station) -> None:
    order_id = station.place("рычаг")
    for remark in ("левый нижний", "правый"):
        correct(station, order_id, replace(BOLT, remark=remark))
    with station.database.read() as session:
        words = set(session.scalars(select(OrderWord.word).where(OrderWord.order_id == order_id)))
    assert words == words_in("рычаг", "правый")


def test_a_remark_is_one_line_and_never_cut(station: Station) -> None:
    order_id = station.place("болт")
    correct(station, order_id, replace(BOLT, remark="  M8\n длинный\0 "))
    assert wanted(station, order_id).remark == "M8 длинный"
    with pytest.raises(InvalidInput, match="remark"):
        correct(station, order_id, replace(BOLT, remark="x" * 301))
    assert wanted(station, order_id).remark == "M8 длинный"


@pytest.mark.parametrize("quantity", [0, -1, MAX_QUANTITY + 1])
def test_a_quantity_beyond_the_limits_is_refused(station: Station, quantity: int) -> None:
    order_id = station.place("болт")
    with pytest.raises(InvalidInput, match="quantity"):
        correct(station, order_id, replace(BOLT, quantity=quantity))
    assert wanted(station, order_id) == BOLT


def test_a_stale_desk_corrects_nothing(station: Station) -> None:
    order_id = station.place("болт")
    with pytest.raises(StaleVersion):
        correct(station, order_id, OIL, version=1)
    assert wanted(station, order_id) == BOLT


def test_what_was_handed_out_is_what_it_was(station: Station) -> None:
    order_id = station.place("болт", "гайка")
    with station.database.write() as session:
        session.get_one(Order, order_id).lines[0].state = LineState.ISSUED
    with pytest.raises(WrongState, match="line"):
        correct(station, order_id, OIL)


@pytest.mark.parametrize("state", [OrderState.ISSUED, OrderState.CANCELLED])
def test_a_closed_order_keeps_its_lines(station: Station, state: OrderState) -> None:
    order_id = station.place("болт")
    station.move(order_id, *((Move.READY, Move.ISSUE) if state is OrderState.ISSUED else (Move.CANCEL,)))
    with pytest.raises(WrongState, match="order"):
        correct(station, order_id, OIL)


def test_a_mechanic_asks_for_a_correction_instead(station: Station) -> None:
    order_id = station.place("болт")
    with pytest.raises(Forbidden):
        correct(station, order_id, OIL, by=station.mechanic)


def test_a_line_of_another_order_is_not_corrected(station: Station) -> None:
    one, other = station.place("болт"), station.place("гайка")
    foreign = station.lines(other)[0].id
    with pytest.raises(NotFound), station.database.write() as session:
        corrections.correct_line(session, station.desk, one, foreign, OIL, expected_version=2)
