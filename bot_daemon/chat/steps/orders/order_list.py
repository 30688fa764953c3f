"""My orders: the lists, and sending a card again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import for_members, show, show_present
from bot_daemon.chat.steps.cards import send_anew
from bot_daemon.chat.steps.orders.own import find_own_order
from common.database.models import Person
from common.i18n import gettext as _


@for_members
def show_my_orders(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Show the person's open orders."""
    page = buttons.ORDERS.read(incoming.text).get("page", "0")
    return show(session, incoming, person, ScreenView.ORDERS, {"page": int(page)})


@for_members
def show_some_orders(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Show the person's open orders, all of them, or (a button of older lists) the ready ones."""
    values = buttons.ORDERS_SHOWN.read(incoming.text)
    arguments = {"show": values["show"], "page": int(values["page"])}
    return show(session, incoming, person, ScreenView.ORDERS, arguments)


@for_members
def show_cars(session: Session, incoming: Incoming, person: Person) -> Answer:
    return show(session, incoming, person, ScreenView.CARS)


@for_members
def show_orders_of_car(session: Session, incoming: Incoming, person: Person) -> Answer:
    values = buttons.ORDERS_OF_CAR.read(incoming.text)
    arguments = {"show": "car", "vehicle": int(values["vehicle"]), "page": int(values["page"])}
    return show(session, incoming, person, ScreenView.ORDERS, arguments)


@for_members
def show_card(session: Session, incoming: Incoming, person: Person) -> Answer:
    """Send an order's card again, below."""
    order = find_own_order(session, person, int(buttons.ORDER.read(incoming.text)["order"]))
    if order is None:
        return show_present(session, incoming, person, _("There is no such order."))
    send_anew(session, incoming, order, person)
    return Answer(_("Order %(number)s is below.") % {"number": order.id})
