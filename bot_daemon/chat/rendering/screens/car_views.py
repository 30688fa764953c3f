"""The views of the car: which one it is, and what was ordered for it before."""

from __future__ import annotations

from bot_daemon.chat import buttons, draft_store
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import listed
from bot_daemon.chat.rendering.screens.picking_views import onward, so_far, to_categories
from bot_daemon.chat.rendering.screens.stage import Stage
from bot_daemon.chat.rendering.text import back_sign, day, grid, label, plate, title
from common import i18n
from common.cars import vehicle_history
from common.cars.identified import Identified
from common.database.models import Order, Vehicle
from common.i18n import gettext as _

ORDERS = 5
ROOM_OF_AN_ORDER = 400  # units for the lines of one past order
LINES_OF_AN_ORDER = 6


def which_car(stage: Stage) -> Content:
    text = [title("🚗", _("Which car?")), _("Type the plate or the VIN."), *_doubted(stage), *so_far(stage)]
    on = onward(stage) if stage.draft.plate else []
    return Content("\n".join(text), [*_settling(stage), *_recent(stage), [to_categories(stage)], *on])


def _doubted(stage: Stage) -> list[str]:
    """What looks wrong about what was typed."""
    car = cars.known(stage.draft.doubt)
    return ["", f"<b>{plate(car.raw)}</b>", *notes(car)] if car else []


def notes(car: Identified) -> list[str]:
    return [f"☝️ {words.of_car(note)}" for note in car.notes]


def _settling(stage: Stage) -> list[list[Button]]:
    """The corrections of what looks wrong; and it is never a dead end."""
    car = cars.known(stage.draft.doubt)
    return [*offers(stage, car), [_use(stage, car.raw, "✅ " + _("Use %(car)s anyway"))]] if car else []


def offers(stage: Stage, car: Identified) -> list[list[Button]]:
    return [[_use(stage, offer, "✏️ " + _("It is %(car)s"))] for offer in cars.offers(car)]


def _use(stage: Stage, raw: str, text: str) -> Button:
    return stage.button(buttons.USE_CAR, text % {"car": i18n.left_to_right(label(raw, 30))}, mark=cars.mark(raw))


def _recent(stage: Stage) -> list[list[Button]]:
    """The cars this person ordered for last; the one they are still at comes first, by itself."""
    used = vehicle_history.same_car_again(stage.session, stage.person.id)
    again = [[_car(stage, used.vehicle, "🔁 " + _("Same car again: %(car)s"))]] if used else []
    recent = vehicle_history.recent_vehicles(stage.session, stage.person.id)
    rest = [_car(stage, vehicle, "🚗 %(car)s") for vehicle in recent if not (used and vehicle.id == used.vehicle.id)]
    return [*again, *grid(rest, 2)]


def _car(stage: Stage, vehicle: Vehicle, text: str) -> Button:
    shown = i18n.left_to_right(label(vehicle.display, 30))
    return stage.button(buttons.CAR, text % {"car": shown}, vehicle=vehicle.id)


def history(stage: Stage) -> Content:
    """The last orders for this car, whoever wrote them; each once more with a tap."""
    past = orders_for(stage, ORDERS)
    text = [title("🕘", _("Ordered for this car"), f" · {plate(stage.draft.plate)}" if stage.draft.plate else "")]
    text += [line for order in past for line in _told(order)] or [_("Nothing yet.")]
    rows = [
        [stage.button(buttons.AGAIN, "🔁 " + _("Again: order %(number)s") % {"number": order.id}, order=order.id)]
        for order in past
    ]
    back = stage.button(buttons.SUMMARY, back_sign() + " " + _("Back"), page=0)
    return Content("\n".join(text), [*rows, [back]])


def orders_for(stage: Stage, most: int) -> list[Order]:
    """The newest orders for the car of the draft."""
    vehicle = draft_store.vehicle_of(stage.session, stage.draft)
    return vehicle_history.last_orders(stage.session, vehicle.id, limit=most) if vehicle else []


def _told(order: Order) -> list[str]:
    shown = order.lines[:LINES_OF_AN_ORDER]
    rest = len(order.lines) - len(shown)
    head = f"<b>{words.order(order.id)}</b> · {day(order.created_at.date())} · {words.state(order.state)}"
    return ["", head, *listed(shown, room=ROOM_OF_AN_ORDER), *([f"… +{rest}"] if rest else [])]
