"""The words for our codes, one table per subject: states, moves, roles, events, receipts, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from common.counter.slips import Width
from common.database.models import Role, SignInKind, Via
from common.errors import InvalidInput, WrongState
from common.i18n import N_, gettext, worded
from common.languages import NAMES
from common.messaging.kinds import MessageKind
from common.orders import reasons
from common.orders.content.line_text import SEPARATOR
from common.orders.moves import REASON_WITHDRAWN
from common.people.invitations import InvitationRefused
from common.talk.change_requests import Wish
from common.talk.quick_replies import FilledText
from common.words import ADDITIVES as ADDITIVES
from common.words import ANSWERS as ANSWERS
from common.words import CAR_NOTES as CAR_NOTES
from common.words import GRADES as GRADES
from common.words import INVITATIONS, NO_REMARK, wish_quantity
from common.words import LINE_STATES as LINE_STATES
from common.words import MOVES as MOVES
from common.words import STATES as STATES
from common.words import WISHES as WISHES

NOTICES: dict[str, str] = {kind: kind.spec.switch for kind in MessageKind if kind.spec.switch}
ROLES: dict[str, str] = {
    Role.MECHANIC: N_("Mechanic"),
    Role.STOREKEEPER: N_("Storekeeper"),
    Role.MANAGER: N_("Manager"),
}
SOURCES: dict[str, str] = {
    Via.BOT: N_("in the chat"),
    Via.DESK: N_("at the desk"),
    Via.API: N_("through the API"),
    Via.COMMAND: N_("by command"),
}
REFUSALS: dict[str, str] = {
    "undo_late": N_("Too late to undo it: move the order by hand."),
    "undo_gone": N_("There is no move of yours to undo."),
    "reason_needed": N_("Give the reason."),
    "reason_long": N_("That reason is too long: at most %(most)s characters."),
    "name": N_("Give a name of 1 to %(most)s characters."),
    "language": N_("Choose one of the languages."),
    "role": N_("Choose one of the roles."),
    "yourself": N_("You cannot close your own access."),
    "erased": N_("They were erased: invite them as somebody new."),
    "open_orders": N_("Open orders first have to be issued or cancelled, or given to somebody else: %(orders)s."),
    "not_confirmed": N_("Tick that it cannot be undone."),
    "username": N_("A name to sign in with has 2 to 64 characters and no spaces."),
    "username_taken": N_("Somebody signs in with that name already. Choose another."),
    "password_short": N_("That password is too short: at least %(least)s characters."),
    "password_common": N_("That password is among the first that are tried. Take three or four words."),
    "password_long": N_("That password is too long: at most %(most)s characters."),
    "date": N_("That is not a date."),
    "day_needed": N_("Say until which day, or that it is not known yet."),
    "supplier_long": N_("That is too long for a supplier: at most %(most)s characters."),
    "past": N_("That day is over: choose today or later."),
    "question_needed": N_("Write the question."),
    "question_long": N_("That question is too long: at most %(most)s characters."),
    "substitute_needed": N_("Say what there is instead."),
    "substitute_long": N_("That is too long: at most %(most)s characters."),
    "message_needed": N_("Write something first."),
    "message_long": N_("That message is too long: at most %(most)s characters."),
    "owner": N_("Choose somebody who serves orders."),
    "shortcut": N_("A shortcut has 1 to 24 letters, digits and dashes, and begins with a letter or a digit."),
    "shortcut_taken": N_("There is a reply with that shortcut already."),
    "reply_needed": N_("Write the reply in one language at least."),
    "reply_long": N_("That reply is too long: at most %(most)s characters a language."),
    "reply_variable": N_("Nothing fills {%(name)s}. Use one of the places that are listed."),
    "reply_braces": N_("A brace is not closed, or not opened."),
    "reply_unknown": N_("There is no such quick reply."),
    "unfilled": N_("Fill in %(places)s first: the message was not sent."),
    "person_needed": N_("Choose for whom the order is."),
    "no_lines": N_("Add a part first."),
    "quantity": N_("A quantity is from 1 to %(most)s."),
    "quantity_fraction": N_(
        "Write a whole number. Only litres and kilograms below 10 and metres below 100 may have a fraction."
    ),
    "remark": N_("That remark is too long: at most %(most)s characters."),
    "words": N_("A line has 1 to %(most)s characters."),
    "comment": N_("That comment is too long: at most %(most)s characters."),
    "part_gone": N_("A part is no longer in the catalogue: take it out, or add it as it is written."),
    "note_needed": N_("Write the note first."),
    "note_long": N_("That note is too long: at most %(most)s characters."),
    "photos_many": N_("There are %(most)s photos from the desk in this order already. The words can still be sent."),
    "busy": N_("Others are doing the same just now. Nothing was changed. Try again in a few seconds."),
    "photos_day": N_("You have sent very many photos within a day. The words can still be sent."),
    "photo_large": N_("That photo is too large: at most %(most)s MB."),
    "photo_damaged": N_("That photo cannot be opened: it is damaged, or no photo. Choose a JPEG, PNG or WebP."),
    "photo_too_many_pixels": N_("That photo has too many pixels to be opened safely."),
    "photo_unopened": N_("That photo could not be opened. Take it again, or choose another one."),
    "photo_not_kept": N_("The photo could not be kept just now. Try again, or tell whoever runs the desk."),
    "no_chat": N_("The mechanic has not joined in Telegram: there is nowhere to write."),
    "pickup_code": N_("That is not the code. Ask whoever collects it once more, or call the mechanic."),
    "collector_needed": N_("Say who collects it."),
    "collector_long": N_("That name is too long: at most %(most)s characters."),
    "part_name_needed": N_("Give it a name in one language at least."),
    "name_long": N_("That name is too long: at most %(most)s characters."),
    "not_printable": N_("There are characters in it that cannot be seen. Type it anew."),
    "synonyms_many": N_("Those are too many other words: at most %(most)s."),
    "flag": N_("There is no such mark."),
    "unit": N_("There is no such unit."),
    "position": N_("There is no such position."),
    "attribute": N_("There is no such attribute."),
    "button_name_long": N_("That short name is too long for a button: at most %(most)s characters."),
    "icon": N_("That sign is too long: one or two are enough."),
    "code": N_("A code has small letters, digits and _ only, at most %(most)s."),
    "category": N_("Choose a category."),
    "place": N_("The entry that it was to stand before is gone. Look at the list again."),
    "merged": N_("It was merged into another part: bring that one up to date instead."),
    "merge_itself": N_("A part cannot be merged into itself."),
    "part_archived": N_("That part is archived. Bring it back first."),
    "line_is_part": N_("That line is a part of the catalogue already."),
    "file_needed": N_("Choose a file first."),
    "file_empty": N_("There is nothing in that file."),
    "file_large": N_("That file is too large: at most %(most)s MB."),
    "file_bomb": N_("That file unpacks to more than any catalogue needs. It was not opened."),
    "file_unreadable": N_("That file cannot be read. Save it as xlsx or CSV and try again."),
    "file_rows": N_("That file has too many rows: at most %(most)s. Split it."),
    "file_heads": N_("The first row must name the columns, part_ru, part_he or part_en among them."),
    "encoding": N_("The letters of that file cannot be read that way. Choose another encoding, or save it as UTF-8."),
    "row_twice": N_("This part is in the file twice."),
    "row_ambiguous": N_("Several parts have this name: give the code."),
    "category_unknown": N_("There is no such category. Give its code, or names for a new one."),
    "last_manager": N_("Somebody has to be a manager: make another one first."),
    "archived": N_("They are no longer here. Let them in again first."),
    "notice": N_("That message cannot be switched off."),
    "no_staff": N_("Mechanics have no way in to the desk. Give them another role first."),
    "form": N_("That form is not complete. Open the page again."),
    "nothing_picked": N_("Tick the orders first."),
    "too_many_picked": N_("That is too many at once: at most %(most)s orders."),
    "view_name": N_("Give the view a name of 1 to %(most)s characters."),
    "view_empty": N_("Filter the list first: a view stores its filters."),
    "too_many_views": N_("You have %(most)s views already. Archive some first."),
    "view_of_another": N_("Only whoever made this view, or a manager, can change it."),
    "last_line": N_("It is the only line: cancel the order instead."),
    "slips_none": N_("Choose at least one order."),
    "slips_many": N_("At most %(most)s slips are printed at once. Choose fewer orders."),
    "part_or_text": N_("Each line names a part or says in words what is wanted."),
    "plate_empty": N_("Type a plate or a VIN."),
    "plate_long": N_("That is too long for a plate or a VIN."),
    "too_many_lines": N_("An order holds %(most)s lines."),
}
# Refusals because of a state, by what is in that state: the sentence, and the words of the states.
WRONG_STATES: dict[str, tuple[str, Mapping[Any, str]]] = {
    "order": (N_("The order’s state does not allow it: %(state)s."), STATES),
    "line": (N_("The line’s state does not allow it: %(state)s."), LINE_STATES),
    "request": (N_("This request has been decided already."), {}),
}
SIGN_INS: dict[str, str] = {
    SignInKind.PASSWORD: N_("By a password"),
    SignInKind.LINK: N_("By a link in Telegram"),
    SignInKind.INVITATION: N_("By an invitation"),
    SignInKind.FAILED: N_("Wrong password"),
    SignInKind.PAUSED: N_("Too many failures: paused"),
}
WIDTHS: dict[str, str] = {
    Width.ROLL_80: N_("80 mm"),
    Width.ROLL_58: N_("58 mm"),
    Width.A4: N_("A4"),
}
QUESTION_KINDS: dict[str, str] = {
    "side": N_("Left / right / both"),
    "yes_no": N_("Yes / no"),
    "free": N_("In words"),
}
UNREACHABLE: dict[str, str] = {
    "blocked": N_("blocked the bot"),
    "deactivated": N_("Telegram account deleted"),
    "not_started": N_("never started the bot"),
    "not_found": N_("Telegram knows no such chat"),
    "kicked": N_("the bot was put out of the chat"),
    "no_rights": N_("the bot may not write there"),
}


def word_of(table: Mapping[Any, str], code: str) -> str:
    """The word of a code in the reader's language; an unknown code is returned as it is."""
    return gettext(table[code]) if code in table else code


