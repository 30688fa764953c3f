"""Undo: the move acts at once, its notice waits; undone, all is as it was, and nobody is left with a wrong notice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot_daemon.bot_api.verdicts import Sent
from bot_daemon.chat import rendering
from bot_daemon.chat.content import NothingToSay
from bot_daemon.outbound import claims, results, stamping
from bot_daemon.outbound.results import SendResult
from common import clock
from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.database.engine import Database
from common.database.models import LineState, OrderState, OutboxRow, OutboxState, Role, Via
from common.errors import Forbidden, InvalidInput, StaleVersion
from common.events import timeline
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import locking, undo
from common.orders.moves import Collector, Move
from common.permissions import Actor
from tests.bot_daemon import rows
from tests.support.cast import AVI, DIMA, RINA, acts, hire
from tests.support.counter import Station

TEN = timedelta(seconds=10)
S = OrderState


@pytest.fixture
def station(any_database: Database) -> Station:
    return Station(any_database, hire(any_database, DIMA), hire(any_database, RINA))


def move(station: Station, order_id: int, what: Move, reason: str = "because", by: Actor | None = None) -> None:
    with station.database.write() as session:
        version = locking.get_order(session, order_id).version
        collector = Collector("Lev") if what is Move.ISSUE else None
        undo.move_with_undo(
            session, by or station.desk, order_id, what,
            expected_version=version, within=TEN, reason=reason, collector=collector, expected_on=date(2030, 1, 2),
        )  # fmt: skip


def undone(station: Station, order_id: int, by: Actor | None = None, version: int | None = None) -> None:
    with station.database.write() as session:
        seen = version or locking.get_order(session, order_id).version
        undo.undo_move(session, by or station.desk, order_id, expected_version=seen)


def facts(station: Station, order_id: int) -> dict[str, object]:
    order = station.order(order_id)
    names = ("state", "state_since", "owner_id", "reason", "expected_on", "issued_to", "pickup_code")
    return {**{name: getattr(order, name) for name in names}, "lines": [line.state for line in order.lines]}


def notice(station: Station, kind: str) -> OutboxRow:
    with station.database.read() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id.desc())).first()  # type: ignore[return-value]


def leave(station: Station) -> list[str]:
    """What may leave now, leaves. Returns the kinds, in the order in which they left."""
    left: list[str] = []
    while True:
        with station.database.write() as session:
            ids = claims.claim(session, 1, limit=100, row_lease=20, admit=lambda _chat: 0.0).ids
        if not ids:
            return left
        with station.database.write() as session:
            outgoing = stamping.stamp(session, ids, 1, 20, "en", UTC)
        with station.database.write() as session:
            results.record(session, [SendResult(one, Sent(100 + one.row_id), 1) for one in outgoing], 1)
        left += [one.kind for one in outgoing]


def said(station: Station, row: OutboxRow) -> str:
    with station.database.read() as session:
        return rendering.render(session, session.get_one(OutboxRow, row.id)).text


PATHS: dict[Move, tuple[Move, ...]] = {  # how an order gets to where the move starts
    Move.TAKE: (),
    Move.WAIT: (Move.TAKE,),
    Move.RESUME: (Move.TAKE, Move.WAIT),
    Move.READY: (Move.TAKE, Move.WAIT),
    Move.ISSUE: (Move.TAKE, Move.READY),
    Move.CANCEL: (),
    Move.REOPEN: (Move.TAKE, Move.READY, Move.ISSUE),
}


@pytest.mark.parametrize("what", list(Move))
def test_undone_everything_is_as_it_was_and_the_timeline_says_so(station: Station, what: Move) -> None:
    order_id = station.place(taken=False)
    for step in PATHS[what]:
        move(station, order_id, step)
    with station.database.write() as session:
        order = locking.get_order(session, order_id)
        order.lines[1].state = LineState.ORDERED
        order.pickup_code = "123" if what is Move.REOPEN else ""
    before = facts(station, order_id)
    move(station, order_id, what)
    assert facts(station, order_id) != before
    undone(station, order_id)
    assert facts(station, order_id) == before
    last = station.events(order_id)[-1]
    assert (last.kind, last.actor_id, last.arguments["move"]) == (EventKind.ORDER_UNDONE, station.rina.id, what)


def test_the_card_changes_at_once_and_the_notice_waits(station: Station) -> None:
    order_id = station.place()
    leave(station)
    move(station, order_id, Move.READY)
    assert leave(station) == ["card"]
    with clock.travel(TEN):
        assert leave(station) == [MessageKind.NOTICE_READY]


def test_a_notice_that_waits_holds_nothing_up_behind_it(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    leave(station)
    with station.database.write() as session:
        pickup.announce_pickup(session, station.mechanic, order_id, PickupPlan.COMING)
    assert leave(station) == ["card"]
    with clock.travel(TEN):
        assert leave(station) == [MessageKind.NOTICE_READY]


def test_a_notice_that_is_due_and_fails_keeps_its_place(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    leave(station)
    rows.put(
        station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.PENDING, attempts=1,
        due_at=clock.utcnow() + timedelta(minutes=1),
    )  # fmt: skip
    with station.database.write() as session:
        pickup.announce_pickup(session, station.mechanic, order_id, PickupPlan.COMING)
    assert leave(station) == []


def test_undone_in_time_nothing_is_said(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    undone(station, order_id)
    with clock.travel(2 * TEN):
        assert set(leave(station)) == {"card"}
    assert notice(station, MessageKind.NOTICE_READY).state is OutboxState.SUPERSEDED


def test_a_notice_that_is_out_is_corrected_with_a_sound_and_edited(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    with clock.travel(TEN):
        assert MessageKind.NOTICE_READY in leave(station)
        undone(station, order_id)
        assert leave(station) == ["card", MessageKind.NOTICE_AMENDED, MessageKind.NOTICE_UNDONE]
    assert "В работе" in said(station, notice(station, MessageKind.NOTICE_UNDONE))


@pytest.mark.parametrize("became", [OutboxState.LEASED, OutboxState.SENDING, OutboxState.HELD])
def test_a_notice_that_may_be_out_is_corrected(station: Station, became: OutboxState) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    rows.put(station.database, notice(station, MessageKind.NOTICE_READY).id, became)
    undone(station, order_id)
    assert len(station.queued(MessageKind.NOTICE_UNDONE)) == 1


def test_of_a_notice_that_never_left_there_is_nothing_to_correct(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    rows.put(station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.LEASED)
    undone(station, order_id)
    rows.put(station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.SUPERSEDED)
    with pytest.raises(NothingToSay):
        said(station, notice(station, MessageKind.NOTICE_UNDONE))
    rows.put(station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.SUPERSEDED, ambiguous=1)
    assert "В работе" in said(station, notice(station, MessageKind.NOTICE_UNDONE))


def test_a_repeat_that_may_have_arrived_before_is_stopped_and_corrected(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    rows.put(
        station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.PENDING, ambiguous=1, attempts=1
    )
    undone(station, order_id)
    assert notice(station, MessageKind.NOTICE_READY).state is OutboxState.SUPERSEDED
    assert len(station.queued(MessageKind.NOTICE_UNDONE)) == 1


def test_what_is_true_again_needs_no_correction(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    rows.put(station.database, notice(station, MessageKind.NOTICE_READY).id, OutboxState.SENT)
    undone(station, order_id)
    move(station, order_id, Move.READY)
    with pytest.raises(NothingToSay):
        said(station, notice(station, MessageKind.NOTICE_UNDONE))


def test_another_day_that_was_a_mistake_is_corrected_though_the_state_is_the_same(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.WAIT)
    move(station, order_id, Move.WAIT, reason="another")
    rows.put(station.database, notice(station, MessageKind.NOTICE_WAITING).id, OutboxState.SENT)
    undone(station, order_id)
    assert station.order(order_id).reason == "because"
    assert "Ждёт" in said(station, notice(station, MessageKind.NOTICE_UNDONE))


def test_of_two_moves_in_a_row_only_what_is_true_is_said(station: Station) -> None:
    order_id = station.place()
    for what in (Move.READY, Move.REOPEN, Move.READY):
        move(station, order_id, what)
    with clock.travel(TEN):
        assert [kind for kind in leave(station) if kind != "card"] == [
            MessageKind.NOTICE_REOPENED,
            MessageKind.NOTICE_READY,
        ]


def test_undoing_the_second_move_says_again_what_the_first_had_to_say(station: Station) -> None:
    order_id = station.place()
    move(station, order_id, Move.READY)
    move(station, order_id, Move.ISSUE)
    assert notice(station, MessageKind.NOTICE_READY).state is OutboxState.SUPERSEDED
    undone(station, order_id)
    assert notice(station, MessageKind.NOTICE_READY).state is OutboxState.PENDING
    with clock.travel(TEN):
        assert MessageKind.NOTICE_READY in leave(station)


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
