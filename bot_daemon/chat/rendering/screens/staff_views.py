"""The screen's views for linked staff: new orders, their own orders, the reason of a move."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, func, select

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.cards.staff_cards import desk_link, may_serve
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import escape, plate, title
from common.database.models import Order, OrderState
from common.i18n import gettext
from common.i18n import gettext as _
from common.orders import reasons
from common.orders.moves import TRANSITIONS, Move
from common.orders.states import ORDER_STATES, SERVED

PAGE = 5


def home_rows(stage: Stage) -> list[list[Button]]:
    """The buttons that staff have at home beside a mechanic's."""
    if not may_serve(stage.person):
        return []
    new, mine = _count(stage, "new"), _count(stage, "mine")
    return [
        [
            buttons.DESK.button("🆕 " + _("New orders: %(count)s") % {"count": new}, which="new", page=0),
            buttons.DESK.button("🔧 " + _("I serve: %(count)s") % {"count": mine}, which="mine", page=0),
        ]
    ]


def _desk_filter(stage: Stage, which: str) -> ColumnElement[bool]:
    if not may_serve(stage.person):  # a screen from before their role changed
        return false()
    if which == "mine":
        return (Order.owner_id == stage.person.id) & Order.state.in_(SERVED)
    return Order.state == OrderState.NEW


def _count(stage: Stage, which: str) -> int:
    return stage.session.scalar(select(func.count()).select_from(Order).where(_desk_filter(stage, which))) or 0


def desk(stage: Stage) -> Content:
    """The orders, the oldest first: the longest wait is served first."""
    which = "mine" if stage.arguments.get("which") == "mine" else "new"
    page, pages = present_page(stage, _count(stage, which), PAGE)
    some = select(Order).where(_desk_filter(stage, which)).order_by(Order.id).limit(PAGE).offset(page * PAGE)
    shown = stage.session.scalars(some).all()
    heading = title("🔧", _("I serve"), page_suffix(page, pages))
    if which == "new":
        heading = title("🆕", _("New orders"), page_suffix(page, pages))
    text = [heading, "", *([_entry(order) for order in shown] or [_("Nothing here.")])]
    if shown:
        text += ["", _("Tap a number to see the card.")]
    rows = [[buttons.STAFF_ORDER.button(f"{ORDER_STATES[o.state].sign} {o.id}", order=o.id) for o in shown]]
    pager = [buttons.DESK.button(sign, which=which, page=to) for sign, to in page_turns(page, pages)]
    return Content("\n".join(text), [*rows, pager, [home_button()]])


def _entry(order: Order) -> str:
    car = f" · {plate(order.vehicle.raw)}" if order.vehicle else ""
    return f"<b>{order.id}</b> · {escape(order.person.name, 40)}{car}"


def why(stage: Stage) -> Content:
    """The reasons for a move, one button each; other reasons are written at the desk."""
    order = stage.session.get(Order, stage.number("order"))
    given = str(stage.arguments.get("move", ""))
    if order is None or not may_serve(stage.person) or given not in {move.value for move in reasons.OFFERED}:
        return Content(_("There is no such order."), [[home_button()]])
    move, version = Move(given), stage.number("version")
    offered = [
        buttons.MOVE_WHY.button(
            gettext(reasons.WORDS[reasons.reason_code(name)]), order=order.id, version=version, move=given, reason=name
        )
        for name in reasons.OFFERED[move]
    ]
    chosen = TRANSITIONS[move]
    text = [title(chosen.sign, gettext(chosen.word), f" · {words.order(order.id)}"), _("Why? The mechanic reads it.")]
    return Content("\n".join([*text, *desk_link(stage.session, order)]), [*([one] for one in offered), [home_button()]])
