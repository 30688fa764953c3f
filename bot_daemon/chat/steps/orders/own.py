"""Steps of buttons that belong to an order: they run only on the person's own order, or give the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from sqlalchemy.orm import Session

from bot_daemon.chat.buttons import Press
from bot_daemon.chat.incoming import Answer, Incoming, Step, UpdateKind
from bot_daemon.chat.rendering.words import note_text
from bot_daemon.chat.screens import ScreenView
from bot_daemon.chat.steps.access import for_members, show, show_present
from bot_daemon.chat.steps.replies import cause_key
from common.database.models import Order, OrderState, Person, Via
from common.errors import InvalidInput, NotFound, WrongState
from common.events import cards
from common.i18n import gettext as _
from common.i18n import isolated
from common.permissions import Actor


@dataclass
class OwnOrder:
    """A person at their own order, and the update to answer."""

    session: Session
    incoming: Incoming
    person: Person
    order: Order

    @property
    def actor(self) -> Actor:
        return Actor.of(self.person, Via.BOT)

    def show(self, view: ScreenView, **arguments: object) -> Answer:
        return show(self.session, self.incoming, self.person, view, {"order": self.order.id, **arguments})

    def show_present(self, toast: str = "", **extra: object) -> Answer:
        return show_present(self.session, self.incoming, self.person, toast, **extra)

    def show_card(self) -> None:
        """Send the present card: an old button was pressed, or a change did not count."""
        cards.update_card(self.session, self.order, self.person, cause=cause_key(self.incoming))


OwnStep = Callable[[OwnOrder, dict[str, str]], Answer]


def at_own_order(press: Press) -> Callable[[OwnStep], Step]:
    """The step of an order's button. A press that is late or cannot be accepted gets one line of explanation."""

    def decorate(step: OwnStep) -> Step:
        @wraps(step)
        def pressed(session: Session, incoming: Incoming, person: Person) -> Answer:
            values = press.read(incoming.text)
            order = find_own_order(session, person, int(values["order"]))
            if order is None:
                return Answer(_("There is no such order."))
            return answer_or_refuse(OwnOrder(session, incoming, person, order), lambda own: step(own, values))

        return for_members(pressed)

    return decorate


def answer_or_refuse(own: OwnOrder, step: Callable[[OwnOrder], Answer]) -> Answer:
    """The step's answer, or the reason of its refusal."""
    try:
        return step(own)
    except NotFound:
        return _refuse(own, "line_gone")
    except WrongState:
        own.show_card()
        return too_late_answer(own.order) if own.incoming.what is UpdateKind.PRESS else _refuse(own, "too_late")
    except InvalidInput as refused:
        return _refuse(own, REFUSAL_CODES.get(refused.code, refused.code))


def _refuse(own: OwnOrder, code: str) -> Answer:
    """Tell the reason in a toast after a press, above the screen after typed text."""
    if own.incoming.what is UpdateKind.PRESS:
        return own.show_present(note_text(code, {}))
    return own.show_present(note=code)


REFUSAL_CODES = {"words": "words_long"}  # a service's code of a refusal → the conversation's, where they differ


def find_own_order(session: Session, person: Person, number: int) -> Order | None:
    order = session.get(Order, number)
    return order if order is not None and order.person_id == person.id else None


def too_late_answer(order: Order) -> Answer:
    """The reason why a button of an order no longer counts."""
    facts = {"number": order.id, "name": isolated(order.owner.name) if order.owner else ""}
    if order.state is OrderState.CANCELLED:
        return Answer(_("Order %(number)s is already cancelled.") % facts)
    if order.state is OrderState.ISSUED:
        return Answer(_("Order %(number)s is already issued.") % facts, alert=True)
    if order.state is OrderState.READY:
        return Answer(_("Too late: order %(number)s is ready. Ask at the counter.") % facts, alert=True)
    return Answer(_("Order %(number)s is not ready yet.") % facts)
