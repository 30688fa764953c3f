"""My orders: the open ones, or all with the open ones first, or those for one car. Each row says what was ordered."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import selectinload

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.ordered import first_part, order_label
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import back_sign, day, escape, grid, label, plate, title
from common.cars import vehicle_history
from common.database.models import CLOSED, Order, OrderLine, OrderState
from common.i18n import gettext as _
from common.i18n import left_to_right
from common.talk import questions

ORDERS_PAGE = 5
MAX_CARS = 8
MOST_LISTED = 1000  # orders; older ones are found by their car
# What the person can act on first: ready, then what asks them, then what waits. Closed orders come last.
FIRST = {OrderState.READY: 0, OrderState.WAITING: 2, OrderState.IN_WORK: 3, OrderState.NEW: 4}
ASKING, LAST = 1, 5


def my_orders(stage: Stage) -> Content:
    theirs, asking = _orders_shown(stage), _asking(stage)
    listed = theirs.with_only_columns(Order.id).limit(MOST_LISTED).subquery()
    total = stage.session.scalar(select(func.count()).select_from(listed)) or 0
    page, pages = present_page(stage, total, ORDERS_PAGE)
    sorted_ = theirs.order_by(_urgency(asking), Order.id.desc()).limit(ORDERS_PAGE).offset(page * ORDERS_PAGE)
    shown = stage.session.scalars(sorted_.options(selectinload(Order.lines).joinedload(OrderLine.part))).all()
    text = [title("📋", _("My orders"), page_suffix(page, pages)), *_of_which_car(stage), ""]
    text += [_entry(order, order.id in asking) for order in shown] or [_none(stage)]
    if shown:
        text += ["", _("Tap an order to see its card.")]
    rows = [[buttons.ORDER.button(order_label(order), order=order.id)] for order in shown]
    return Content("\n".join(text), [*rows, _pager(stage, page, pages), *_filters(stage)])


def _orders_shown(stage: Stage) -> Select[Order]:
    theirs = select(Order).where(Order.person_id == stage.person.id)
    match _filter(stage):
        case "all":
            latest = theirs.with_only_columns(Order.id).order_by(Order.id.desc()).limit(MOST_LISTED)
            return select(Order).where(Order.id.in_(latest.scalar_subquery()))
        case "ready":
            return theirs.where(Order.state == OrderState.READY)
        case "car":
            return theirs.where(Order.vehicle_id == stage.number("vehicle"))
    return theirs.where(Order.state.not_in(CLOSED))


def _asking(stage: Stage) -> set[int]:
    """The orders with an open question of the desk."""
    return {question.order_id for question in questions.open_for_person(stage.session, stage.person)}


def _urgency(asking: set[int]) -> ColumnElement[int]:
    ready, *others = ((Order.state == state, place) for state, place in FIRST.items())
    return case(ready, (Order.id.in_(asking), ASKING), *others, else_=LAST)


def _filter(stage: Stage) -> str:
    show = stage.arguments.get("show")
    return show if show in ("all", "ready", "car") else "open"


def _none(stage: Stage) -> str:
    if _filter(stage) == "open":
        return _("No open orders.")
    return _("Nothing yet. Your first order will stand here.")


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
    states = [
        buttons.ORDERS_SHOWN.button(word + (" ✓" if show == chosen else ""), show=show, page=0)
        for show, word in (("open", _("Open")), ("all", _("All")))
    ]
    by_car = buttons.CARS.button("🚗 " + _("By car") + (" ✓" if chosen == "car" else ""))
    return [states, [by_car, home_button()]]


def _entry(order: Order, is_asking: bool) -> str:
    """`24 · 🔧 In work · Control arms and 1 more · 12-345-67`, and what the mechanic waits for."""
    facts = [f"<b>{order.id}</b>", words.state(order.state), escape(first_part(order, 80), 120)]
    if order.vehicle is not None:
        facts.append(plate(order.vehicle.raw))
    if order.expected_on is not None and order.is_open:
        facts.append("📅 " + day(order.expected_on))
    if is_asking:
        facts.append("❓ " + _("the desk asks"))
    return " · ".join(facts)


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
