"""Lines: every change of state from every state, versions, and that none of them moves its order."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from common.database.models import LineState, Order, OrderLine, OrderState, Role, Via
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import lines
from common.orders.moves import Move
from common.orders.placing import WantedLine
from common.orders.states import SERVED
from common.permissions import Actor
from tests.support.counter import Station

L, S = LineState, OrderState
# Once more and by hand: from where a line may come to a state.
LEGAL: dict[LineState, set[LineState]] = {
    L.REQUESTED: {L.ORDERED, L.HERE, L.SUBSTITUTE_PROPOSED, L.UNAVAILABLE, L.RETURNED, L.ISSUED},
    L.ORDERED: {L.REQUESTED, L.ORDERED, L.HERE, L.UNAVAILABLE, L.SUBSTITUTE_PROPOSED},
    L.HERE: {L.REQUESTED, L.ORDERED, L.UNAVAILABLE, L.ISSUED},
    L.ISSUED: {L.REQUESTED, L.HERE, L.RETURNED},
    L.SUBSTITUTE_PROPOSED: {L.REQUESTED, L.ORDERED, L.UNAVAILABLE},
    L.UNAVAILABLE: {L.REQUESTED, L.ORDERED, L.SUBSTITUTE_PROPOSED},
    L.RETURNED: {L.ISSUED},
}


def change(
    station: Station, order_id: int, state: LineState, *, line: int = 0, version: int | None = None, **more: Any
) -> None:
    more.setdefault("reason", "it did not fit")
    line_id = station.lines(order_id)[line].id
    seen = version if version is not None else station.version(order_id)
    with station.database.write() as session:
        lines.change_line(session, station.desk, order_id, line_id, state, expected_version=seen, **more)


def force(station: Station, order_id: int, state: LineState, of_order: OrderState = S.IN_WORK) -> None:
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        order.state, order.lines[0].state = of_order, state


def test_every_state_is_in_the_table_and_in_this_test() -> None:
    assert set(lines.CHANGES) == set(lines.ALLOWED_WHILE) == set(LEGAL) == set(LineState)


@pytest.mark.parametrize("target", [state for state in LineState if state is not L.SUBSTITUTE_PROPOSED])
def test_a_line_comes_to_a_state_from_the_states_of_the_table_only(station: Station, target: LineState) -> None:
    order_id = station.place()
    for source in LineState:
        force(station, order_id, source)
        before = station.version(order_id)
        if source in LEGAL[target]:
            change(station, order_id, target)
            assert station.lines(order_id)[0].state is target
            assert station.version(order_id) == before + 1
        else:
            with pytest.raises(WrongState):
                change(station, order_id, target)
            assert (station.lines(order_id)[0].state, station.version(order_id)) == (source, before)


@pytest.mark.parametrize("state", list(OrderState))
def test_lines_change_while_the_order_is_served_and_come_back_after_it_was_issued(
    station: Station, state: OrderState
) -> None:
    order_id = station.place()
    for target in set(LineState) - {L.SUBSTITUTE_PROPOSED}:
        source = min(LEGAL[target])
        force(station, order_id, source, state)
        if state in SERVED or (state is S.ISSUED and target in (L.RETURNED, L.ISSUED)):
            change(station, order_id, target)
        else:
            with pytest.raises(WrongState):
                change(station, order_id, target)
        assert station.order(order_id).state is state, "a line never moves its order"


def test_what_a_page_offers_is_what_is_allowed(station: Station) -> None:
    order_id = station.place()
    for state in OrderState:
        for source in LineState:
            force(station, order_id, source, state)
            order = station.order(order_id)
            offered = {change.target for change in lines.changes_from(order, order.lines[0])}
            assert offered == {t for t in LineState if source in LEGAL[t] and state in lines.ALLOWED_WHILE[t]}


def test_an_ordered_line_has_its_day_until_it_is_here(station: Station) -> None:
    order_id = station.place()
    change(station, order_id, L.ORDERED, expected_on=date(2026, 12, 1))
    assert station.lines(order_id)[0].expected_on == date(2026, 12, 1)
    change(station, order_id, L.ORDERED, expected_on=date(2026, 12, 2))
    event = station.events(order_id)[-1]
    assert (event.kind, event.arguments["before"], event.arguments["after"], event.arguments["expected_on"]) == (
        EventKind.LINE_CHANGED,
        "ordered",
        "ordered",
        "2026-12-02",
    )
    change(station, order_id, L.HERE, expected_on=date(2026, 12, 3))
    assert station.lines(order_id)[0].expected_on is None


def test_a_line_is_told_by_the_card_and_makes_no_sound(station: Station) -> None:
    order_id = station.place()
    change(station, order_id, L.HERE)
    waiting = [
        row.kind
        for row in station.queued(
            "card", MessageKind.NOTICE_READY, MessageKind.NOTICE_QUESTION, MessageKind.NOTICE_WAITING
        )
    ]
    assert waiting == ["card"]


def test_a_stale_version_changes_no_line(station: Station) -> None:
    order_id = station.place()
    change(station, order_id, L.HERE)
    with pytest.raises(StaleVersion):
        change(station, order_id, L.ORDERED, version=2)
    assert station.lines(order_id)[0].state is L.HERE


def test_of_two_who_change_one_line_one_wins(station: Station) -> None:
    order_id = station.place()
    version = station.version(order_id)
    ends: list[LineState | None] = []
    together = threading.Barrier(2)

    def run(state: LineState) -> None:
        together.wait(10)
        try:
            change(station, order_id, state, version=version)
            ends.append(state)
        except StaleVersion:
            ends.append(None)

    threads = [threading.Thread(target=run, args=(state,)) for state in (L.HERE, L.UNAVAILABLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    won = [state for state in ends if state]
    assert len(won) == 1
    assert len(ends) == 2
    assert station.lines(order_id)[0].state is won[0]


def test_a_line_of_another_order_is_not_found(station: Station) -> None:
    one, other = station.place(), station.place()
    foreign = station.lines(other)[0].id
    with pytest.raises(NotFound), station.database.write() as session:
        lines.change_line(session, station.desk, one, foreign, L.HERE, expected_version=2)


def test_a_substitute_is_proposed_with_words_only(station: Station) -> None:
    with pytest.raises(InvalidInput, match="substitute_needed"):
        change(station, station.place(), L.SUBSTITUTE_PROPOSED)


def test_a_mechanic_changes_no_line_state(station: Station) -> None:
    order_id = station.place()
    actor = Actor(station.dima.id, Role.MECHANIC, Via.BOT)
    with pytest.raises(Forbidden), station.database.write() as session:
        lines.change_line(session, actor, order_id, station.lines(order_id)[0].id, L.HERE, expected_version=2)


def test_issuing_hands_out_what_was_not_put_off(station: Station) -> None:
    order_id = station.place("here", "requested", "ordered", "none")
    for number, state in enumerate((L.HERE, None, L.ORDERED, L.UNAVAILABLE)):
        if state:
            change(station, order_id, state, line=number)
    station.move(order_id, Move.READY, Move.ISSUE)
    assert [line.state for line in station.lines(order_id)] == [L.ISSUED, L.ISSUED, L.ORDERED, L.UNAVAILABLE]


def test_a_line_comes_back_with_a_reason_only(station: Station) -> None:
    order_id = station.place()
    station.move(order_id, Move.READY, Move.ISSUE)
    for reason, code in (("  ", "reason_needed"), ("x" * 301, "reason_long")):
        with pytest.raises(InvalidInput, match=code):
            change(station, order_id, L.RETURNED, reason=reason)
    change(station, order_id, L.RETURNED, reason=" wrong side ")
    assert station.lines(order_id)[0].reason == "wrong side"
    assert station.events(order_id)[-1].arguments["reason"] == "wrong side"
    change(station, order_id, L.ISSUED)
    assert station.lines(order_id)[0].reason == ""


def test_an_ordered_line_remembers_from_whom_wherever_it_goes(station: Station) -> None:
    order_id = station.place()
    with pytest.raises(InvalidInput, match="supplier_long"):
        change(station, order_id, L.ORDERED, supplier="x" * 121)
    change(station, order_id, L.ORDERED, supplier="  Autoparts,  Haifa ")
    assert station.events(order_id)[-1].arguments["supplier"] == "Autoparts, Haifa"
    change(station, order_id, L.HERE, supplier="nobody asks now")
    assert station.lines(order_id)[0].supplier == "Autoparts, Haifa"


def test_a_returned_line_can_be_wanted_again_when_the_order_is_reopened(station: Station) -> None:
    order_id = station.place()
    station.move(order_id, Move.READY, Move.ISSUE)
    change(station, order_id, L.RETURNED)
    station.move(order_id, Move.REOPEN)
    change(station, order_id, L.REQUESTED)
    assert [line.state for line in station.lines(order_id)] == [L.REQUESTED, L.ISSUED]


def test_a_line_that_goes_leaves_its_words_on_the_timeline(station: Station) -> None:
    order_id = station.place("болт", "гайка")
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        lines.remove(session, station.desk, order, order.lines[0])
    assert [line.words[""] for line in station.lines(order_id)] == ["гайка"]
    assert station.events(order_id)[-1].arguments["words"] == {"": "болт"}


def test_the_last_line_stays(station: Station) -> None:
    order_id = station.place("болт")
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        with pytest.raises(InvalidInput, match="last_line"):
            lines.remove(session, station.desk, order, order.lines[0])


def test_a_new_line_takes_a_place_of_its_own(station: Station) -> None:
    order_id = station.place("a", "b", "c")
    with station.database.write() as session:
        order = session.get_one(Order, order_id)
        lines.remove(session, station.desk, order, order.lines[1])
        added: OrderLine = lines.add(session, station.desk, order, WantedLine({"": "d"}))
        assert added.position == 4
