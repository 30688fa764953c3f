"""Overdue: what should have come is found, and the desk told once a day and no oftener."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from common.database.models import LineState, Order, OutboxRow, Person
from common.orders import lines, overdue, progress
from common.orders.moves import Move
from common.people import people, preferences
from tests.support.cast import RINA, hire
from tests.support.counter import Station

L = LineState
TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
RINAS_CHAT, AVIS_CHAT = 2001, 2002


def ordered(station: Station, order_id: int, day: date | None, line: int = 0) -> None:
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        lines.change_line(
            session,
            station.desk,
            order_id,
            order.lines[line].id,
            L.ORDERED,
            expected_version=order.version,
            expected_on=day,
            supplier="Haifa",
        )


def nudged(station: Station, today: date = TODAY) -> list[OutboxRow]:
    with station.database.write() as session:
        for order_id in overdue.overdue_order_ids(session, today):
            overdue.nudge(session, order_id, today)
    with station.database.read() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.kind == overdue.KIND).order_by(OutboxRow.id)))


def link(station: Station, person: Person, chat: int) -> None:
    with station.database.write() as session:
        session.get_one(Person, person.id).telegram_id = chat


def test_what_should_have_come_is_found_and_what_comes_later_is_not(station: Station) -> None:
    waits, waits_longer, waits_unknown, has_a_line, later_line, closed = (station.place() for _ in range(6))
    station.move(waits, Move.WAIT, expected_on=YESTERDAY)
    station.move(waits_longer, Move.WAIT, expected_on=TODAY)
    station.move(waits_unknown, Move.WAIT)
    ordered(station, has_a_line, YESTERDAY - timedelta(days=1))
    ordered(station, later_line, TOMORROW)
    ordered(station, closed, YESTERDAY)
    station.move(closed, Move.CANCEL)
    with station.database.read() as session:
        assert overdue.overdue_order_ids(session, TODAY) == [has_a_line, waits]
    late = [
        n for n in (waits, waits_longer, has_a_line, later_line, closed) if overdue.is_overdue(station.order(n), TODAY)
    ]
    assert late == [waits, has_a_line]


def test_the_desk_is_told_once_a_day_however_often_somebody_looks(station: Station) -> None:
    link(station, station.rina, RINAS_CHAT)
    order_id = station.place()
    station.move(order_id, Move.WAIT, expected_on=YESTERDAY)
    assert len(nudged(station)) == len(nudged(station)) == 1
    (first, second) = nudged(station, TOMORROW)
    assert {first.order_id, second.order_id} == {order_id}
    assert first.chat_id == RINAS_CHAT


def test_whoever_serves_it_is_told_else_everybody_who_serves(station: Station) -> None:
    other = hire(station.database, RINA)
    link(station, other, AVIS_CHAT)
    order_id = station.place()
    station.move(order_id, Move.WAIT, expected_on=YESTERDAY)
    assert [row.chat_id for row in nudged(station)] == [AVIS_CHAT]
    link(station, station.rina, RINAS_CHAT)
    assert [row.chat_id for row in nudged(station, TOMORROW)] == [AVIS_CHAT, RINAS_CHAT]


def test_who_does_not_want_to_hear_of_it_does_not(station: Station) -> None:
    link(station, station.rina, RINAS_CHAT)
    with station.database.write() as session:
        rina = people.by_telegram(session, RINAS_CHAT)
        assert rina is not None
        preferences.set_muted(session, rina, overdue.KIND, True)
    station.move(station.place(), Move.WAIT, expected_on=YESTERDAY)
    assert nudged(station) == []


def test_it_came_after_all_before_the_nudge(station: Station) -> None:
    link(station, station.rina, RINAS_CHAT)
    order_id = station.place()
    station.move(order_id, Move.WAIT, expected_on=YESTERDAY)
    with station.database.write() as session:
        (late,) = overdue.overdue_order_ids(session, TODAY)
    station.move(order_id, Move.READY)
    with station.database.write() as session:
        overdue.nudge(session, late, TODAY)
    assert nudged(station) == []


def test_lines_say_how_far_they_are_and_suggest_the_move(station: Station) -> None:
    order_id = station.place()
    assert progress.suggested_move(station.order(order_id)) is None
    ordered(station, order_id, TOMORROW)
    order = station.order(order_id)
    assert (progress.of(order).here, progress.of(order).wanted, progress.of(order).expected_on) == (0, 2, TOMORROW)
    assert progress.suggested_move(order) is Move.WAIT
    station.move(order_id, Move.WAIT, expected_on=TOMORROW)
    assert progress.suggested_move(station.order(order_id)) is None
    ordered(station, order_id, TOMORROW + timedelta(days=3))
    assert progress.suggested_move(station.order(order_id)) is Move.WAIT
    for line, state in ((0, L.HERE), (1, L.UNAVAILABLE)):
        with station.database.write() as session:
            order = session.get_one(Order, order_id)
            lines.change_line(
                session, station.desk, order_id, order.lines[line].id, state, expected_version=order.version
            )
    assert progress.suggested_move(station.order(order_id)) is Move.READY
