"""My orders: the open orders, the ready ones, all of them, those for one car."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import back_sign, grid, label, plate, title
from common.cars import vehicle_history
from common.database.models import CLOSED, Order, OrderState
from common.i18n import gettext as _
from common.i18n import left_to_right
from common.orders.states import ORDER_STATES

ORDERS_PAGE = 5
MAX_CARS = 8
MOST_LISTED = 1000  # orders; older ones are found by their car


def my_orders(stage: Stage) -> Content:
    theirs = _orders_shown(stage)
    listed = theirs.with_only_columns(Order.id).limit(MOST_LISTED).subquery()
    total = stage.session.scalar(select(func.count()).select_from(listed)) or 0
    page, pages = present_page(stage, total, ORDERS_PAGE)
    shown = stage.session.scalars(theirs.order_by(Order.id.desc()).limit(ORDERS_PAGE).offset(page * ORDERS_PAGE)).all()
    text = [title("📋", _("My orders"), page_suffix(page, pages)), *_of_which_car(stage), ""]
    text += [_entry(order) for order in shown] or [_none(stage)]
    rows = [[buttons.ORDER.button(f"{ORDER_STATES[o.state].sign} {o.id}", order=o.id) for o in shown]]
    if shown:
        text += ["", _("Tap a number to see the card.")]
    return Content("\n".join(text), [*rows, _pager(stage, page, pages), *_filters(stage), [home_button()]])


def _orders_shown(stage: Stage) -> Select[Order]:
    theirs = select(Order).where(Order.person_id == stage.person.id)
    match _filter(stage):
        case "open":
            return theirs.where(Order.state.not_in(CLOSED))
        case "ready":
            return theirs.where(Order.state == OrderState.READY)
        case "car":
            return theirs.where(Order.vehicle_id == stage.number("vehicle"))
    return theirs


def _filter(stage: Stage) -> str:
    show = stage.arguments.get("show")
    return show if show in ("open", "ready", "car") else "all"


def _none(stage: Stage) -> str:
    if _filter(stage) == "all":
        return _("Nothing yet. Your first order will stand here.")
    return _("No such orders now.")


def _of_which_car(stage: Stage) -> list[str]:
    if _filter(stage) != "car":
        return []
    vehicle = vehicle_history.vehicle_of(stage.session, stage.person.id, stage.number("vehicle"))
    return [f"🚗 {plate(vehicle.raw)}"] if vehicle is not None else []


def _pager(stage: Stage, page: int, pages: int) -> list[Button]:
    if _filter(stage) == "car":
        vehicle = stage.number("vehicle")
        return [buttons.ORDERS_OF_CAR.button(sign, vehicle=vehicle, page=to) for sign, to in page_turns(page, pages)]
    return [buttons.ORDERS_SHOWN.button(sign, show=_filter(stage), page=to) for sign, to in page_turns(page, pages)]


def _filters(stage: Stage) -> list[list[Button]]:
    chosen = _filter(stage)
    named_ = (("open", _("Open")), ("ready", _("Ready")), ("all", _("All")))
    row = [
        buttons.ORDERS_SHOWN.button(("✓ " if show == chosen else "") + word, show=show, page=0) for show, word in named_
    ]
    return [[*row, buttons.CARS.button(("✓ " if chosen == "car" else "") + "🚗 " + _("By car"))]]


def _entry(order: Order) -> str:
    car = f" · {plate(order.vehicle.raw)}" if order.vehicle else ""
    return f"<b>{order.id}</b> · {words.state(order.state)}{car}"


def cars(stage: Stage) -> Content:
    """The cars the person ordered for, the latest first."""
    shown = vehicle_history.recent_vehicles(stage.session, stage.person.id, limit=MAX_CARS)
    row = [
        buttons.ORDERS_OF_CAR.button("🚗 " + left_to_right(label(vehicle.display, 40)), vehicle=vehicle.id, page=0)
        for vehicle in shown
    ]
    text = [title("🚗", _("Orders of which car?")), *([] if shown else ["", _("No such orders now.")])]
    back = buttons.ORDERS_SHOWN.button(f"{back_sign()} " + _("My orders"), show="all", page=0)
    return Content("\n".join(text), [*grid(row, 2), [back]])
