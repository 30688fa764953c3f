"""The views of the car: choosing it, and the orders for it before."""

from __future__ import annotations

from bot_daemon.chat import buttons, draft_store
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import line_texts
from bot_daemon.chat.rendering.screens.picking_views import categories_button, draft_lines, next_buttons
from bot_daemon.chat.rendering.screens.stage import Stage
from bot_daemon.chat.rendering.text import back_sign, day, grid, label, plate, title
from common import i18n
from common.cars import vehicle_history
from common.cars.identified import IdentifiedCar
from common.database.models import Order, Vehicle
from common.i18n import gettext as _

ORDERS = 5
ROOM_OF_AN_ORDER = 400  # units for the lines of one past order
LINES_OF_AN_ORDER = 6


def which_car(stage: Stage) -> Content:
    text = [title("🚗", _("Which car?")), _("Type the plate or the VIN."), *_doubt(stage), *draft_lines(stage)]
    on = next_buttons(stage) if stage.draft.plate else []
    return Content("\n".join(text), [*_corrections(stage), *_recent_cars(stage), [categories_button(stage)], *on])


def _doubt(stage: Stage) -> list[str]:
    """The doubts about the typed text."""
    car = cars.taken_car(stage.draft.doubt)
    return ["", f"<b>{plate(car.raw)}</b>", *notes(car)] if car else []


def notes(car: IdentifiedCar) -> list[str]:
    return [f"☝️ {words.car_note(note)}" for note in car.notes]


def _corrections(stage: Stage) -> list[list[Button]]:
    """The corrections, with a way to use the text as typed."""
    car = cars.taken_car(stage.draft.doubt)
    return [*correction_buttons(stage, car), [_use(stage, car.raw, "✅ " + _("Use %(car)s anyway"))]] if car else []


def correction_buttons(stage: Stage, car: IdentifiedCar) -> list[list[Button]]:
    return [[_use(stage, offer, "✏️ " + _("It is %(car)s"))] for offer in cars.offers(car)]


def _use(stage: Stage, raw: str, text: str) -> Button:
    return stage.button(buttons.USE_CAR, text % {"car": i18n.left_to_right(label(raw, 30))}, mark=cars.car_mark(raw))


def _recent_cars(stage: Stage) -> list[list[Button]]:
    """The cars this person ordered for last. The car of a recent last order comes first, alone in its row."""
    used = vehicle_history.same_car_again(stage.session, stage.person.id)
    again = [[_car(stage, used.vehicle, "🔁 " + _("Same car again: %(car)s"))]] if used else []
    recent = vehicle_history.recent_vehicles(stage.session, stage.person.id)
    rest = [_car(stage, vehicle, "🚗 %(car)s") for vehicle in recent if not (used and vehicle.id == used.vehicle.id)]
    return [*again, *grid(rest, 2)]


def _car(stage: Stage, vehicle: Vehicle, text: str) -> Button:
    shown = i18n.left_to_right(label(vehicle.display, 30))
    return stage.button(buttons.CAR, text % {"car": shown}, vehicle=vehicle.id)


def history(stage: Stage) -> Content:
    """The last orders for this car, of all people; a tap orders one again."""
    past = orders_for(stage, ORDERS)
    text = [title("🕘", _("Ordered for this car"), f" · {plate(stage.draft.plate)}" if stage.draft.plate else "")]
    text += [line for order in past for line in _past_order(order)] or [_("Nothing yet.")]
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


def _past_order(order: Order) -> list[str]:
    shown = order.lines[:LINES_OF_AN_ORDER]
    rest = len(order.lines) - len(shown)
    head = f"<b>{words.order(order.id)}</b> · {day(order.created_at.date())} · {words.state(order.state)}"
    return ["", head, *line_texts(shown, room=ROOM_OF_AN_ORDER), *([f"… +{rest}"] if rest else [])]
