"""The outbox: the only way to a chat. A row is a kind and its facts; enqueueing is part of the caller's transaction.

Order: rows of one `stream` leave in the order of their ids; whoever enqueues for an order has updated its row before,
which makes the ids follow the commits (measured on PostgreSQL: 108 of 4,328 out of order without it, none with it).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, case, func, select, text, update
from sqlalchemy.orm import Session, aliased

from common import clock
from common.database import rows
from common.database.engine import Work, bump_revision, wake_after_commit
from common.database.models import Delivery, OutboxRow, OutboxState, ReasonCode
from common.errors import NotFound
from common.facts.base import NOTHING, Arguments, stored_for
from common.messaging.kinds import MessageKind, spec_of
from common.messaging.message_spec import Family

RECEIPTS: dict[OutboxState, str] = {
    OutboxState.PENDING: "queued",
    OutboxState.LEASED: "queued",
    OutboxState.SENDING: "queued",
    OutboxState.SENT: "sent",
    OutboxState.FAILED: "failed",
    OutboxState.DEAD: "failed",
    OutboxState.EXPIRED: "failed",
    OutboxState.UNREACHABLE: "unreachable",
    OutboxState.HELD: "unknown",
}
WAITING = (OutboxState.PENDING, OutboxState.LEASED, OutboxState.SENDING)
MAX_DETAIL = 300  # characters of what goes with a reason
REPAIRABLE = (OutboxState.FAILED, OutboxState.DEAD, OutboxState.EXPIRED, OutboxState.UNREACHABLE, OutboxState.HELD)


def undelivered() -> ColumnElement[bool]:
    """That a row needs a person's look: it did not arrive, and no later message of its kind did."""
    later = aliased(OutboxRow)
    healed = (
        select(later.id)
        .where(
            later.order_id == OutboxRow.order_id,
            later.id > OutboxRow.id,
            later.chat_id == OutboxRow.chat_id,
            later.kind == OutboxRow.kind,
            later.state == OutboxState.SENT,
        )
        .correlate(OutboxRow)
        .exists()
    )
    # Written out, not bound: SQLite takes a partial index only for its very condition.
    lost = bindparam(None, REPAIRABLE, OutboxRow.state.type, expanding=True, literal_execute=True)
    return OutboxRow.state.in_(lost) & ~healed


def chat_stream(chat_id: int) -> str:
    """A chat's replies and its screen: one stream."""
    return f"chat:{chat_id}"


def order_stream(order_id: int, chat_id: int) -> str:
    """What one order says in one chat: one stream."""
    return f"order:{order_id}:{chat_id}"


def enqueue(
    session: Session,
    *,
    key: str,
    kind: MessageKind,
    chat_id: int,
    stream: str,
    arguments: Arguments = NOTHING,
    collapse_key: str | None = None,
    person_id: int | None = None,
    order_id: int | None = None,
    event_id: int | None = None,
    due_at: datetime | None = None,
) -> int | None:
    """Put one message in the outbox; a second call with the same `key` does nothing.

    With a `collapse_key`, pending rows of that key are superseded: ten changes while Telegram was slow are one edit.
    What was ambiguous of them stays so on the new row, so that a possible duplicate is still marked, and it takes their
    place in the queue. A `key` that was there supersedes nothing: it would take a newer state away and leave none.

    Returns:
        The row's id, None if the key was there.
    """
    now = clock.utcnow()
    due_at = due_at or now
    row = {
        "key": key,
        "channel": "telegram",
        "stream": stream,
        "collapse_key": collapse_key,
        "chat_id": chat_id,
        "person_id": person_id,
        "order_id": order_id,
        "event_id": event_id,
        "kind": kind.value,
        "arguments": stored_for(kind, kind.spec.arguments, arguments),
        "priority": kind.spec.priority,
        "state": OutboxState.PENDING,
        "created_at": now,
        "due_at": due_at,
        "expires_at": due_at + kind.spec.expires,
        "attempts": 0,
        "ambiguous": 0,
    }
    wake_after_commit(session, Work.MESSAGES)
    row_id: int | None = session.scalar(_INSERT[session.get_bind().dialect.name], row)
    if collapse_key and row_id is not None:
        _supersede(session, collapse_key, row_id, due_at)
    return row_id


def _supersede(session: Session, collapse_key: str, row_id: int, due_at: datetime) -> None:
    """Supersede what is pending of this collapse key before this row, which inherits what was ambiguous, and the place
    in the queue: whoever changes something again and again must not wait the longer for it.
    """
    superseded = session.execute(_SUPERSEDE, {"superseded_key": collapse_key, "newer_id": row_id}).all()
    if superseded:
        inherited = {
            "ambiguous": max(row.ambiguous for row in superseded),
            "due_at": min(due_at, *(row.due_at for row in superseded)),
        }
        session.execute(update(_ROWS).where(_ROWS.c.id == row_id).values(inherited))


