"""The words for codes that both the bot and the desk say."""

from __future__ import annotations

from common.i18n import N_
from common.models import Additives, Grade, LineState, OrderState
from common.requests import Wish

STATES: dict[OrderState, str] = {
    OrderState.NEW: N_("New"),
    OrderState.IN_WORK: N_("In work"),
    OrderState.WAITING: N_("Waiting"),
    OrderState.READY: N_("Ready"),
    OrderState.ISSUED: N_("Issued"),
    OrderState.CANCELLED: N_("Cancelled"),
}
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
LINE_STATES: dict[LineState, str] = {
    LineState.REQUESTED: N_("Requested"),
    LineState.ORDERED: N_("Ordered"),
    LineState.HERE: N_("Here"),
    LineState.ISSUED: N_("Handed out"),
    LineState.SUBSTITUTE_PROPOSED: N_("Substitute proposed"),
    LineState.UNAVAILABLE: N_("Unavailable"),
    LineState.RETURNED: N_("Returned"),
}
ANSWERS: dict[str, str] = {  # to a question; whatever is not here was written by the mechanic
    "left": N_("Left"),
    "right": N_("Right"),
    "both": N_("Both"),
    "yes": N_("Yes"),
    "no": N_("No"),
    "accept": N_("Accept"),
    "refuse": N_("Refuse"),
    "call": N_("Call me"),
}
WISHES: dict[Wish, str] = {  # what a mechanic wants changed
    Wish.ADD_LINE: N_("add: %(quantity)s × %(words)s"),
    Wish.REMOVE_LINE: N_("take out: %(words)s"),
    Wish.QUANTITY: N_("%(words)s: make it %(quantity)s"),
    Wish.CANCEL: N_("cancel the order"),
}
