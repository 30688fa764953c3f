"""Short answers outside the screen: queued as facts, worded at delivery."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Incoming
from common import clock, i18n
from common.database.models import OutboxRow
from common.facts.messages import ReplyFacts
from common.messaging import outbox
from common.messaging.kinds import MessageKind

AN_HOUR = timedelta(hours=1)


def cause_key(incoming: Incoming) -> str:
    """The key of the messages that this update causes."""
    return f"u{incoming.seq}"


def language_of(incoming: Incoming) -> str | None:
    """The language of somebody's Telegram, if it is one of ours: a guess for strangers."""
    return i18n.known_language(incoming.language_code)


def reply(session: Session, incoming: Incoming, kind: MessageKind, arguments: ReplyFacts | None = None) -> None:
    """Answer an update with a message of a kind, in the language of the person or, for strangers, of their Telegram."""
    _queue(session, incoming.chat_id, incoming.seq, kind, arguments or ReplyFacts(language=language_of(incoming)))


def answer_stranger(
    session: Session, incoming: Incoming, kind: MessageKind, arguments: ReplyFacts | None = None, most: int = 1
) -> None:
    """Answer somebody who is not of the station: so often an hour with each kind, however much they write."""
    since = clock.utcnow() - AN_HOUR
    told = select(OutboxRow.id).where(OutboxRow.chat_id == incoming.chat_id, OutboxRow.kind == kind.value)
    if len(session.scalars(told.where(OutboxRow.created_at > since).limit(most)).all()) < most:
        reply(session, incoming, kind, arguments)


def apologise(session: Session, chat_id: int, seq: int, language_code: str) -> None:
    """Say sorry, once: the update's step failed for good and it is in quarantine."""
    arguments = ReplyFacts(language=i18n.known_language(language_code))
    _queue(session, chat_id, seq, MessageKind.REPLY_APOLOGY, arguments)


def _queue(session: Session, chat_id: int, seq: int, kind: MessageKind, arguments: ReplyFacts) -> None:
    outbox.enqueue(
        session,
        key=f"u{seq}:{kind}",
        kind=kind,
        chat_id=chat_id,
        stream=outbox.chat_stream(chat_id),
        arguments=arguments,
        collapse_key=f"{kind}:{chat_id}",  # ten knocks while Telegram was slow are one answer
    )