_ROWS = cast(Table, OutboxRow.__table__)
_INSERT = {
    name: insert(_ROWS).on_conflict_do_nothing(index_elements=["key"]).returning(_ROWS.c.id)
    for name, insert in rows.INSERTS.items()
}
_SUPERSEDE = (
    update(_ROWS)
    .where(
        _ROWS.c.collapse_key == bindparam("superseded_key"),
        text("state = 'pending'"),  # literal, so that the partial index is used
        _ROWS.c.id < bindparam("newer_id"),
    )
    .values(state=OutboxState.SUPERSEDED)
    .returning(_ROWS.c.ambiguous, _ROWS.c.due_at)
)


def give_reason(row: OutboxRow, code: ReasonCode | None, detail: str = "") -> None:
    """Say why the row is in its state, or is tried again; None: there is nothing to say."""
    row.reason_code, row.reason_detail = code, detail[:MAX_DETAIL]


def withdraw(session: Session, chat_id: int) -> None:
    """What waits for a chat is not sent there any more: its person has left it."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.chat_id == chat_id, text("state = 'pending'"))
        .values(state=OutboxState.SUPERSEDED, reason_code=ReasonCode.CHAT_LEFT, reason_detail="")
        .execution_options(synchronize_session=False)
    )


def resend(session: Session, row_id: int) -> OutboxRow:
    """A person decided that a message shall be sent again. What may have arrived before stays marked.

    Raises:
        NotFound: no such row, or it is not one that can be repaired.
    """
    now = clock.utcnow()
    row = _lock_repairable(session, row_id)
    row.state, row.due_at, row.attempts, row.suspicion = OutboxState.PENDING, now, 0, 0
    give_reason(row, None)
    row.expires_at = now + spec_of(row.kind).expires
    wake_after_commit(session, Work.MESSAGES)
    bump_revision(session)
    return row


def mark_unreachable(session: Session, chat_id: int, why: ReasonCode) -> None:
    """The chat could not be reached: what waits for it and tells of then is over, though the chat is back now."""
    of_then = [kind for kind in MessageKind if kind.spec.family in (Family.NOTICE, Family.CHAT, Family.AMENDMENT)]
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.chat_id == chat_id, text("state = 'pending'"), OutboxRow.kind.in_(of_then))
        .values(state=OutboxState.UNREACHABLE, reason_code=why, reason_detail="")
        .execution_options(synchronize_session=False)
    )
    bump_revision(session)


def mark_arrived(session: Session, row_id: int) -> OutboxRow:
    """A person says an *unknown* message has arrived.

    Raises:
        NotFound: no such row, or it is not unknown.
    """
    row = _lock_repairable(session, row_id)
    if row.state is not OutboxState.HELD:
        raise NotFound("unknown message", row_id)
    row.state, row.sent_at = OutboxState.SENT, clock.utcnow()
    give_reason(row, ReasonCode.CONFIRMED)
    bump_revision(session)
    return row


def _lock_repairable(session: Session, row_id: int) -> OutboxRow:
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None or row.state not in REPAIRABLE:
        raise NotFound("message to repair", row_id)
    return row


def of_order(session: Session, order_id: int, limit: int = 200) -> list[OutboxRow]:
    """An order's messages, oldest first, without the superseded ones; the newest `limit`."""
    statement = (
        select(OutboxRow)
        .where(OutboxRow.order_id == order_id, OutboxRow.state != OutboxState.SUPERSEDED)
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))[::-1]


def undelivered_counts(session: Session) -> dict[str, int]:
    """The number of messages that did not arrive, by receipt."""
    counted = select(OutboxRow.state, func.count()).where(OutboxRow.state.in_(REPAIRABLE)).group_by(OutboxRow.state)
    counts: dict[str, int] = {}
    for state, count in session.execute(counted):
        receipt = RECEIPTS[OutboxState(state)]
        counts[receipt] = counts.get(receipt, 0) + count
    return counts


def sent_texts(session: Session, row_ids: Collection[int]) -> dict[int, str]:
    """The text that was sent last, of each row that kept it."""
    kept = select(Delivery.outbox_id, Delivery.text).where(Delivery.outbox_id.in_(row_ids), Delivery.text.is_not(None))
    return {row_id: text for row_id, text in session.execute(kept.order_by(Delivery.id)) if text is not None}


def trouble_counts(session: Session, order_ids: Collection[int], slow_before: datetime) -> dict[int, tuple[int, int]]:
    """By order: how many messages did not arrive, and how many wait since before this time. Orders without are absent.

    A failure is over once a later message of the same kind was sent.
    """
    if not order_ids:
        return {}
    lost = OutboxRow.state.in_(REPAIRABLE)
    slow = OutboxRow.state.in_(WAITING) & (OutboxRow.created_at < slow_before)
    counted = (
        select(OutboxRow.order_id, func.sum(case((lost, 1), else_=0)), func.sum(case((slow, 1), else_=0)))
        .where(OutboxRow.order_id.in_(order_ids), undelivered() | slow)
        .group_by(OutboxRow.order_id)
    )
    return {order_id: (undelivered_, waiting) for order_id, undelivered_, waiting in session.execute(counted)}


def depth(session: Session) -> tuple[int, timedelta]:
    """How many rows wait, and the age of the oldest that is due."""
    now = clock.utcnow()
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.due_at)).where(OutboxRow.state.in_(WAITING))
    ).one()
    return count, max(now - oldest, timedelta(0)) if oldest else timedelta(0)
