"""Every move from every state by every role: reasons, days, events, notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from common import clock
from common.database.engine import Database
from common.database.models import Event, Order, OrderState, OutboxRow, OutboxState, Person, Role, Via
from common.errors import Forbidden, InvalidInput, WrongState
from common.events.kinds import EventKind
from common.messaging.kinds import MessageKind
from common.orders import moves
from common.orders.moves import Move
from common.permissions import Actor
from tests.common.orders.placed import SAID, S, moved, placed
from tests.support.cast import DIMA

# The table of moves once more, by hand: from which states a move is allowed, and where it leads.
LEGAL: dict[Move, tuple[set[OrderState], OrderState]] = {
    Move.TAKE: ({S.NEW}, S.IN_WORK),
    Move.WAIT: ({S.IN_WORK, S.WAITING}, S.WAITING),
    Move.RESUME: ({S.WAITING}, S.IN_WORK),
    Move.READY: ({S.IN_WORK, S.WAITING}, S.READY),
    Move.ISSUE: ({S.READY}, S.ISSUED),
    Move.CANCEL: ({S.NEW, S.IN_WORK, S.WAITING, S.READY}, S.CANCELLED),
    Move.REOPEN: ({S.READY, S.ISSUED, S.CANCELLED}, S.IN_WORK),
}
WANT_A_REASON = {Move.WAIT, Move.CANCEL, Move.REOPEN}


def test_every_move_is_in_the_table_and_in_this_test() -> None:
    assert set(LEGAL) == set(Move) == set(moves.TRANSITIONS)


@pytest.mark.parametrize("move", list(Move))
def test_a_move_is_allowed_from_its_states_only(
    any_database: Database, mechanic: Person, storekeeper: Person, move: Move
) -> None:
    sources, target = LEGAL[move]
    for state in sources:
        order = placed(any_database, mechanic, f"draft-{state}", state)
        after = moved(any_database, order, move, storekeeper, **SAID)
        assert (after.state, after.version) == (target, 2)
    for state in set(OrderState) - sources:
        order = placed(any_database, mechanic, f"draft-{state}", state)
        with pytest.raises(WrongState, match=state.value):
            moved(any_database, order, move, storekeeper, **SAID)
        with any_database.read() as session:
            unchanged = session.get_one(Order, order.id)
            assert (unchanged.state, unchanged.version) == (state, 1)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_desk_moves_orders(any_database: Database, mechanic: Person, role: Role) -> None:
    for move, (sources, target) in LEGAL.items():
        order = placed(any_database, mechanic, key=f"draft-{move}", state=min(sources))
        actor = Actor(mechanic.id, role, Via.DESK)
        with any_database.write() as session:
            if role is Role.MECHANIC:
                with pytest.raises(Forbidden, match="mechanic may not"):
                    moves.move_order(session, actor, order.id, move, expected_version=1, **SAID)
            else:
                after = moves.move_order(session, actor, order.id, move, expected_version=1, **SAID)
                assert after.state is target


@pytest.mark.parametrize("move", list(Move))
def test_a_reason_is_asked_for_where_the_table_says_so(
    any_database: Database, mechanic: Person, storekeeper: Person, move: Move
) -> None:
    order = placed(any_database, mechanic, state=min(LEGAL[move][0]))
    if move not in WANT_A_REASON:
        assert moved(any_database, order, move, storekeeper).reason == ""
        return
    for empty in ("", "  \n "):
        with pytest.raises(InvalidInput, match="reason_needed"):
            moved(any_database, order, move, storekeeper, reason=empty)
    assert moved(any_database, order, move, storekeeper, reason=" no stock ", day_unknown=True).reason == "no stock"


def test_a_reason_fits_its_column(any_database: Database, mechanic: Person, storekeeper: Person) -> None:
    order = placed(any_database, mechanic)
    with pytest.raises(InvalidInput, match="reason_long"):
        moved(any_database, order, Move.CANCEL, storekeeper, reason="ц" * (moves.MAX_REASON + 1))
    assert moved(any_database, order, Move.CANCEL, storekeeper, reason="ц" * moves.MAX_REASON).state is S.CANCELLED


def test_nobody_waits_without_a_day_or_a_word_that_it_is_not_known(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = moved(any_database, placed(any_database, mechanic), Move.TAKE, storekeeper)
    with pytest.raises(InvalidInput, match="day_needed"):
        moved(any_database, order, Move.WAIT, storekeeper, reason="supplier")
    assert moved(any_database, order, Move.WAIT, storekeeper, reason="supplier", day_unknown=True).expected_on is None


def test_waiting_for_longer_is_waiting_all_the_while(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic, state=S.IN_WORK)
    order = moved(any_database, order, Move.WAIT, storekeeper, reason="supplier", expected_on=date(2026, 12, 1))
    since = order.state_since
    with clock.travel(timedelta(days=2)):
        order = moved(any_database, order, Move.WAIT, storekeeper, reason="lost", expected_on=date(2026, 12, 5))
    assert (order.state_since, order.reason, order.expected_on) == (since, "lost", date(2026, 12, 5))


def test_every_move_leaves_an_event_with_before_and_after(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic)
    order = moved(any_database, order, Move.TAKE, storekeeper)
    moved(any_database, order, Move.WAIT, storekeeper, reason="supplier", expected_on=date(2026, 12, 1))
    with any_database.read() as session:
        story = list(session.scalars(select(Event).order_by(Event.id)))
    assert [(e.kind, e.version, e.via) for e in story] == [
        (EventKind.ORDER_PLACED, 1, Via.BOT),
        (EventKind.ORDER_TAKEN, 2, Via.DESK),
        (EventKind.ORDER_WAITING, 3, Via.DESK),
    ]
    assert story[2].arguments == {
        "before": "in_work",
        "after": "waiting",
        "reason": "supplier",
        "expected_on": "2026-12-01",
    }
    assert story[2].actor_id == storekeeper.id


def test_whoever_takes_an_order_serves_it(any_database: Database, mechanic: Person, storekeeper: Person) -> None:
    order = placed(any_database, mechanic)
    assert moved(any_database, order, Move.TAKE, storekeeper).owner_id == storekeeper.id


def test_the_card_follows_every_event_and_a_notice_sounds_where_the_table_says_so(
    any_database: Database, mechanic: Person, storekeeper: Person
) -> None:
    order = placed(any_database, mechanic)
    for move in (Move.TAKE, Move.READY, Move.ISSUE):
        order = moved(any_database, order, move, storekeeper)
    with any_database.read() as session:
        rows = list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))
    assert [row.kind for row in rows] == ["card", "card", "card", MessageKind.NOTICE_READY, "card"]
    assert {row.chat_id for row in rows} == {DIMA.telegram_id}
    assert {row.stream for row in rows} == {f"order:{order.id}:{DIMA.telegram_id}"}
    assert [row.state for row in rows if row.kind == "card"] == [OutboxState.SUPERSEDED] * 3 + [OutboxState.PENDING]


def test_somebody_without_a_chat_is_told_nothing(any_database: Database, storekeeper: Person) -> None:
    placed(any_database, storekeeper)
    with any_database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0


def test_a_card_offers_one_main_move_and_it_comes_first() -> None:
    for state in OrderState:
        offered = moves.moves_from(state)
        mains = [transition for transition in offered if transition.main]
        assert len(mains) <= 1
        assert not mains or offered[0] is mains[0]
        assert {transition.move for transition in offered} == {
            m for m, (sources, _) in LEGAL.items() if state in sources
        }
