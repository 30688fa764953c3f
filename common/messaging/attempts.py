"""Attempts at an update: each is written down before anything reads it, so one that ends the whole process counts too.

Three attempts that raised or that the process did not survive are quarantine. An attempt the database failed is taken
back: it counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import BindParameter, Table, bindparam, case, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import storable
from common.database.models import InboxRow, InboxState
from common.messaging.waiting import WaitingUpdate

MOST = 3
MAX_ERROR = 20_000


@dataclass(frozen=True)
class Attempt:
    """One attempt at an inbox row. `number` counts from 1; `known` is what is known of the attempts before it."""

    seq: int
    number: int
    known: str = ""

    def after_raising(self, trace: str) -> Attempt:
        return Attempt(self.seq, self.number + 1, trace)


def next_of(row: InboxRow | WaitingUpdate) -> Attempt:
    """The attempt that follows those the row knows of."""
    return Attempt(row.seq, row.attempts + 1, row.error or "")


def begin(session: Session, attempt: Attempt) -> bytes | None:
    """Write down that it begins, and return the update's body. None: the row has come to its end already.

    Commit before anything reads the body, and need not wait for the disk: what it is to survive is the end of the
    process.
    """
    line = f"Attempt {attempt.number} began at {clock.utcnow():%Y-%m-%d %H:%M:%S} UTC."
    begun = {"of_seq": attempt.seq, "number": attempt.number, "note": _kept(attempt.known, line)}
    row = session.execute(_BEGIN, begun).one_or_none()
    return None if row is None else row.body or b"null"


def take_back(session: Session, attempt: Attempt) -> None:
    """The database failed, not the update: as if the attempt had not begun."""
    taken_back = {"of_seq": attempt.seq, "number": attempt.number, "before": attempt.number - 1}
    session.execute(_TAKE_BACK, taken_back | {"note": attempt.known or None})


def raised(session: Session, attempt: Attempt, trace: str, most: int = MOST) -> bool:
    """Keep what an attempt raised. True: that was the last one, the update is in quarantine now.

    It does not matter whether `begin` wrote the attempt down.
    """
    row = _received(session, attempt.seq)
    if row is None or row.attempts > attempt.number:  # another leader is further on
        return False
    row.attempts, row.error = attempt.number, _kept(trace)
    if row.attempts < most:
        return False
    _quarantine(row)
    return True


def give_up(session: Session, seq: int, most: int = MOST) -> bool:
    """Quarantine for an update whose last attempt began and has no end. False: it is not so any more."""
    row = _received(session, seq)
    if row is None or row.attempts < most:
        return False
    end = f"The process ended while attempt {row.attempts} at this update ({row.kind}) was running."
    row.error = _kept(row.error or "", end)
    _quarantine(row)
    return True


def _received(session: Session, seq: int) -> InboxRow | None:
    row = session.get(InboxRow, seq, with_for_update=True)
    return row if row is not None and row.state is InboxState.RECEIVED else None


def _quarantine(row: InboxRow) -> None:
    row.state, row.done_at = InboxState.QUARANTINED, clock.utcnow()


def _kept(*told: str) -> str:
    return storable("\n".join(part.rstrip() for part in told if part))[-MAX_ERROR:]


_ROWS = cast(Table, InboxRow.__table__)
_OF_ROW = (_ROWS.c.seq == bindparam("of_seq")) & (_ROWS.c.state == InboxState.RECEIVED)
_NUMBER: BindParameter[int] = bindparam("number")
_BEGIN = (
    update(_ROWS)
    .where(_OF_ROW)
    .values(attempts=case((_ROWS.c.attempts < _NUMBER, _NUMBER), else_=_ROWS.c.attempts), error=bindparam("note"))
    .returning(_ROWS.c.body)
)
_TAKE_BACK = (
    update(_ROWS)
    .where(_OF_ROW, _ROWS.c.attempts == _NUMBER)
    .values(attempts=bindparam("before"), error=bindparam("note"))
)
