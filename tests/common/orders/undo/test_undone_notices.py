"""What a mechanic hears of a move that was undone: nothing, or a correction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot_daemon.chat.content import NothingToSay
from common import clock
from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.database.models import OutboxState
from common.messaging.kinds import MessageKind
from common.orders.moves import Move
from tests.bot_daemon import rows
from tests.common.orders.undo.undoing import TEN, leave, move, notice, said, undone
from tests.support.counter import Station


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
        station.database,
        notice(station, MessageKind.NOTICE_READY).id,
        OutboxState.PENDING,
        attempts=1,
        due_at=clock.utcnow() + timedelta(minutes=1),
    )
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
