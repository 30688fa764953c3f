"""The words for codes that both the bot and the desk say."""

from __future__ import annotations

from common.i18n import N_
from common.models import Additives, Grade, OrderState

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
