"""The bot's words for our codes, one table a subject."""

from __future__ import annotations

from bot_daemon.drafts import Refusal
from common.i18n import N_, gettext
from common.models import Grade, OrderState
from common.orders import MAX_COMMENT, MAX_LINES, MAX_QUANTITY, MAX_WORDS
from common.vehicles import MAX_TYPED
from common.words import GRADES, STATES

SIGNS: dict[OrderState, str] = {
    OrderState.NEW: "🆕",
    OrderState.IN_WORK: "🔧",
    OrderState.WAITING: "⏳",
    OrderState.READY: "✅",
    OrderState.ISSUED: "📦",
    OrderState.CANCELLED: "❌",
}
REFUSALS: dict[Refusal, str] = {
    Refusal.LINE_GONE: N_("That line is no longer in the order."),
    Refusal.TOO_MANY_LINES: N_("One order holds %(most)s lines. Send this one and start another."),
    Refusal.QUANTITY: N_("A quantity is from 1 to %(most)s."),
    Refusal.NOTHING_TO_COUNT: N_("Pick a part first, then its quantity."),
    Refusal.EMPTY: N_("I could not read that. Type it once more, please."),
    Refusal.WORDS_LONG: N_("That is too long: at most %(most)s characters a line."),
    Refusal.PLATE_LONG: N_("That is too long for a plate: at most %(most)s characters."),
    Refusal.COMMENT_LONG: N_("That comment is too long: at most %(most)s characters."),
}
MOST: dict[Refusal, int] = {
    Refusal.TOO_MANY_LINES: MAX_LINES,
    Refusal.QUANTITY: MAX_QUANTITY,
    Refusal.WORDS_LONG: MAX_WORDS,
    Refusal.PLATE_LONG: MAX_TYPED,
    Refusal.COMMENT_LONG: MAX_COMMENT,
}
NOTES: dict[str, str] = {
    "only_text": N_("I only understand text so far: photos and voice notes come later."),
    "added_as_line": N_("A plate has digits, so this went into the order as a line."),
}


def order(number: int) -> str:
    return gettext("Order %(number)s") % {"number": number}


def state(code: OrderState) -> str:
    return f"{SIGNS[code]} {gettext(STATES[code])}"


def grade(code: Grade) -> str:
    return gettext(GRADES[code])


def refused(code: Refusal) -> str:
    """Why not, in the reader's language."""
    return gettext(REFUSALS[code]) % {"most": MOST.get(code, 0)}


def note(code: str) -> str:
    """One line on the screen about what was just typed; nothing for a code this version does not know."""
    known = {refusal.value: refusal for refusal in Refusal}
    return refused(known[code]) if code in known else gettext(NOTES[code]) if code in NOTES else ""
