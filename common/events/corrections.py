"""Taking back what was said: what is not true any more is not sent; what may be out is edited, or corrected."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from common.database.engine import Work, wake_after_commit
from common.database.models import Event, Order, OutboxRow, OutboxState, ReasonCode
from common.events.kinds import Audience, EventKind
from common.facts.messages import NoticeAmended, NoticeUndone
from common.facts.orders import MoveUndone
from common.messaging import outbox
from common.messaging.kinds import MessageKind

OF_STATE = [kind for kind in MessageKind if kind.spec.true_while is not None]  # what a move says with a sound
_MAY_BE_OUT = (OutboxState.LEASED, OutboxState.SENDING, OutboxState.SENT, OutboxState.HELD)


def amend_notices(
    session: Session, order: Order, event: Event, chat_id: int, outdated: Collection[MessageKind]
) -> None:
    """Edit what was sent, or is on its way: in the same stream, so after it. What still waits says the truth anyway."""
    if not outdated:
        return
    notices = select(OutboxRow).where(
        OutboxRow.order_id == order.id,
        OutboxRow.chat_id == chat_id,
        OutboxRow.kind.in_(outdated),
        OutboxRow.state.in_(_MAY_BE_OUT),
    )
    for notice in session.scalars(notices).all():
        _amend_notice(session, order, event, notice)


def _amend_notice(session: Session, order: Order, event: Event, notice: OutboxRow) -> None:
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{notice.id}:amended",
        kind=MessageKind.NOTICE_AMENDED,
        chat_id=notice.chat_id,
        stream=notice.stream,
        arguments=NoticeAmended(row=notice.id),
        collapse_key=f"amended:{notice.id}",
        person_id=notice.person_id,
        order_id=order.id,
        event_id=event.id,
    )


def supersede_outdated(session: Session, order: Order, event: Event) -> None:
    """An order moved: what earlier moves wanted to say and is not true any more, or is said anew, is not sent."""
    said_anew = EventKind(event.kind).spec.told.get(Audience.MECHANIC)
    untrue = [kind for kind in OF_STATE if not kind.is_true(order.state) or kind is said_anew]
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.order_id == order.id,
            OutboxRow.kind.in_(untrue),
            OutboxRow.event_id != event.id,
            OutboxRow.ambiguous == 0,
            text("state = 'pending'"),
        )
        .values(
            state=OutboxState.SUPERSEDED,
            reason_code=ReasonCode.OVERTAKEN,
            reason_detail="",
            superseded_by=event.id,
        )
        .execution_options(synchronize_session=False)
    )


def retract_notices(session: Session, order: Order, undone_id: int, event: Event) -> None:
    """A move was undone: its notice is not sent or, where it may be out, corrected; what it had overtaken is sent.

    Args:
        undone_id: the event of the move.
        event: that it was undone.
    """
    of_move = (OutboxRow.order_id == order.id, OutboxRow.event_id == undone_id, OutboxRow.kind.in_(OF_STATE))
    as_it_is = {"synchronize_session": False}
    session.execute(
        update(OutboxRow)
        .where(*of_move, text("state = 'pending'"))
        .values(state=OutboxState.SUPERSEDED, reason_code=ReasonCode.UNDONE, reason_detail=""),
        execution_options=as_it_is,
    )
    may_be_out = or_(OutboxRow.state.in_(_MAY_BE_OUT), OutboxRow.ambiguous > 0)
    for notice in session.scalars(select(OutboxRow).where(*of_move, may_be_out)).all():
        _amend_notice(session, order, event, notice)
        _queue_correction(session, order, event, notice)
    overtaken = update(OutboxRow).where(
        OutboxRow.superseded_by == undone_id,
        OutboxRow.state == OutboxState.SUPERSEDED,
    )
    back = {"state": OutboxState.PENDING, "reason_code": None, "superseded_by": None}
    session.execute(overtaken.values(back), execution_options=as_it_is)
    wake_after_commit(session, Work.MESSAGES)


def _queue_correction(session: Session, order: Order, event: Event, notice: OutboxRow) -> None:
    """After the notice, in its stream: the renderer sees whether it did go out."""
    facts = MoveUndone.read(event.arguments)
    untrue = facts.before if facts.before != facts.after else ""  # the same state for another reason or day
    outbox.enqueue(
        session,
        key=f"event:{event.id}:{notice.id}:undone",
        kind=MessageKind.NOTICE_UNDONE,
        chat_id=notice.chat_id,
        stream=notice.stream,
        arguments=NoticeUndone(row=notice.id, before=untrue),
        person_id=notice.person_id,
        order_id=order.id,
        event_id=event.id,
    )
