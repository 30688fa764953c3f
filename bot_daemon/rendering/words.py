"""The bot's words for our codes, one table a subject."""

from __future__ import annotations

from bot_daemon.drafts import Refusal
from common import media
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
    "media_added": N_("Got it, it goes with the order."),
    "media_full": N_("One order holds %(most)s photos and voice notes."),
    "added_as_line": N_("A plate has digits, so this went into the order as a line."),
}

LOST_MEDIA: dict[str, str] = {
    "too_large": N_("That file is too large: Telegram hands me 20 MB at most. Try to send it as a photo."),
    "wrong_type": N_("I cannot keep that kind of file. Send a picture as a photo, or record a voice note."),
    "damaged": N_("That picture is damaged, I cannot open it. Please send it once more."),
    "too_many_pixels": N_("That picture is too big for me. Send it as a photo, not as a file."),
    "empty": N_("That file is empty. Please send it once more."),
}
LOST = N_("I could not get that file from Telegram. Please send it once more.")


def lost_media(reason: str) -> str:
    """Why a photo or voice note is not kept, and what to do instead."""
    return gettext(LOST_MEDIA.get(reason, LOST))


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
    return (
        refused(known[code]) if code in known else gettext(NOTES[code]) % {"most": media.MOST} if code in NOTES else ""
    )
