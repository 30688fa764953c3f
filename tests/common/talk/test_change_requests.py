"""What a mechanic changes: alone until somebody takes the order, by request then, not at all once it is ready."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from common.database.engine import Database
from common.database.models import ChangeRequest, Order, OrderState, RequestState, Unit
from common.errors import Forbidden, InvalidInput, NotFound, StaleVersion, WrongState
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import moves
from common.orders.moves import Move
from common.orders.placing import MAX_LINES
from common.permissions import Actor
from common.talk import change_requests
from common.talk.change_requests import Granted, Wish
from tests.support.cast import DIMA, NOA, RINA, acts, hire
from tests.support.counter import Station

BELT: dict[str, Any] = {"words": {"": "ремень"}, "quantity": 2}


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def wish(station: Station, order_id: int, what: Wish, by: Actor | None = None, **facts: Any) -> Granted | ChangeRequest:
    with station.database.write() as session:
        return change_requests.ask(session, by or station.mechanic, order_id, what, facts)


def asked(station: Station, order_id: int, what: Wish, **facts: Any) -> ChangeRequest:
    request = wish(station, order_id, what, **facts)
    assert isinstance(request, ChangeRequest)
    return request


def decide(station: Station, request: ChangeRequest, yes: bool, version: int | None = None) -> None:
    with station.database.write() as session:
        how = change_requests.accept if yes else change_requests.refuse
        seen = version or session.get_one(Order, request.order_id).version
        how(session, station.desk, request.id, expected_version=seen)


def wanted(station: Station, order_id: int) -> list[tuple[str, int]]:
    return [(line.words[""], line.quantity) for line in station.lines(order_id)]


def test_until_somebody_takes_it_a_mechanic_changes_the_order_alone(station: Station) -> None:
    order_id = station.place("болт", "гайка", taken=False)
    bolt, nut = station.lines(order_id)
    assert isinstance(wish(station, order_id, Wish.ADD_LINE, **BELT), Granted)
    assert isinstance(wish(station, order_id, Wish.QUANTITY, line=bolt.id, quantity=4), Granted)
    assert isinstance(wish(station, order_id, Wish.REMOVE_LINE, line=nut.id), Granted)
    assert wanted(station, order_id) == [("болт", 4), ("ремень", 2)]
    assert [e.kind for e in station.events(order_id)] == [
        EventKind.ORDER_PLACED,
        EventKind.LINE_ADDED,
        EventKind.LINE_COUNTED,
        EventKind.LINE_REMOVED,
    ]
    assert station.version(order_id) == 4
    wish(station, order_id, Wish.CANCEL)
    assert station.order(order_id).state is OrderState.CANCELLED
    assert not station.queued(MessageKind.NOTICE_CANCELLED), "nobody is told with a sound of what they did themselves"


def test_a_quantity_set_twice_is_set_once(station: Station) -> None:
    order_id = station.place(taken=False)
    line = station.lines(order_id)[0].id
    for _ in range(2):
        wish(station, order_id, Wish.QUANTITY, line=line, quantity=4)
    assert station.version(order_id) == 2


@pytest.mark.parametrize("taken", [True, False])
def test_a_change_brings_its_unit_and_its_remark(station: Station, taken: bool) -> None:
    order_id = station.place("масло", taken=taken)
    line = station.lines(order_id)[0].id
    hose: dict[str, Any] = {"words": {"": "шланг"}, "quantity": 150, "unit": "cm", "remark": " 8  мм "}
    for what, facts in (
        (Wish.QUANTITY, {"line": line, "quantity": 4, "unit": "l"}),
        (Wish.REMARK, {"line": line, "remark": " 5w30,\n Shell"}),
        (Wish.ADD_LINE, hose),
    ):
        outcome = wish(station, order_id, what, **facts)
        if isinstance(outcome, ChangeRequest):
            decide(station, outcome, yes=True)
    assert [(line.words[""], line.quantity, line.unit, line.remark) for line in station.lines(order_id)] == [
        ("масло", 4, Unit.LITRE, "5w30, Shell"),
        ("шланг", 150, Unit.CENTIMETRE, "8 мм"),
    ]


def test_a_number_alone_is_counted_in_the_lines_own_unit(station: Station) -> None:
    order_id = station.place("масло", taken=False)
    line = station.lines(order_id)[0].id
    wish(station, order_id, Wish.QUANTITY, line=line, quantity=4, unit="l")
    wish(station, order_id, Wish.QUANTITY, line=line, quantity=5)
    assert [(line.quantity, line.unit) for line in station.lines(order_id)] == [(5, Unit.LITRE)]


def test_a_request_of_an_older_program_is_of_pieces_and_without_a_remark(station: Station) -> None:
    order_id = station.place("болт")
    request = asked(station, order_id, Wish.ADD_LINE, **BELT)
    with station.database.write() as session:
        session.get_one(ChangeRequest, request.id).arguments = {**BELT, "part_id": None}
    decide(station, request, yes=True)
    added = station.lines(order_id)[1]
    assert (added.quantity, added.unit, added.remark) == (2, Unit.PIECE, "")


def test_wishes_that_differ_in_their_unit_or_remark_are_two_requests(station: Station) -> None:
    order_id = station.place("масло")
    line = station.lines(order_id)[0].id
    wishes: list[tuple[Wish, dict[str, Any]]] = [
        (Wish.QUANTITY, {"line": line, "quantity": 4}),
        (Wish.QUANTITY, {"line": line, "quantity": 4, "unit": "l"}),
        (Wish.REMARK, {"line": line, "remark": "5w30"}),
        (Wish.REMARK, {"line": line, "remark": "5w40"}),
        (Wish.ADD_LINE, BELT),
        (Wish.ADD_LINE, {**BELT, "remark": "7PK"}),
    ]
    first = [asked(station, order_id, what, **facts).id for what, facts in wishes]
    again = [asked(station, order_id, what, **facts).id for what, facts in wishes]
    assert len(set(first)) == len(wishes)
    assert again == first


def test_a_remark_that_the_line_has_is_not_asked_for(station: Station) -> None:
    order_id = station.place("болт")
    assert isinstance(wish(station, order_id, Wish.REMARK, line=station.lines(order_id)[0].id, remark=""), Granted)
    assert station.version(order_id) == 2


@pytest.mark.parametrize("move", [None, Move.WAIT])
def test_once_it_is_taken_the_same_becomes_a_request_and_changes_nothing(station: Station, move: Move | None) -> None:
    order_id = station.place("болт", "гайка")
    if move:
        station.move(order_id, move)
    version = station.version(order_id)
    line = station.lines(order_id)[0].id
    for what, facts in (
        (Wish.ADD_LINE, BELT),
        (Wish.QUANTITY, {"line": line, "quantity": 4}),
        (Wish.REMOVE_LINE, {"line": line}),
        (Wish.CANCEL, {}),
    ):
        assert asked(station, order_id, what, **facts).state is RequestState.ASKED
    assert wanted(station, order_id) == [("болт", 1), ("гайка", 1)]
    assert station.version(order_id) == version, "nobody at the desk is refused because of a wish"
    with station.database.read() as session:
        assert len(change_requests.open_requests(session, session.get_one(Order, order_id))) == 4


def test_a_wish_is_one_request_however_often_it_is_made(station: Station) -> None:
    order_id = station.place()
    line = station.lines(order_id)[0].id
    first = asked(station, order_id, Wish.QUANTITY, line=line, quantity=4)
    assert asked(station, order_id, Wish.QUANTITY, line=line, quantity=4).id == first.id
    assert asked(station, order_id, Wish.QUANTITY, line=line, quantity=5).id != first.id
    decide(station, first, yes=False)
    assert asked(station, order_id, Wish.QUANTITY, line=line, quantity=4).id != first.id, "it may be asked again"


def test_an_accepted_request_is_done_and_told_by_the_card_alone(station: Station) -> None:
    order_id = station.place("болт", "гайка")
    bolt, nut = station.lines(order_id)
    for what, facts in (
        (Wish.ADD_LINE, BELT),
        (Wish.QUANTITY, {"line": bolt.id, "quantity": 4}),
        (Wish.REMOVE_LINE, {"line": nut.id}),
    ):
        decide(station, asked(station, order_id, what, **facts), yes=True)
    assert wanted(station, order_id) == [("болт", 4), ("ремень", 2)]
    assert not station.queued(MessageKind.NOTICE_REQUEST_REFUSED)
    decide(station, asked(station, order_id, Wish.CANCEL), yes=True)
    assert station.order(order_id).state is OrderState.CANCELLED


def test_a_refused_request_changes_nothing_and_is_told_with_a_sound(station: Station) -> None:
    order_id = station.place()
    request = asked(station, order_id, Wish.CANCEL)
    decide(station, request, yes=False)
    assert station.order(order_id).state is OrderState.IN_WORK
    (notice,) = station.queued(MessageKind.NOTICE_REQUEST_REFUSED)
    assert notice.arguments["wish"] == "cancel"
    for again in (True, False):
        with pytest.raises(WrongState):
            decide(station, request, yes=again)


@pytest.mark.parametrize("moves", [(Move.READY,), (Move.READY, Move.ISSUE), (Move.CANCEL,)])
def test_ready_is_the_point_of_no_return(station: Station, moves: tuple[Move, ...]) -> None:
    order_id = station.place()
    late = asked(station, order_id, Wish.CANCEL)
    station.move(order_id, *moves)
    for what, facts in ((Wish.ADD_LINE, BELT), (Wish.CANCEL, {})):
        with pytest.raises(WrongState):
            wish(station, order_id, what, **facts)
    if moves != (Move.READY,):
        with pytest.raises(WrongState):
            decide(station, late, yes=True)


def test_a_line_that_is_gone_meanwhile_is_no_longer_removed_by_request(station: Station) -> None:
    order_id = station.place("болт", "гайка")
    line = station.lines(order_id)[0].id
    one = asked(station, order_id, Wish.REMOVE_LINE, line=line)
    other = asked(station, order_id, Wish.QUANTITY, line=line, quantity=7)
    decide(station, one, yes=True)
    with pytest.raises(NotFound):
        decide(station, other, yes=True)
    decide(station, other, yes=False)


@pytest.mark.parametrize(
    ("what", "facts", "code"),
    [
        (Wish.ADD_LINE, {"words": {"": ""}}, "words"),
        (Wish.ADD_LINE, {"words": {"": "x" * 201}}, "words"),
        (Wish.ADD_LINE, {"words": {"": "x"}, "quantity": 0}, "quantity"),
        (Wish.QUANTITY, {"line": 1, "quantity": 10_000}, "quantity"),
        (Wish.ADD_LINE, {"words": {"": "x"}, "remark": "x" * 301}, "remark"),
        (Wish.REMARK, {"line": 1, "remark": "x" * 301}, "remark"),
        (Wish.REMOVE_LINE, {"line": 1}, "last_line"),
    ],
)
def test_what_is_no_change_is_refused_by_name(station: Station, what: Wish, facts: dict[str, Any], code: str) -> None:
    order_id = station.place("болт", taken=False)
    with pytest.raises(InvalidInput, match=code):
        wish(station, order_id, what, **facts)
    assert station.version(order_id) == 1


def test_an_order_holds_so_many_lines_and_requests(station: Station) -> None:
    order_id = station.place(*[str(n) for n in range(MAX_LINES)])
    with pytest.raises(InvalidInput, match="too_many_lines"):
        wish(station, order_id, Wish.ADD_LINE, **BELT)
    line = station.lines(order_id)[0].id
    for quantity in range(2, change_requests.MOST_OPEN + 2):
        wish(station, order_id, Wish.QUANTITY, line=line, quantity=quantity)
    with pytest.raises(InvalidInput, match="too_many_requests"):
        wish(station, order_id, Wish.QUANTITY, line=line, quantity=500)


def test_nobody_changes_somebody_elses_order_and_no_mechanic_decides(station: Station) -> None:
    order_id = station.place()
    noa = hire(station.database, NOA)
    with pytest.raises(NotFound):
        wish(station, order_id, Wish.CANCEL, by=acts(noa))
    request = asked(station, order_id, Wish.CANCEL)
    with pytest.raises(Forbidden, match="mechanic may not"), station.database.write() as session:
        change_requests.accept(session, station.mechanic, request.id, expected_version=2)


def test_a_stale_desk_decides_nothing(station: Station) -> None:
    request = asked(station, station.place(), Wish.CANCEL)
    with pytest.raises(StaleVersion):
        decide(station, request, yes=True, version=1)


def test_of_a_mechanic_who_cancels_and_a_desk_that_takes_it_one_is_first(station: Station) -> None:
    order_id = station.place(taken=False)
    together, ends = threading.Barrier(2), []

    def cancel() -> None:
        together.wait(10)
        ends.append("cancelled" if isinstance(wish(station, order_id, Wish.CANCEL), Granted) else "asked")

    def take() -> None:
        together.wait(10)
        try:
            with station.database.write() as session:
                moves.move_order(session, station.desk, order_id, Move.TAKE, expected_version=1)
            ends.append("took")
        except StaleVersion:
            ends.append("late")

    threads = [threading.Thread(target=what) for what in (cancel, take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) in (["asked", "took"], ["cancelled", "late"])
