"""My orders: the list, a card again, and withdrawing an order that nobody has taken."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon import buttons
from bot_daemon.incoming import Answer, Incoming
from bot_daemon.screens import View
from bot_daemon.steps.access import for_members, show, show_present
from bot_daemon.steps.cards import send_anew
from bot_daemon.steps.replies import cause
from common import notifications, orders
from common.errors import NotAllowed, NotFound
from common.i18n import gettext as _
from common.i18n import isolated
from common.models import Order, OrderState, Person, Via
from common.permissions import Actor


@for_members
def my_orders(session: Session, incoming: Incoming, person: Person) -> Answer:
    page = buttons.ORDERS.read(incoming.text).get("page", "0")
    return show(session, incoming, person, View.ORDERS, {"page": int(page)})


@for_members
def show_card(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Send an order's card again, below."""
    order = _own(session, incoming, buttons.ORDER, person)
    if order is None:
        return show_present(session, incoming, person, _("There is no such order."))
    send_anew(session, incoming, order, person)
    return Answer(_("Order %(number)s is below.") % {"number": order.id})


@for_members
def cancel(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Withdraw an order; if it was taken meanwhile, say by whom."""
    order = _own(session, incoming, buttons.CANCEL, person)
    if order is None:
        return Answer(_("There is no such order."))
    try:
        orders.cancel_own(session, order.id, Actor.of(person, Via.BOT))
    except NotAllowed:
        notifications.update_card(session, order, person, cause=cause(incoming))
        return _too_late(order)
    return Answer(_("Order %(number)s is cancelled.") % {"number": order.id})


def _own(session: Session, incoming: Incoming, press: buttons.Press, person: Person) -> Order | None:
    try:
        order = orders.get(session, int(press.read(incoming.text)["order"]))
    except NotFound:
        return None
    return order if order.person_id == person.id else None


def _too_late(order: Order) -> Answer:
    facts = {"number": order.id, "name": isolated(order.owner.name) if order.owner else ""}
    if order.state is OrderState.CANCELLED:
        return Answer(_("Order %(number)s is already cancelled.") % facts)
    if order.state is OrderState.ISSUED:
        return Answer(_("Order %(number)s is already issued.") % facts, alert=True)
    if order.owner is None:
        return Answer(_("Too late: order %(number)s is being served. Ask at the counter.") % facts, alert=True)
    return Answer(_("Too late: %(name)s is serving order %(number)s. Ask at the counter.") % facts, alert=True)
