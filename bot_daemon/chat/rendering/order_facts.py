"""What an order says besides its lines: the car or why there is none, its urgency, its comment."""

from __future__ import annotations

from bot_daemon.chat.conversation import cars
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Draft
from bot_daemon.chat.rendering.text import escape, plate
from common import i18n
from common.i18n import N_, gettext
from common.i18n import gettext as _

WITHOUT_NUMBER: dict[CarWithoutNumber, str] = {
    CarWithoutNumber.NO_CAR: N_("🛠 No car (workshop)"),
    CarWithoutNumber.PHOTO: N_("📷 The plate is in the photo"),
    CarWithoutNumber.WORDS: N_("🚗 The car has no number"),
}


def car_line(draft: Draft) -> list[str]:
    """The car of a draft in one line; none while a decision about it is open."""
    if draft.car_waits or not (draft.has_car or draft.car_remark):
        return []
    remark = escape(draft.car_remark) if draft.car_remark else ""
    if draft.plate:
        return [" · ".join(filter(None, (f"🚗 {plate(draft.plate)}", remark)))]
    if draft.without_number in (CarWithoutNumber.NO_CAR, CarWithoutNumber.PHOTO):
        return [" · ".join(filter(None, (gettext(WITHOUT_NUMBER[draft.without_number]), remark)))]
    return [f"🚗 {remark}"] if remark else []


def other_facts(draft: Draft) -> list[str]:
    """The urgency and the comment of a draft."""
    urgent = ["⚡ " + _("urgent")] if draft.urgent else []
    return [*urgent, *([f"💬 {escape(draft.comment, 500)}"] if draft.comment else [])]


def car_on_button(draft: Draft) -> str:
    """The car by which the button that sends is named; empty if there is none."""
    car = cars.taken_car(draft.plate)
    if car is not None:
        return i18n.left_to_right(car.display)
    return draft.car_remark if draft.without_number is CarWithoutNumber.WORDS else ""


def order_comment(draft: Draft) -> str:
    """The comment of the order: what was typed, behind what else must be known of it."""
    instead = gettext(WITHOUT_NUMBER[draft.without_number]) if draft.without_number else ""
    urgent = "⚡ " + _("urgent") if draft.urgent else ""
    if draft.without_number is CarWithoutNumber.WORDS and draft.car_remark:
        instead = ""
    remark = f"🚗 {draft.car_remark}" if draft.car_remark else ""
    return " · ".join(filter(None, (urgent, instead, remark, draft.comment)))
