"""The inbox: every authentic update is a row, committed before Telegram gets its 200.

Acknowledging reads only the envelope (update_id, kind, sender, chat) and stores the bytes as they came: building the
library's objects costs three quarters of the work and happens later, in the lane.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database import rows
from common.database.engine import Work, wake_after_commit
from common.database.models import InboxRow, InboxState
from common.errors import NotFound
from common.signing import digest

MAX_BODY = 1024 * 1024  # an update is at most 512 KiB at Telegram (TQueue); a larger body is not an update
MAX_UPDATE_ID = 2**31 - 1  # Bot API: Update.update_id is a 32-bit integer
MAX_ID = 2**52  # Bot API: ids have at most 52 significant bits
UNREADABLE = "unreadable"
KIND = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True)
class ReceivedUpdate:
    """One body and what its envelope says. Unreadable: no update_id, and the reason in `fault`."""

    body: bytes
    update_id: int | None
    kind: str
    lane: str
    fault: str = ""


def read_envelope(body: bytes) -> ReceivedUpdate:
    """What the inbox must know of an update. Never raises: an unreadable body is a `ReceivedUpdate` that says so."""
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _unreadable(body, f"not JSON: {error}")
    if not isinstance(decoded, dict):
        return _unreadable(body, "not an object")
    update_id = decoded.get("update_id")
    if type(update_id) is not int or not 0 <= update_id <= MAX_UPDATE_ID:
        return _unreadable(body, "no update_id")
    kind, content = _content(decoded)
    return ReceivedUpdate(body, update_id, kind, _lane(content))


def _unreadable(body: bytes, fault: str) -> ReceivedUpdate:
    return ReceivedUpdate(body, None, UNREADABLE, UNREADABLE, fault[:300])


def _content(decoded: dict[str, Any]) -> tuple[str, object]:
    for name, value in decoded.items():
        if name != "update_id":
            return (name if KIND.fullmatch(name) else "unknown"), value
    return "empty", None


def _lane(content: object) -> str:
    """One lane per person, across messages and presses: the sender's id, else the chat's."""
    if not isinstance(content, dict):
        return "other"
    sender, chat = content.get("from"), content.get("chat")
    message = content.get("message")
    if chat is None and isinstance(message, dict):
        chat = message.get("chat")
    for prefix, who in (("u", sender), ("c", chat)):
        number = _id(who) if isinstance(who, dict) else None
        if number is not None:
            return f"{prefix}:{number}"
    return "other"


def _id(who: dict[str, Any]) -> int | None:
    number = who.get("id")
    return number if type(number) is int and abs(number) <= MAX_ID else None


@dataclass(frozen=True)
class PrivateSender:
    """Who sent an update in a private chat, and the language of their Telegram."""

    chat_id: int
    language_code: str


def press_id(body: bytes | None) -> str | None:
    """The id to answer if the update is a press. Like the envelope, read without the library."""
    kind, content = _recorded(body)
    found = content.get("id") if kind == "callback_query" else None
    return found if isinstance(found, str) else None


def private_sender(body: bytes | None) -> PrivateSender | None:
    """Who to apologise to; None in a group. Reads what `read_envelope` has read before, so it ends no process."""
    _, content = _recorded(body)
    message = content.get("message")
    chat = content.get("chat", message.get("chat") if isinstance(message, dict) else None)
    sender = content.get("from")
    if not isinstance(chat, dict) or chat.get("type") != "private" or _id(chat) is None:
        return None
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return PrivateSender(chat["id"], code if isinstance(code, str) else "")


def _recorded(body: bytes | None) -> tuple[str, dict[str, Any]]:
    """The kind and the content of a body that `read_envelope` could read."""
    kind, content = _content(msgspec.json.decode(body or b"{}"))
    return kind, content if isinstance(content, dict) else {}


def record(session: Session, bot_id: int, updates: Sequence[ReceivedUpdate]) -> int:
    """Store updates; what is there already is left alone. Returns how many are new.

    Unreadable ones go into quarantine at once, recognised again by their digest.
    """
    now = clock.utcnow()
    new = 0
    readable = [_row(bot_id, u, now) for u in updates if u.update_id is not None]
    unreadable = [_row(bot_id, u, now) for u in updates if u.update_id is None]
    for batch, unique in ((readable, ["bot_id", "update_id"]), (unreadable, ["digest"])):
        if batch:
            statement = (
                rows.insert(session, InboxRow).on_conflict_do_nothing(index_elements=unique).returning(InboxRow.seq)
            )
            new += len(session.execute(statement, batch).all())
    wake_after_commit(session, Work.UPDATES)
    return new


def _row(bot_id: int, update_: ReceivedUpdate, now: datetime) -> dict[str, Any]:
    unreadable = update_.update_id is None
    return {
        "bot_id": bot_id,
        "update_id": update_.update_id,
        "digest": digest(update_.body) if unreadable else None,
        "lane": update_.lane,
        "kind": update_.kind,
        "body": update_.body,
        "state": InboxState.QUARANTINED if unreadable else InboxState.RECEIVED,
        "outcome": "",
        "attempts": 0,
        "error": update_.fault or None,
        "received_at": now,
        "done_at": None,
    }


def mark_done(session: Session, seq: int, outcome: str) -> bool:
    """Finish a row in its own transaction. False: somebody else has; then nothing of this transaction may stay."""
    done = {"done_seq": seq, "outcome": outcome, "done_at": clock.utcnow()}
    return session.scalar(_DONE, done) is not None


_ROWS = cast(Table, InboxRow.__table__)
_DONE = (
    update(_ROWS)
    .where(_ROWS.c.seq == bindparam("done_seq"), _ROWS.c.state == InboxState.RECEIVED)
    .values(state=InboxState.DONE, outcome=bindparam("outcome"), done_at=bindparam("done_at"), body=None, error=None)
    .returning(_ROWS.c.seq)
)


def quarantined(session: Session, limit: int = 100, after: int = 0) -> list[InboxRow]:
    """Rows in quarantine, oldest first."""
    statement = (
        select(InboxRow)
        .where(InboxRow.state == InboxState.QUARANTINED, InboxRow.seq > after)
        .order_by(InboxRow.seq)
        .limit(limit)
    )
    return list(session.scalars(statement))


def replay(session: Session, seq: int) -> InboxRow:
    """Put a quarantined update back: it runs as if it had just come.

    Raises:
        NotFound: not in quarantine, or unreadable (there is nothing to run).
    """
    row = session.get(InboxRow, seq, with_for_update=True)
    if row is None or row.state is not InboxState.QUARANTINED or row.update_id is None:
        raise NotFound("replayable update", seq)
    row.state, row.attempts, row.error, row.done_at = InboxState.RECEIVED, 0, None, None
    wake_after_commit(session, Work.UPDATES)
    return row


def quarantined_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(InboxRow.state == InboxState.QUARANTINED)) or 0


def depth(session: Session) -> tuple[int, float]:
    """How many rows wait, and the age of the oldest in seconds."""
    count, oldest = session.execute(
        select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.state == InboxState.RECEIVED)
    ).one()
    return count, max((clock.utcnow() - oldest).total_seconds(), 0.0) if oldest else 0.0
