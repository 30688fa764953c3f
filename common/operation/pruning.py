"""Pruning: deletes rows that have done their work, in small batches, so that no transaction waits long for a lock.

Rows that need a person are never pruned: failed, dead, unreachable and unknown messages stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from common import clock, idempotency
from common.database.models import (
    ApiRequest,
    Base,
    CatalogueImport,
    Draft,
    InboxRow,
    InboxState,
    JoinRequest,
    KnownBrowser,
    LastMove,
    LoginAttempt,
    LoginLink,
    Media,
    MediaContent,
    OutboxRow,
    OutboxState,
    PageVisit,
    SignIn,
    StaffSession,
    ThrottleCount,
)
from common.people.access import sign_ins
from common.throttling.limits import FORGET_AFTER

BATCH_SIZE = 500  # rows per transaction


@dataclass(frozen=True)
class Rule:
    """A rule: matching rows of `table` are pruned when their time is more than `after` ago."""

    table: type[Base]
    key: InstrumentedAttribute[Any]
    time: SQLColumnExpression[Any]
    after: timedelta
    matches: tuple[ColumnElement[bool], ...] = ()


def _inbox(state: InboxState, time: SQLColumnExpression[Any], days: int) -> Rule:
    return Rule(InboxRow, InboxRow.seq, time, timedelta(days=days), (InboxRow.state == state,))


def _outbox(state: OutboxState, time: SQLColumnExpression[Any], days: int) -> Rule:
    return Rule(OutboxRow, OutboxRow.id, time, timedelta(days=days), (OutboxRow.state == state,))


RULES = (
    # Telegram repeats an update for 24 hours at most: its row must stay that long, to recognise the repetition.
    _inbox(InboxState.DONE, InboxRow.done_at, 3),
    _inbox(InboxState.QUARANTINED, InboxRow.received_at, 30),
    _outbox(OutboxState.SENT, OutboxRow.sent_at, 90),
    _outbox(OutboxState.SUPERSEDED, OutboxRow.due_at, 14),
    _outbox(OutboxState.EXPIRED, OutboxRow.expires_at, 14),
    # Media of dropped drafts, and unassigned media. Media of orders and of their chat messages stay.
    Rule(
        Media,
        Media.id,
        Media.created_at,
        timedelta(days=1),
        (
            Media.order_id.is_(None),
            Media.chat_message_id.is_(None),
            or_(Media.draft_key.is_(None), Media.draft_key.not_in(select(Draft.key))),
        ),
    ),
    Rule(
        MediaContent,
        MediaContent.digest,
        MediaContent.created_at,
        timedelta(days=1),
        (MediaContent.digest.not_in(select(Media.digest).where(Media.digest.is_not(None))),),
    ),
    Rule(ThrottleCount, ThrottleCount.id, ThrottleCount.at, FORGET_AFTER),
    Rule(LoginAttempt, LoginAttempt.id, LoginAttempt.at, timedelta(hours=1)),
    Rule(KnownBrowser, KnownBrowser.id, KnownBrowser.expires_at, timedelta(0)),
    Rule(StaffSession, StaffSession.digest, StaffSession.expires_at, timedelta(days=1)),
    Rule(SignIn, SignIn.id, SignIn.at, sign_ins.LIFE),
    Rule(ApiRequest, ApiRequest.id, ApiRequest.created_at, idempotency.LIFE),
    Rule(LoginLink, LoginLink.digest, LoginLink.expires_at, timedelta(days=1)),
    Rule(CatalogueImport, CatalogueImport.id, CatalogueImport.expires_at, timedelta(0)),
    Rule(JoinRequest, JoinRequest.id, JoinRequest.asked_at, timedelta(days=30)),
    Rule(PageVisit, PageVisit.order_id, PageVisit.seen_at, timedelta(days=60)),
    Rule(LastMove, LastMove.order_id, LastMove.until, timedelta(hours=1)),
)


def _unassigned(days: int) -> Rule:
    """Media of messages whose sender never said which order they belong to. No page shows them."""
    matches = (Media.order_id.is_(None), Media.chat_message_id.is_not(None))
    return Rule(Media, Media.id, Media.created_at, timedelta(days=days), matches)


def prune(session: Session, bite: int = BATCH_SIZE, *, unassigned_days: int = 0) -> int:
    """Delete at most `bite` rows. Returns how many: while it is not 0, call again in a separate transaction.

    `unassigned_days`: the setting KEEP_UNASSIGNED_DAYS; 0: for ever.
    """
    taken = 0
    for rule in (*RULES, *([_unassigned(unassigned_days)] if unassigned_days else [])):
        taken += _apply(session, rule, bite - taken)
        if taken >= bite:
            break
    return taken


def _apply(session: Session, rule: Rule, most: int) -> int:
    some = select(rule.key).where(*rule.matches, rule.time < clock.utcnow() - rule.after).limit(most)
    hit = session.execute(delete(rule.table).where(rule.key.in_(some)).execution_options(synchronize_session=False))
    return hit.rowcount  # type: ignore[attr-defined, no-any-return]


def unneeded(session: Session, files: Sequence[Path]) -> list[Path]:
    """Files of the media directory, named by digest, that no row refers to, half-written ones included."""
    needed: set[str] = set()
    for start in range(0, len(files), BATCH_SIZE):
        names = [path.name for path in files[start : start + BATCH_SIZE]]
        needed |= set(session.scalars(select(MediaContent.digest).where(MediaContent.digest.in_(names))))
    return [path for path in files if path.name not in needed]
