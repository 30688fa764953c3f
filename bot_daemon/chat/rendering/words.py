"""The bot's texts for our codes, one table per subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.rendering.text import escape, localized
from common.cars import vins
from common.cars.identified import CarNote
from common.cars.vehicles import MAX_TYPED
from common.catalogue.favourites import MAX_STARS as MOST_STARS
from common.database.models import Additives, Grade, LineState, OrderState
from common.i18n import N_, gettext
from common.media.attachments import MAX_FILES as MOST_FILES
from common.orders.content.line_text import SEPARATOR
from common.orders.content.quantities import MAX_QUANTITY
from common.orders.placing import MAX_COMMENT, MAX_LINES, MAX_REMARK, MAX_WORDS
from common.orders.states import ORDER_STATES
from common.talk.change_requests import MOST_OPEN, Wish
from common.words import ADDITIVES, ANSWERS, CAR_NOTES, GRADES, LINE_STATES, NO_REMARK, WISHES, wish_quantity

NOTES: dict[str, str] = {  # one line about the last action or its refusal; `%(most)s` from MOST
    Refusal.LINE_GONE: N_("That line is no longer in the order."),
    Refusal.TOO_MANY_LINES: N_("One order holds %(most)s lines. Send this one and start another."),
    Refusal.QUANTITY: N_("A quantity is from 1 to %(most)s."),
    "quantity_fraction": N_(
        "Write a whole number. Only litres and kilograms below 10 and metres below 100 may have a fraction."
    ),
    "remark": N_("That remark is too long: at most %(most)s characters."),
    Refusal.NOTHING_TO_COUNT: N_("Pick a part first, then its quantity."),
    Refusal.EMPTY: N_("I could not read that. Type it once more, please."),
    Refusal.WORDS_LONG: N_("That is too long: at most %(most)s characters a line."),
    Refusal.PLATE_LONG: N_("That is too long for a plate: at most %(most)s characters."),
    Refusal.COMMENT_LONG: N_("That comment is too long: at most %(most)s characters."),
    Refusal.PART_GONE: N_("That part is no longer in the catalogue. Type it: it is sent as written."),
    Refusal.PART_LEFT: N_("No longer in the catalogue, so it goes as written: %(words)s"),
    Refusal.CATEGORY_GONE: N_("That category is no longer in the catalogue."),
    Refusal.CAR_GONE: N_("Type the plate, please."),
    Refusal.ORDER_GONE: N_("There is no such order."),
    Refusal.FILE_GONE: N_("That photo or voice note is not in this order."),
    Refusal.FILES_FULL: N_("One order holds %(most)s photos and voice notes. This one was not added."),
    Refusal.NO_ADDITIVES: N_("There are no additives in the catalogue."),
    Refusal.NOTHING_TO_PUT_BACK: N_("There is nothing to put back."),
    "added_as_line": N_("Added. Which car is it for?"),
    "not_all_sought": N_("That was a lot at once: I looked up the beginning only, the rest goes as typed."),
    "long_text": N_("Long text: in full as a message of the order."),
    "noted": N_("Noted on the line."),
    "corrected": N_("Corrected."),
    "removed_line": N_("Removed from the list."),
    "send_plate_photo": N_("Send a photo of the plate."),
    "not_understood": N_("I understand text, photos and voice notes."),
    "last_line": N_("It is the only line. Cancel the order instead."),
    "too_many_requests": N_("The desk has %(most)s wishes of yours to decide already."),
    "too_late": N_("Too late to change it here. Ask at the counter."),
    "changed": N_("Done."),
    "asked_of_desk": N_("The desk is asked. You will see the answer on the card."),
    "removed": N_("Removed."),
    "dropped": N_("Dropped."),
    "missing": N_("Not yet: something is missing."),
    "sent": N_("Sent: order %(number)s."),
    "again": N_("They are in the order."),
    "starred": N_("A favourite now: it comes first."),
    "stars_full": N_("You have %(most)s favourites. Take one out first."),
    "unstarred": N_("Not a favourite any more."),
}
LIMITS: dict[str, int] = {
    Refusal.TOO_MANY_LINES: MAX_LINES,
    Refusal.QUANTITY: MAX_QUANTITY,
    Refusal.WORDS_LONG: MAX_WORDS,
    Refusal.PLATE_LONG: MAX_TYPED,
    Refusal.COMMENT_LONG: MAX_COMMENT,
    Refusal.FILES_FULL: MOST_FILES,
    "remark": MAX_REMARK,
    "stars_full": MOST_STARS,
    "too_many_requests": MOST_OPEN,
}
LOST_MEDIA: dict[str, str] = {
    "too_large": N_("Not kept: the file is over 20 MB. Send a photo or a shorter video."),
    "wrong_type": N_("Not kept: I can keep photos, voice notes, videos and PDF files."),
    "damaged": N_("That picture is damaged, I cannot open it. Please send it once more."),
    "too_many_pixels": N_("That picture is too big for me. Send it as a photo, not as a file."),
    "empty": N_("That file is empty. Please send it once more."),
    "quota": N_("You have sent very many files within a day, I cannot keep more of them now. Tell it in words."),
    "no_room": N_("The station has no room for files at the moment, so I did not keep it. Tell it in words."),
}
LOST = N_("I could not get that file from Telegram. Please send it once more.")


def lost_media(reason: str) -> str:
    """The reason why a photo or voice note is not kept, and advice what to do instead."""
    return gettext(LOST_MEDIA.get(reason, LOST))


def order(number: int) -> str:
    return gettext("Order %(number)s") % {"number": number}


def state(code: OrderState) -> str:
    info = ORDER_STATES[OrderState(code)]
    return f"{info.sign} {gettext(info.word)}"


def grade(code: Grade) -> str:
    return gettext(GRADES[code])


def line_state(code: LineState) -> str:
    return gettext(LINE_STATES[code])


def answer(given: str) -> str:
    """The text of an answer; a written answer is shown as written."""
    return gettext(ANSWERS[given]) if given in ANSWERS else given


def wish(kind: Wish, arguments: Mapping[str, Any], most: int = 80) -> str:
    """A change that a mechanic wishes, in one line; `most`: units for the line's words, half of them for its remark."""
    words, remark = localized(arguments.get("words") or {}, most), arguments.get("remark") or ""
    shown = escape(remark or NO_REMARK, most // 2)
    named = remark and kind is not Wish.REMARK
    facts = {"words": f"{words}{SEPARATOR}{shown}" if named else words, "remark": shown}
    return gettext(WISHES[kind]) % {**facts, "quantity": wish_quantity(kind, arguments)}


def additives(code: Additives) -> str:
    return gettext(ADDITIVES[code])


def car_note(note: CarNote) -> str:
    """One line about a plate or VIN."""
    return gettext(CAR_NOTES[note])


def make(vin: str | None) -> list[str]:
    """One line with the make and model year, as far as the VIN tells them; else none."""
    known = vins.describe_vin(vin or "")
    if known.make is None:
        return []
    return ["🏷 " + escape(f"{known.make}, {known.year}" if known.year else known.make, 60)]


def note_text(code: str, facts: Mapping[str, object]) -> str:
    """A note in the reader's language; empty for a code this version does not know."""
    return gettext(NOTES.get(code, "")) % {"most": LIMITS.get(code, 0), "words": "", "number": "", **facts}
