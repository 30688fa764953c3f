"""The views of a placed order: changing it, writing about it, and choosing the order that was meant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import bare_text, line_texts
from bot_daemon.chat.rendering.screens.home_views import home
from bot_daemon.chat.rendering.screens.stage import Stage, home_button, page_suffix, page_turns, present_page
from bot_daemon.chat.rendering.text import back_sign, escape, label, title
from common.database.models import CLOSED, ChatMessage, LineState, Order, OrderLine, Unit
from common.i18n import gettext as _
from common.i18n import left_to_right
from common.orders.content.line_text import line_text
from common.orders.content.quantities import quantity_text
from common.orders.states import CHANGEABLE, CHANGED_AT_ONCE, ORDER_STATES

LINES_PAGE = 8
MAX_CHOICES = 8
QUANTITIES = (1, 2, 3, 4)
OF_SMALL_UNITS: dict[Unit, tuple[int, ...]] = {
    Unit.MILLILITRE: (250, 500, 750, 1000),
    Unit.CENTIMETRE: (50, 100, 150, 200),
    Unit.GRAM: (250, 500, 750, 1000),
}


# Changing an order ----------------------------------------------------------------------------------------------------


def _order(stage: Stage) -> Order | None:
    """The order of the view, if it is the person's."""
    order = stage.session.get(Order, stage.number("order"))
    return order if order is not None and order.person_id == stage.person.id else None


def _may_change(order: Order) -> bool:
    return order.state in CHANGEABLE


def change(stage: Stage) -> Content:
    """Choose a line to change, add one, or cancel the order."""
    order = _order(stage)
    if order is None or not _may_change(order):
        return home(stage)
    page, pages = present_page(stage, len(order.lines), LINES_PAGE)
    shown = order.lines[page * LINES_PAGE :][:LINES_PAGE]
    text = [title("✏️", words.order(order.id), page_suffix(page, pages)), "", _how_it_counts(order), _("Which line?")]
    edits = [[_edit(order, line)] for line in shown if line.state is not LineState.ISSUED]
    pager = [buttons.CHANGE.button(sign, order=order.id, page=to) for sign, to in page_turns(page, pages)]
    add = buttons.ADD_LINE.button("➕ " + _("Add a line"), order=order.id)
    cancel = buttons.CANCEL.button("✖️ " + _("Cancel the order"), order=order.id)
    return Content("\n".join(text), [*edits, pager, [add], [cancel], [home_button()]])


def cancel(stage: Stage) -> Content:
    """Ask before the order is cancelled. The safe answer is the lowest."""
    order = _order(stage)
    if order is None or not _may_change(order):
        return home(stage)
    asked = _("Cancel order %(number)s?") % {"number": order.id}
    at_once = order.state in CHANGED_AT_ONCE
    named = _("Yes, cancel order %(number)s") if at_once else _("Ask the desk to cancel")
    yes = buttons.CANCEL_CONFIRMED.button("✖️ " + named % {"number": order.id}, order=order.id)
    text = [title("✖️", asked), *line_texts(order.lines[:LINES_PAGE])]
    return Content("\n".join(text), [[yes], [buttons.HOME.button("↩️ " + _("No, keep it"))]])


def _how_it_counts(order: Order) -> str:
    if order.state in CHANGED_AT_ONCE:
        return _("Nobody has taken it yet: a change counts at once.")
    return _("It is being served: the desk decides on a change.")


def _edit(order: Order, line: OrderLine) -> Button:
    text = label(str(line_text(line)))
    return buttons.CHANGE_LINE.button(text, order=order.id, line=line.id)


def change_line(stage: Stage) -> Content:
    """Choose the line's quantity, or remove the line."""
    order = _order(stage)
    line = next((line for line in order.lines if line.id == stage.number("line")), None) if order else None
    if order is None or line is None or not _may_change(order):
        return change(stage)
    text = [
        title("✏️", words.order(order.id)),
        "",
        bare_text(line, 500),
        "",
        _how_it_counts(order),
    ]
    text.append(_("Tap the quantity, or type it."))
    quantities = [_quantity(order, line, number) for number in OF_SMALL_UNITS.get(line.unit, QUANTITIES)]
    gone = buttons.LINE_QUANTITY.button("🗑 " + _("Take it out"), order=order.id, line=line.id, quantity=0)
    return Content("\n".join(text), [quantities, [gone], _back(order)])


def _quantity(order: Order, line: OrderLine, number: int) -> Button:
    text = str(number) if line.unit is Unit.PIECE else quantity_text(number, line.unit)
    chosen = "✓ " if line.quantity == number else ""
    return buttons.LINE_QUANTITY.button(chosen + text, order=order.id, line=line.id, quantity=number)


def _back(order: Order) -> list[Button]:
    return [buttons.CHANGE.button(f"{back_sign()} " + words.order(order.id), order=order.id, page=0), home_button()]


def add_line(stage: Stage) -> Content:
    order = _order(stage)
    if order is None or not _may_change(order):
        return home(stage)
    text = [title("➕", words.order(order.id)), "", _how_it_counts(order), _("Type what to add. It goes as written.")]
    return Content("\n".join(text), [_back(order)])


# Writing about an order -----------------------------------------------------------------------------------------------


def write(stage: Stage) -> Content:
    order = _order(stage)
    if order is None:
        return home(stage)
    text = [title("✍️", words.order(order.id)), "", _("Write, or send a photo or a voice note: the desk gets it.")]
    card = buttons.ORDER.button(words.order(order.id), order=order.id)
    return Content("\n".join(text), [[card, home_button()]])


def which(stage: Stage) -> Content:
    """Choose the order a message was meant for; the message is kept until then."""
    message = stage.session.get(ChatMessage, stage.number("message"))
    if message is None or message.author_id != stage.person.id:
        return home(stage)
    quoted = escape(message.text, 200) if message.text else "📎"
    text = [title("🤔", _("Which order is this for?")), "", f"✍️ {quoted}"]
    rows = [[_choice(message, order)] for order in choices(stage)]
    new = buttons.STARTS_ORDER.button("➕ " + _("A new order"), message=message.id)
    return Content("\n".join(text), [*rows, [new], [home_button()]])


def choices(stage: Stage) -> Sequence[Order]:
    """The person's open orders, the latest first."""
    theirs = select(Order).where(Order.person_id == stage.person.id, Order.state.not_in(CLOSED))
    return stage.session.scalars(theirs.order_by(Order.id.desc()).limit(MAX_CHOICES)).all()


def _choice(message: ChatMessage, order: Order) -> Button:
    here = "✓ " if message.order_id == order.id else ""
    car = f" · {left_to_right(label(order.vehicle.display, 24))}" if order.vehicle else ""
    text = label(f"{here}{ORDER_STATES[order.state].sign} {words.order(order.id)}", 30) + car
    return buttons.BELONGS.button(text, message=message.id, order=order.id)
