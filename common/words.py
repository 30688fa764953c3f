"""The wording of codes that both the bot and the desk show."""

from __future__ import annotations

from collections.abc import Mapping

from common.cars.identified import CarNote
from common.database.models import Additives, Grade, LineState, OrderState, Unit
from common.i18n import N_
from common.orders import states
from common.orders.content.quantities import quantity_text, quantity_words
from common.orders.moves import TRANSITIONS, Move
from common.people.invitations import RefusalReason
from common.talk.change_requests import Wish

STATES: dict[OrderState, str] = {state: info.word for state, info in states.ORDER_STATES.items()}
GRADES: dict[Grade, str] = {
    Grade.ANY: N_("any grade"),
    Grade.ORIGINAL: N_("original"),
    Grade.AFTERMARKET: N_("aftermarket"),
}
ADDITIVES: dict[Additives, str] = {
    Additives.UNSAID: "",
    Additives.WITH: N_("With additives"),
    Additives.WITHOUT: N_("No additives"),
}
LINE_STATES: dict[LineState, str] = {state: info.word for state, info in states.LINE_STATES.items()}
ANSWERS: dict[str, str] = {  # to a question; any other answer is in the mechanic's own words
    "left": N_("Left"),
    "right": N_("Right"),
    "both": N_("Both"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "accept": N_("Accept"),
    "refuse": N_("Not this one"),
    "call": N_("Call me"),
}
WISHES: dict[Wish, str] = {  # the changes a mechanic can request
    Wish.ADD_LINE: N_("add: %(quantity)s %(words)s"),
    Wish.REMOVE_LINE: N_("take out: %(words)s"),
    Wish.QUANTITY: N_("%(words)s: make it %(quantity)s"),
    Wish.REMARK: N_("%(words)s: with the remark “%(remark)s”"),
    Wish.CANCEL: N_("cancel the order"),
}
NO_REMARK = "—"
MOVES: dict[Move, str] = {move: transition.word for move, transition in TRANSITIONS.items()}
CAR_NOTES: dict[CarNote, str] = {  # remarks about a typed plate or VIN
    CarNote.SHORT: N_("Short for a plate."),
    CarNote.UNUSUAL: N_("An unusual plate. If it is right, just go on."),
    CarNote.SERIAL_ZERO: N_("There is no plate with 000. If it is right, just go on."),
    CarNote.VIN_LENGTH: N_("A VIN has 17 characters. This may be a frame number."),
    CarNote.VIN_CHARACTERS: N_("No VIN has such characters. This may be a frame number."),
    CarNote.VIN_LETTERS: N_("No VIN has the letters I, O and Q."),
    CarNote.CHECK_DIGIT: N_("The check digit of this VIN does not fit. If it is right, just go on."),
    CarNote.ALL_THE_SAME: N_("The same character all over. If it is right, just go on."),
    CarNote.LAST_FOUR: N_("The last four of a VIN are mostly digits. If it is right, just go on."),
}
INVITATIONS: dict[str, str] = {  # why an invitation link is refused
    RefusalReason.UNKNOWN: N_(
        "This link does not lead in: something of it is missing. Ask your manager for a new one."
    ),
    RefusalReason.USED: N_(
        "This invitation has been used already: it lets in one person. Ask your manager for one of your own."
    ),
    RefusalReason.REVOKED: N_("This invitation was taken back. Ask your manager for a new one."),
    RefusalReason.EXPIRED: N_("This invitation has expired. Ask your manager for a new one."),
    RefusalReason.TAKEN: N_(
        "This link is for somebody else: your Telegram is linked to a name here already. Ask your manager."
    ),
}
INVITATION_CLOSED = N_("This invitation is no longer good. Ask your manager for a new one.")


def wish_quantity(wish: str, arguments: Mapping[str, object]) -> str:
    """The quantity of a requested change; a request of an older program has no unit."""
    quantity, unit = int(str(arguments.get("quantity", 1))), Unit(str(arguments.get("unit", Unit.PIECE)))
    return quantity_text(quantity, unit) if wish == Wish.ADD_LINE else quantity_words(quantity, unit)
