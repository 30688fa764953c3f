"""Short answers outside the screen: queued as facts, worded at delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Incoming
from common import i18n
from common.messaging import outbox
from common.messaging.kinds import MessageKind


def cause_key(incoming: Incoming) -> str:
    """The key of the messages that this update causes."""
    return f"u{incoming.seq}"


def reply(session: Session, incoming: Incoming, kind: MessageKind, arguments: Mapping[str, Any] | None = None) -> None:
    """Answer an update with a message of a kind, in the language of the person or, for strangers, of their Telegram."""
    _queue(session, incoming.chat_id, incoming.seq, kind, incoming.language_code, arguments)


def apologise(session: Session, chat_id: int, seq: int, language_code: str) -> None:
    """Apologise, once: the update's step failed for good and the update is in quarantine."""
    _queue(session, chat_id, seq, MessageKind.REPLY_APOLOGY, language_code, None)


def _queue(
    session: Session,
    chat_id: int,
    seq: int,
    kind: MessageKind,
    language_code: str,
    arguments: Mapping[str, Any] | None,
) -> None:
    outbox.enqueue(
        session,
        key=f"u{seq}:{kind}",
        kind=kind,
        chat_id=chat_id,
        stream=outbox.chat_stream(chat_id),
        arguments={"language": i18n.known_language(language_code), **(arguments or {})},
        collapse_key=f"{kind}:{chat_id}",  # ten messages while Telegram was slow get one answer
    )