def invitation_refusal(refused: InvitationRefused) -> str:
    """Why an invitation link is refused."""
    return gettext(INVITATIONS[refused.why])


def refusal(error: InvalidInput) -> str:
    """What was wrong with an input, in the reader's language."""
    return gettext(REFUSALS.get(error.code, N_("That cannot be taken: %(code)s."))) % {
        "code": error.code,
        **error.arguments,
    }


def wrong_state(error: WrongState) -> str:
    """Why the present state refuses a change, in the reader's language."""
    sentence, states = WRONG_STATES[error.what]
    return gettext(sentence) % {"state": word_of(states, error.state)}


def quick_reply_warnings(filled: FilledText, language: str) -> str:
    """Warnings about a quick reply before it is sent: a place is empty, or its language is not the mechanic's."""
    told = []
    if filled.language != language:
        told.append(
            gettext("There is no text in %(wanted)s: this is %(language)s.")
            % {"wanted": NAMES[language], "language": NAMES[filled.language]}
        )
    if filled.missing:
        places = ", ".join(f"{{{name}}}" for name in filled.missing)
        told.append(gettext("Not known, fill it in before you send: %(places)s") % {"places": places})
    return " ".join(told)


def wish_text(kind: str, facts: Mapping[str, Any]) -> Markup:
    """The mechanic's requested change, in one line."""
    remark = facts.get("remark") or ""
    named = {
        "words": line_name(facts.get("words") or {}, "" if kind == Wish.REMARK else remark),
        "quantity": _bdi(wish_quantity(kind, facts)),
        "remark": _bdi(remark or NO_REMARK),
    }
    return Markup(escape(word_of(WISHES, kind))) % named  # noqa: S704 escaped, and so is what it names


def line_name(wanted: Mapping[str, str], remark: str) -> Markup:
    """A line inside a sentence: its words, and what was said of the part."""
    return with_remark(_bdi(worded(dict(wanted))), remark)


def with_remark(said: Markup, remark: str) -> Markup:
    return said + (SEPARATOR + _bdi(remark) if remark else "")


def _bdi(text: object) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def order_reason(reason: str) -> str:
    """The reason of an order's last move, for staff."""
    return gettext("withdrawn by the mechanic") if reason == REASON_WITHDRAWN else reasons.reason_text(reason)
