"""An order's card: the one message per order and reader that always shows how it stands."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon import buttons
from bot_daemon.content import Content, NothingToSay
from bot_daemon.rendering import words
from bot_daemon.rendering.lines import listed
from bot_daemon.rendering.text import data, day, plate
from common.i18n import gettext as _
from common.models import Additives, Order, OrderState, OutboxRow, Person

WITHDRAWN = "withdrawn"  # the reason `orders.cancel_own` gives


def order_of(session: Session, row: OutboxRow, reader: Person | None) -> Order:
    """The order a row speaks of. Raises: NothingToSay when it is gone, or its reader was removed."""
    order = session.get(Order, row.order_id) if row.order_id else None
    if order is None or reader is None or reader.archived_at is not None:
        raise NothingToSay
    return order


def card(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    order = order_of(session, row, reader)
    text = [
        heading(order),
        *_car(order),
        "",
        *listed(order.lines),
        *_additives(order),
        *_comment(order),
        *_standing(order),
    ]
    cancellable = order.state is OrderState.NEW and reader is order.person
    cancel = buttons.CANCEL.button("✖️ " + _("Cancel the order"), order=order.id)
    return Content("\n".join(text), [[cancel]] if cancellable else [])


def heading(order: Order) -> str:
    return f"<b>{words.order(order.id)}</b> · {words.state(order.state)}"


def _car(order: Order) -> list[str]:
    return [f"🚗 {plate(order.vehicle.raw)}"] if order.vehicle else []


def _additives(order: Order) -> list[str]:
    """Expressly none; additives that are wanted are lines."""
    return ["🚫 " + words.additives(order.additives)] if order.additives is Additives.WITHOUT else []


def _comment(order: Order) -> list[str]:
    return ["", f"💬 {data(order.comment, 500)}"] if order.comment else []


def _standing(order: Order) -> list[str]:
    """Who serves it, why it waits, and until when."""
    facts = []
    if order.owner is not None and order.state is not OrderState.CANCELLED:
        facts.append(f"👤 {data(order.owner.name)}")
    if order.reason:
        facts.append(f"📝 {reason(order.reason)}")
    if order.expected_on is not None:
        facts.append("📅 " + _("Expected %(day)s") % {"day": day(order.expected_on)})
    return ["", *facts] if facts else []


def reason(text: str) -> str:
    return _("You cancelled it.") if text == WITHDRAWN else data(text, 300)
