"""Reasons with one tap: codes for the ones that are given all day. A reason that is not a code is free text."""

from __future__ import annotations

from common.i18n import N_, gettext
from common.orders.moves import Move

WORDS: dict[str, str] = {
    "reason.supplier": N_("Ordered from the supplier"),
    "reason.searching": N_("Looking for it"),
    "reason.clarify": N_("Something has to be cleared up"),
    "reason.unavailable": N_("It cannot be had"),
    "reason.twice": N_("It was ordered twice"),
    "reason.not_needed": N_("It is not needed any more"),
    "reason.wrong_part": N_("It was the wrong part"),
    "reason.mistake": N_("That was a mistake"),
}
OFFERED: dict[Move, tuple[str, ...]] = {
    Move.WAIT: ("supplier", "searching", "clarify"),
    Move.CANCEL: ("unavailable", "twice", "not_needed"),
    Move.REOPEN: ("wrong_part", "mistake"),
}


def reason_code(name: str) -> str:
    """What is stored for an offered reason."""
    return f"reason.{name}"


def reason_text(reason: str) -> str:
    """A stored reason in the reader's language."""
    return gettext(WORDS[reason]) if reason in WORDS else reason
