"""The views of the car: choosing it, and the orders for it before."""

from __future__ import annotations

from bot_daemon.chat import buttons, draft_store
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.conversation import cars
from bot_daemon.chat.conversation.drafts import CarWithoutNumber
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import line_texts
from bot_daemon.chat.rendering.screens.picking_views import categories_button, draft_lines, send_or_car
from bot_daemon.chat.rendering.screens.stage import Stage
from bot_daemon.chat.rendering.text import back_sign, day, escape, grid, label, plate, title
from common import i18n
from common.cars import vehicle_history
from common.cars.identified import IdentifiedCar
from common.database.models import Order, Vehicle
from common.i18n import gettext as _

ORDERS = 5
ROOM_OF_AN_ORDER = 400  # units for the lines of one past order
LINES_OF_AN_ORDER = 6


def which_car(stage: Stage) -> Content:
    """Ask for the car; what waits for a decision about it first, and nothing goes on meanwhile."""
    if stage.draft.car_words:
        return _what_are_the_words(stage)
    if stage.draft.other_cars:
        return _which_of_two(stage)
    if stage.draft.doubt:
        return _doubtful(stage)
    text = [
        title("🚗", _("Which car?")),
        _("Type the plate or VIN, or send a photo of the plate."),
        *draft_lines(stage),
    ]
    without = [
        _without(stage, CarWithoutNumber.NO_CAR, "🛠 " + _("No car")),
        _without(stage, CarWithoutNumber.PHOTO, "📷 " + _("Plate photo")),
    ]
    back = [stage.button(buttons.CATEGORIES, back_sign() + " " + _("Parts"))]
    on = send_or_car(stage) if stage.draft.has_car else []
    return Content("\n".join(text), [*_recent_cars(stage), without if stage.draft.lines else [], back, *on])


def _without(stage: Stage, instead: CarWithoutNumber, text: str) -> Button:
    return stage.button(buttons.WITHOUT_NUMBER, label(text), choice=instead.value)


def _what_are_the_words(stage: Stage) -> Content:
    """Words without a number: they are a part, or all that is known of the car, or the number is still typed."""
    typed = stage.draft.car_words
    text = [title("🚗", escape(typed)), _("There is no number in it. What is it?"), *draft_lines(stage)]
    without = _("Car without a number: %(words)s") % {"words": label(typed, 20)}
    return Content(
        "\n".join(text),
        [
            [stage.button(buttons.CAR_IS_PART, "➕ " + _("It is a part"))],
            [_without(stage, CarWithoutNumber.WORDS, f"🚗 {without}")],
            [stage.button(buttons.TYPE_NUMBER, "✏️ " + _("I will type the number"))],
        ],
    )


def _which_of_two(stage: Stage) -> Content:
    text = [title("🚗", _("Two numbers. Which car is it for?")), *draft_lines(stage)]
    return Content("\n".join(text), [[_use(stage, raw, "🚗 %(car)s")] for raw in stage.draft.other_cars])


def _doubtful(stage: Stage) -> Content:
    """A number that looks wrong: its corrections, as it is, or the car of before."""
    car = cars.taken_car(stage.draft.doubt)
    if car is None:
        return Content(title("🚗", _("Which car?")), [[categories_button(stage)]])
    text = [f"🚗 <b>{plate(car.raw)}</b>", *notes(car), _("Type it again, or choose."), *draft_lines(stage)]
    former = [[_use(stage, stage.draft.plate, "↩️ " + _("Former: %(car)s"))]] if stage.draft.plate else []
    keep = [_use(stage, car.raw, _("Keep %(car)s"))]
    return Content("\n".join(text), [*former, *correction_buttons(stage, car), keep])


def notes(car: IdentifiedCar) -> list[str]:
    return [f"☝️ {words.car_note(note)}" for note in car.notes]


def correction_buttons(stage: Stage, car: IdentifiedCar) -> list[list[Button]]:
    return [[_use(stage, offer, "✅ " + _("Change to %(car)s"))] for offer in cars.offers(car)]


def _use(stage: Stage, raw: str, text: str) -> Button:
    return stage.button(buttons.USE_CAR, text % {"car": i18n.left_to_right(label(raw, 30))}, mark=cars.car_mark(raw))


def _recent_cars(stage: Stage) -> list[list[Button]]:
    """The cars this person ordered for last. The car of a recent last order comes first, alone in its row."""
    used = vehicle_history.same_car_again(stage.session, stage.person.id)
    again = [[_car(stage, used.vehicle, "🔁 " + _("Same car: %(car)s"))]] if used else []
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
