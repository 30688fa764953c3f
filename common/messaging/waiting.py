"""Updates that wait, by lane: each query costs what it returns, however many updates of one lane wait.

A lane is named after its sender (`u:7`), else after its chat (`c:-7`). Only the senders are people.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, select, text
from sqlalchemy.orm import Session

from common.database.models import InboxRow, Person

RECEIVED = text("inbox.state = 'received'")  # literal, so that the partial indexes are used on both databases


@dataclass(frozen=True)
class WaitingUpdate:
    """A received row without its body, which is read when its attempt begins. `press`: the body of a press."""

    seq: int
    update_id: int | None
    lane: str
    kind: str
    attempts: int
    error: str | None
    press: bytes | None


@dataclass(frozen=True)
class WaitingLane:
    """A lane with rows that wait: how many, and the number of the last."""

    name: str
    count: int
    last: int


# Built once: each update runs one of them.
_ARRIVED = (
    select(InboxRow.lane, InboxRow.seq)
    .where(RECEIVED, InboxRow.seq > bindparam("after"))
    .order_by(InboxRow.seq)
    .limit(bindparam("most"))
)
_OF_LANE = (
    select(
        InboxRow.seq,
        InboxRow.update_id,
        InboxRow.lane,
        InboxRow.kind,
        InboxRow.attempts,
        InboxRow.error,
        case((InboxRow.kind == "callback_query", InboxRow.body)),
    )
    .where(RECEIVED, InboxRow.lane == bindparam("lane"))
    .order_by(InboxRow.seq)
    .limit(bindparam("most"))
)
_LANES = (
    select(InboxRow.lane, func.count(), func.max(InboxRow.seq))
    .where(RECEIVED)
    .group_by(InboxRow.lane)
    .order_by(func.min(InboxRow.seq))
)
_MEMBERS = select(Person.telegram_id).where(Person.telegram_id.is_not(None), Person.archived_at.is_(None))


def lanes(session: Session) -> list[WaitingLane]:
    """All lanes with rows that wait, the longest wait first."""
    return [WaitingLane(*row) for row in session.execute(_LANES)]


def arrived(session: Session, after: int, most: int) -> list[WaitingLane]:
    """The lanes of the rows that came after this number, in the order of their rows; at most so many rows."""
    return [WaitingLane(lane, 1, seq) for lane, seq in session.execute(_ARRIVED, {"after": after, "most": most})]


def of_lane(session: Session, lane: str, most: int) -> list[WaitingUpdate]:
    """The first rows of a lane that wait."""
    return [WaitingUpdate(*row) for row in session.execute(_OF_LANE, {"lane": lane, "most": most})]


def lanes_of_members(session: Session) -> frozenset[str]:
    """The lanes of the people of the station. Whoever else writes is a stranger."""
    return frozenset(f"u:{number}" for number in session.scalars(_MEMBERS))
