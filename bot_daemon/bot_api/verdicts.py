"""One table of what each answer of the Bot API means for a message.

Texts are those of the official server (tdlib/telegram-bot-api, Client.cpp); they are matched in lower case, so that a
change of capitals there costs nothing here. An answer that is not in the table is a permanent refusal, shown in
Telegram's own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot_daemon.bot_api.client import Ambiguous, Answered, CallOutcome, NotSent
from common.database.models import ReasonCode


@dataclass(frozen=True)
class Sent:
    """The message is there. `message_id` is that of the new or edited message."""

    message_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Snooze:
    """429: a deadline. It does not count as an attempt."""

    seconds: float


@dataclass(frozen=True)
class Unreachable:
    """The chat cannot be written to, with the reason."""

    why: ReasonCode


@dataclass(frozen=True)
class ChatMoved:
    chat_id: int


@dataclass(frozen=True)
class MessageGone:
    """The message to edit no longer exists: it is sent anew."""


@dataclass(frozen=True)
class GiveUp:
    """The message can never be sent: Telegram refused for good, or its photo is missing."""

    detail: str
    code: ReasonCode = ReasonCode.REFUSED


@dataclass(frozen=True)
class TokenRefused:
    """401: not this message's fault."""


@dataclass(frozen=True)
class Unsent:
    """The attempt was stamped, but the dispatcher stopped or lost its lease before the request."""


SendVerdict = (
    Sent | Snooze | Unreachable | ChatMoved | MessageGone | GiveUp | TokenRefused | NotSent | Ambiguous | Unsent
)

UNREACHABLE: tuple[tuple[str, ReasonCode], ...] = (
    ("bot was blocked by the user", ReasonCode.BLOCKED),
    ("user is deactivated", ReasonCode.DEACTIVATED),
    ("bot can't initiate conversation", ReasonCode.NOT_STARTED),
    ("bot was kicked", ReasonCode.KICKED),
    ("bot is not a member", ReasonCode.KICKED),
    ("chat not found", ReasonCode.NOT_FOUND),
    ("peer_id_invalid", ReasonCode.NOT_FOUND),
    ("have no rights to send a message", ReasonCode.NO_RIGHTS),
    ("group chat was deleted", ReasonCode.NOT_FOUND),
)
DONE_ALREADY = ("message is not modified",)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
NOTHING_TO_DELETE = (
    "message to delete not found",
    "message can't be deleted",
    "message identifier is not specified",
    "message_id_invalid",
)
MAX_REASON = 280
MAX_PAUSE = 7 * 86_400.0  # longer than any message is worth sending


def verdict_of(answer: CallOutcome, method: str) -> SendVerdict:
    """The verdict on one attempt."""
    if not isinstance(answer, Answered):
        return answer
    if answer.ok:
        result = answer.result
        return Sent(result.get("message_id") if isinstance(result, dict) else None)
    if answer.migrate_to is not None:
        return ChatMoved(int(answer.migrate_to))
    if answer.status == 429:
        return Snooze(min(max(answer.retry_after or 5.0, 0.0), MAX_PAUSE))
    if answer.status == 401:
        return TokenRefused()
    return _refusal_verdict(answer.description, method)


def _refusal_verdict(description: str, method: str) -> SendVerdict:
    text = description.lower()
    for words, why in UNREACHABLE:
        if words in text:
            return Unreachable(why)
    if any(words in text for words in DONE_ALREADY):
        return Sent(detail="unchanged")
    if method.startswith("delete") and any(words in text for words in NOTHING_TO_DELETE):
        return Sent(detail="was gone")
    if method.startswith("edit") and any(words in text for words in GONE):
        return MessageGone()
    return GiveUp(description[:MAX_REASON])
