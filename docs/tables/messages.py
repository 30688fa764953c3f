"""Kinds of messages, the states of inbox and outbox, and the meaning of Telegram's refusals."""

from __future__ import annotations

from bot_daemon.bot_api import verdicts
from bot_daemon.runtime import backoff
from common.database.models import InboxState, MediaReason, OutboxState, ReasonCode
from common.locale.voice import TERMS
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Family
from common.messaging.outbox import RECEIPTS
from docs.markdown import code, span, table
from docs.source import comments


def families() -> str:
    about = comments(Family)
    return table(("Family", "What it is"), ((code(one.value), about[one.name]) for one in Family))


def kinds() -> str:
    heads = ("Kind", "Family", "Priority", "Expires after", "After an ambiguous send", "Sent text kept", "What it says")
    return table(heads, (_kind(kind) for kind in MessageKind))


def _kind(kind: MessageKind) -> tuple[object, ...]:
    spec = kind.spec
    kept = "yes" if spec.keeps_text else "no"
    expires = span(spec.expires.total_seconds())
    return code(kind.value), spec.family.value, spec.priority, expires, _repeats(spec.repeats), kept, spec.about


def _repeats(repeats: int | None) -> str:
    if repeats is None:
        return "repeated until answered"
    times = {0: "", 1: "repeated once, ", 2: "repeated twice, "}.get(repeats, f"repeated {repeats} times, ")
    return f"{times}then unknown" if times else "unknown at once: a person decides"


def outbox_states() -> str:
    about = {"PENDING": "waits for its turn", "SENT": "Telegram has it", **comments(OutboxState)}
    rows = ((code(s.value), about[s.name], RECEIPTS.get(s, "not shown")) for s in OutboxState)
    return table(("State", "Meaning", "Receipt at the desk"), rows)


def inbox_states() -> str:
    told = {"RECEIVED": "waits for its turn in its lane", "DONE": "handled, or ignored because no step handles it"}
    about = {**told, **comments(InboxState)}
    return table(("State", "Meaning"), ((code(s.value), about[s.name]) for s in InboxState))


def unreachable() -> str:
    rows = ((f"“{words}”", code(why)) for words, why in verdicts.UNREACHABLE)
    return table(("Telegram's words", "Reason kept"), rows)


def harmless() -> str:
    rows = [
        *((f"“{words}”", "sent", "the message shows this already") for words in verdicts.DONE_ALREADY),
        *((f"“{words}”", "sent, when deleting", "the message is gone already") for words in verdicts.NOTHING_TO_DELETE),
        *((f"“{words}”", "sent anew", "the message to edit does not exist any more") for words in verdicts.GONE),
    ]
    return table(("Telegram's words", "Outcome", "Why"), rows)


def reasons() -> str:
    return _codes(ReasonCode)


def file_reasons() -> str:
    return _codes(MediaReason)


def _codes(members: type[ReasonCode | MediaReason]) -> str:
    about = comments(members)
    return table(("Code", "Meaning"), ((code(one.value), about[one.name]) for one in members))


def back_off() -> str:
    rows = ((number, span(step) if step else "at once") for number, step in enumerate(backoff.DELAYS, start=1))
    return table(("After failure", "Next attempt"), rows)


def chat_words() -> str:
    """The words of bot and desk in the three languages."""
    rows = ((t.ru, t.he, t.en, ", ".join((*t.not_ru, *t.not_he, *t.not_en))) for t in TERMS)
    return table(("Russian", "Hebrew", "English", "Not"), rows)
