"""Claims of due rows of the outbox, their release, and the rescue of rows that a dead dispatcher held.

Head of line per stream: a row is claimed only when nothing older of its stream is pending, and nothing of it is leased
or being sent. A row that was put off on purpose takes its place in the stream when it is due, and blocks nothing before
that. Every claim carries the lease's epoch; every later write names it, so an old holder cannot overwrite
(fencing).

A claim is the begin of an attempt, committed before anything renders the row. A row whose attempt has no end, because
the process died meanwhile, is a suspect: it is claimed alone, when nothing else is on its way. After three processes
that died while it was rendered, or twelve while it was on the wire, it is dead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from bot_daemon.runtime import backoff
from common.database import engine
from common.database.engine import Work, bump_revision, wake_after_commit
from common.database.models import Chat, Delivery, OutboxRow, OutboxState, ReasonCode, UtcDateTime
from common.messaging import outbox
from common.messaging.kinds import spec_of
from common.messaging.message_spec import STRANGER

log = logging.getLogger(__name__)

PENDING = text("outbox.state = 'pending'")  # literal, so that the partial indexes are used on both databases
Admit = Callable[[int], float]
# What an attempt without an end adds to the suspicion that the message ends the process. It is on the wire a thousand
# times as long as it is rendered, and kills from outside mostly meet it there.
IN_RENDERING, ON_THE_WIRE = 4, 1
MOST_SUSPICION = 3 * IN_RENDERING


@dataclass(frozen=True)
class Room:
    """What a claim may take: `limit` rows, of which so many go to `overtaken` ones if there is not room for all.

    `strangers`: one message to a stranger may be among them. `for_suspect`: it is for one suspect and nothing else.
    """

    limit: int
    overtaken: int = 0
    strangers: bool = True
    for_suspect: bool = False

    @property
    def least_urgent(self) -> int:
        return STRANGER if self.strangers else STRANGER - 1


@dataclass(frozen=True)
class Claim:
    """The rows that were claimed. `wait`: seconds until the next waiting chat is ready (None: no chat waits).

    `more`: rows beyond the limit were not examined, although some examined rows took no room.
    `overtaken`, `strangers`: how many of the rows were overtaken ones, and to strangers.
    """

    ids: list[int]
    wait: float | None
    more: bool = False
    overtaken: int = 0
    strangers: int = 0


def _candidates(*, suspects: bool = False) -> Select[OutboxRow]:
    """Due rows at the head of their streams in chats that may be written to `now`: the suspects, or the others."""
    now = bindparam("now", type_=UtcDateTime())
    other = aliased(OutboxRow, name="other")
    ahead = exists().where(
        other.stream == OutboxRow.stream,
        text("other.state IN ('pending','leased','sending')"),
        or_(
            and_(other.id < OutboxRow.id, or_(other.due_at <= now, other.attempts > 0)),  # a retry keeps its place
            other.state != OutboxState.PENDING,  # a resent row may be older than what is sent
        ),
    )
    paused = exists().where(Chat.chat_id == OutboxRow.chat_id, Chat.ready_at > now)
    return (
        select(OutboxRow)
        .where(PENDING, OutboxRow.due_at <= now, OutboxRow.expires_at > now, ~ahead, ~paused)
        .where(OutboxRow.suspicion > 0 if suspects else OutboxRow.suspicion == 0)
        .where(OutboxRow.priority.between(bindparam("urgent"), bindparam("least_urgent")))
        .limit(bindparam("most"))
        .with_for_update(of=OutboxRow, skip_locked=True)
    )


CANDIDATES = _candidates().order_by(OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
OVERTAKEN = _candidates().order_by(OutboxRow.due_at, OutboxRow.id)
SUSPECTS = _candidates(suspects=True).order_by(OutboxRow.suspicion, OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
CHATS = select(Chat).where(Chat.chat_id.in_(bindparam("ids", expanding=True)))


def claim(session: Session, epoch: int, *, room: Room, row_lease: float, admit: Admit) -> Claim:
    """Lease as many rows as there is room for.

    `admit` returns the seconds that a chat must still wait (0: now). A waiting chat is put off in the database too, so
    that the next claim does not meet it again. Rows to chats known to be unreachable end here, without a request.
    """
    now = engine.now(session)
    waits: list[float] = []
    rows, overtaken = _chosen(session, room, now)
    strangers = 0
    chats = {chat.chat_id: chat for chat in session.scalars(CHATS, {"ids": [row.chat_id for row in rows]})}
    for row in sorted(rows, key=_turn):
        chat = chats.get(row.chat_id)
        if chat is not None and chat.unreachable:
            row.state = OutboxState.UNREACHABLE
            outbox.give_reason(row, ReasonCode(chat.unreachable))
            bump_revision(session)
        elif (wait := admit(row.chat_id)) > 0:
            waits.append(wait)
            postpone_chat(session, row.chat_id, now + timedelta(seconds=wait))
        else:
            row.state, row.lease_epoch = OutboxState.LEASED, epoch
            row.suspicion += IN_RENDERING
            row.lease_until = now + timedelta(seconds=row_lease)
            strangers += row.priority == STRANGER
    ids = [row.id for row in rows if row.state is OutboxState.LEASED]
    is_full = len(rows) >= room.limit
    return Claim(ids, min(waits, default=None), len(ids) < len(rows) and is_full, overtaken, strangers)


def _chosen(session: Session, room: Room, now: datetime) -> tuple[Sequence[OutboxRow], int]:
    """The rows to claim, and how many of them more urgent ones would have overtaken.

    The most urgent come first. Where there is not room for all, a share is for rows that would otherwise wait for as
    long as more urgent ones keep coming.
    """
    asked = {"now": now, "urgent": 0, "least_urgent": room.least_urgent, "most": room.limit}
    if room.for_suspect:
        return session.scalars(SUSPECTS, asked).all(), 0
    urgent = _of_strangers_one(session.scalars(CANDIDATES, asked).all())
    others: Sequence[OutboxRow] = ()
    if room.overtaken and len(urgent) >= room.limit:
        less_urgent = asked | {"urgent": urgent[-1].priority + 1, "most": room.overtaken}
        others = _of_strangers_one(session.scalars(OVERTAKEN, less_urgent).all())
    return [*others, *urgent[: room.limit - len(others)]], len(others)


def _turn(row: OutboxRow) -> datetime:
    """When it is a row's turn in its chat: a priority is a head start, in seconds, of the more urgent one."""
    return row.due_at + timedelta(seconds=row.priority)


