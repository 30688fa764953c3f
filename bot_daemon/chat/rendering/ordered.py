"""What was ordered, in a few words: the order's first part and the number of others, as lists and buttons show it."""

from __future__ import annotations

from bot_daemon.chat.conversation.drafts import clean
from bot_daemon.chat.rendering.text import label, shorten, utf16_units
from common import i18n
from common.database.models import Order, OrderLine
from common.i18n import left_to_right, ngettext
from common.orders.states import ORDER_STATES

ROW = 36  # units of a button that has its row to itself, as a phone shows them
LEAST = 8  # units that a part's name keeps beside a long plate
LONGEST_PLATE = 20


def order_label(order: Order) -> str:
    """`24 🔧 Control arms and 1 more · 12-345-67`. Only the part's name is cut."""
    head = f"{order.id} {ORDER_STATES[order.state].sign} "
    car = label(order.vehicle.display, LONGEST_PLATE) if order.vehicle else ""
    room = ROW - utf16_units(head) - (utf16_units(car) + 3 if car else 0)
    return head + first_part(order, room) + (f" · {left_to_right(car)}" if car else "")


def first_part(order: Order, room: int) -> str:
    """The order's first part, cut so that it fits `room` with the number of the others."""
    if not order.lines:
        return "—"
    others = len(order.lines) - 1
    with_others = ngettext("%(part)s and %(count)s more", "%(part)s and %(count)s more", others)
    text = with_others if others else "%(part)s"
    taken = utf16_units(text % {"part": "", "count": others})
    return text % {"part": shorten(_name(order.lines[0]), max(room - taken, LEAST)), "count": others}


def _name(line: OrderLine) -> str:
    """The part's short name where it has one in the reader's language; else the words of the line."""
    short = line.part.button_names.get(i18n.language()) if line.part is not None else None
    return clean(short or i18n.worded(line.words)) or "—"
