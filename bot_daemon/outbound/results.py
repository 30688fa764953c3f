"""After the request: its outcome is written back to the row and its delivery.

Every write is fenced by the lease's epoch.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.bot_api.client import Ambiguous, NotSent
from bot_daemon.bot_api.verdicts import (
    ChatMoved,
    GiveUp,
    MessageGone,
    SendVerdict,
    Sent,
    Snooze,
    TokenRefused,
    Unreachable,
    Unsent,
)
from bot_daemon.outbound import claims, targets
from bot_daemon.outbound.stamping import Outgoing
from bot_daemon.runtime import backoff
from common.database import engine
from common.database.engine import bump_revision, kept_in_session
from common.database.models import Chat, Delivery, OutboxRow, OutboxState, ReasonCode
from common.messaging import outbox
from common.messaging.kinds import spec_of
from common.messaging.message_spec import Family

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SendResult:
    """The outcome of one attempt."""

    outgoing: Outgoing
    verdict: SendVerdict
    milliseconds: int


def record(session: Session, results: list[SendResult], epoch: int) -> list[bool]:
    """Write back the outcomes of a batch. False: the row was no longer ours, so nothing was changed."""
    ids = [result.outgoing.row_id for result in results]
    rows = {row.id: row for row in session.scalars(select(OutboxRow).where(OutboxRow.id.in_(ids)).with_for_update())}
    stamps = [result.outgoing.delivery_id for result in results]
    deliveries = {d.id: d for d in session.scalars(select(Delivery).where(Delivery.id.in_(stamps)))}
    with kept_in_session(targets.load_targets(session, rows.values())):
        return [
            _record(session, rows.get(r.outgoing.row_id), deliveries.get(r.outgoing.delivery_id), r, epoch)
            for r in results
        ]


def _record(session: Session, row: OutboxRow | None, delivery: Delivery | None, result: SendResult, epoch: int) -> bool:
    if row is None or row.state is not OutboxState.SENDING or row.lease_epoch != epoch:
        log.warning("Message %d now belongs to another daemon; its result is not stored", result.outgoing.row_id)
        return False
    if delivery is not None:
        delivery.outcome = type(result.verdict).__name__.lower()
        delivery.detail, delivery.milliseconds = _detail(result.verdict), result.milliseconds
    row.suspicion = 0  # the attempt has an end
    _apply(session, row, result)
    if row.order_id is not None:
        bump_revision(session)
    return True


def _detail(verdict: SendVerdict) -> str | None:
    for name in ("reason", "why", "detail", "seconds"):
        value = getattr(verdict, name, None)
        if value:
            return str(value)[:300]
    return None


def _apply(session: Session, row: OutboxRow, result: SendResult) -> None:
    """Apply the verdict to the row: one case per verdict."""
    now = engine.now(session)
    match result.verdict:
        case Sent(message_id):
            row.state, row.sent_at = OutboxState.SENT, now
            outbox.give_reason(row, None)
            row.message_id = message_id or row.message_id
            if message_id is not None and result.outgoing.method == "sendMessage":
                targets.remember_message(session, row, message_id)
        case Unsent():
            row.attempts -= 1
            claims.release(session, row)
        case Snooze(seconds):
            row.attempts -= 1
            claims.release(session, row)
            outbox.give_reason(row, ReasonCode.RATE_LIMITED, f"{seconds:.0f} s")
            claims.postpone_chat(session, row.chat_id, now + timedelta(seconds=seconds))
        case NotSent(reason):
            claims.release(session, row)
            outbox.give_reason(row, ReasonCode.NETWORK, reason)
            row.due_at = now + timedelta(seconds=backoff.retry_delay(row.attempts))
        case Ambiguous(reason):
            claims.record_ambiguous(session, row, ReasonCode.NETWORK, reason)
        case ChatMoved(chat_id):
            claims.release(session, row)
            _ensure_chat(session, row.chat_id).migrated_to = chat_id
        case MessageGone() if spec_of(row.kind).family is Family.AMENDMENT:
            row.state = OutboxState.SUPERSEDED
            outbox.give_reason(row, ReasonCode.NOTICE_GONE)
        case MessageGone():
            claims.release(session, row)
            targets.forget_message(session, row)
        case Unreachable(why):
            row.state = OutboxState.UNREACHABLE
            outbox.give_reason(row, why)
            _ensure_chat(session, row.chat_id).unreachable = why
            bump_revision(session)
        case TokenRefused():
            row.attempts -= 1
            claims.release(session, row)
        case GiveUp(detail, code):
            row.state = OutboxState.FAILED
            outbox.give_reason(row, code, detail)


def _ensure_chat(session: Session, chat_id: int) -> Chat:
    chat = session.get(Chat, chat_id)
    if chat is None:
        chat = Chat(chat_id=chat_id, unreachable="", kind="group" if chat_id < 0 else "private")
        session.add(chat)
    return chat