def _of_strangers_one(rows: Sequence[OutboxRow]) -> list[OutboxRow]:
    strangers = [row for row in rows if row.priority == STRANGER]
    return [row for row in rows if row.priority != STRANGER or row is strangers[0]]


def postpone_chat(session: Session, chat_id: int, until: datetime) -> None:
    """Send no message to this chat before `until`. A later deadline that is already set stays."""
    chat = session.get(Chat, chat_id)
    if chat is None:
        chat = Chat(chat_id=chat_id, unreachable="", kind="group" if chat_id < 0 else "private")
        session.add(chat)
    if chat.ready_at is None or chat.ready_at < until:
        chat.ready_at = until


def is_anything_due(session: Session, least_urgent: int = STRANGER) -> bool:
    """Whether a claim is worth a transaction."""
    now = engine.now(session)
    due = select(OutboxRow.id).where(PENDING, OutboxRow.due_at <= now, OutboxRow.priority <= least_urgent)
    return session.scalar(due.limit(1)) is not None


def is_suspect_due(session: Session) -> bool:
    """Whether a suspect could be claimed."""
    asked = {"now": engine.now(session), "urgent": 0, "least_urgent": STRANGER, "most": 1}
    return session.scalars(SUSPECTS, asked).first() is not None


def next_due(session: Session, least_urgent: int = STRANGER) -> float | None:
    """Seconds until the next pending row is due or the next chat is ready; None: nothing pending."""
    now = engine.now(session)
    due = session.scalar(select(func.min(OutboxRow.due_at)).where(PENDING, OutboxRow.priority <= least_urgent))
    return max((due - now).total_seconds(), 0.0) if due else None


def rescue_rows(session: Session, epoch: int, in_flight: Collection[int] = ()) -> int:
    """Take back abandoned rows: leased rows of other epochs at once, all others after the row's lease.

    Abandoned rows of our own epoch could not be stamped, or their result could not be written; `in_flight` are the rows
    still in work. A row that was being sent is ambiguous: its kind decides whether it goes out again. Returns the
    number of changed rows.
    """
    now = engine.now(session)
    over = or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= now)
    dead = and_(text("outbox.state = 'leased'"), OutboxRow.lease_epoch != epoch)
    left = session.scalars(
        select(OutboxRow)
        .where(text("outbox.state IN ('leased','sending')"), or_(over, dead), OutboxRow.id.not_in(in_flight))
        .order_by(OutboxRow.id)
        .limit(500)
    ).all()
    for row in left:
        if row.lease_epoch == epoch:
            row.suspicion = 0  # this process lives
        if row.state is OutboxState.LEASED:
            release(session, row)
        else:
            record_ambiguous(session, row, ReasonCode.SENDER_DIED)
        if row.suspicion >= MOST_SUSPICION and row.state is OutboxState.PENDING:
            _give_up(row)
    if left:
        bump_revision(session)
    return len(left)


def _give_up(row: OutboxRow) -> None:
    """What the process does not survive is tried again by nobody but a person."""
    log.error("Message %d of kind %s is given up: process after process ended during its attempts", row.id, row.kind)
    row.state = OutboxState.DEAD
    outbox.give_reason(row, ReasonCode.ENDS_PROCESS)


def release(session: Session, row: OutboxRow) -> None:
    """Put the row back into the queue, as if it had never been claimed."""
    wake_after_commit(session, Work.MESSAGES)
    row.state, row.lease_epoch, row.lease_until = OutboxState.PENDING, None, None


def record_ambiguous(session: Session, row: OutboxRow, code: ReasonCode, detail: str = "") -> None:
    """It is unknown whether the attempt arrived. The table of kinds decides: send again, or leave it to a person.

    Edits and deletions are idempotent: repeated freely, and never a duplicate.
    """
    method = session.scalar(
        select(Delivery.method).where(Delivery.outbox_id == row.id).order_by(Delivery.id.desc()).limit(1)
    )
    release(session, row)
    outbox.give_reason(row, code, detail)
    row.due_at = engine.now(session) + timedelta(seconds=backoff.retry_delay(row.attempts))
    if method is not None and not method.startswith("send"):
        return
    row.ambiguous += 1
    repeats = spec_of(row.kind).repeats
    if repeats is not None and row.ambiguous > repeats:
        row.state = OutboxState.HELD
        bump_revision(session)


def expire(session: Session) -> int:
    """Expire rows that are no longer needed. Returns their number."""
    hit = session.execute(
        update(OutboxRow)
        .where(PENDING, OutboxRow.expires_at <= engine.now(session))
        .values(state=OutboxState.EXPIRED, reason_code=ReasonCode.EXPIRED, reason_detail="")
    )
    count: int = hit.rowcount  # type: ignore[attr-defined]
    if count:
        bump_revision(session)
    return count
