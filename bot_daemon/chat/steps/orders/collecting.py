"""A mechanic's answers to "ready": on my way, later, or another person collects it."""

from __future__ import annotations

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer
from bot_daemon.chat.steps.orders.own import OwnOrder, at_own_order
from common.counter import pickup
from common.counter.pickup import PickupPlan
from common.i18n import gettext as _

Values = dict[str, str]


@at_own_order(buttons.COMING)
def say_coming(own: OwnOrder, values: Values) -> Answer:
    pickup.announce_pickup(own.session, own.actor, own.order.id, PickupPlan.COMING)
    return Answer(_("The desk knows that you are coming."))


@at_own_order(buttons.LATER)
def say_later(own: OwnOrder, values: Values) -> Answer:
    pickup.announce_pickup(own.session, own.actor, own.order.id, PickupPlan.LATER)
    return Answer(_("The desk knows that you come later."))


@at_own_order(buttons.SOMEBODY_ELSE)
def give_pickup_code(own: OwnOrder, values: Values) -> Answer:
    order = pickup.make_code(own.session, own.actor, own.order.id)
    return Answer(_("Whoever collects it says %(code)s. It is on the card, too.") % {"code": order.pickup_code}, True)
