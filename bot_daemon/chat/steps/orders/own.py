"""The step of a button that belongs to an order: it runs on an order of one's own only, and says why not."""

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
    """A person at an order of theirs, and the update that is being answered."""

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
        """The card as it is now: an old button was pressed, or a change did not count."""
        cards.update_card(self.session, self.order, self.person, cause=cause_key(self.incoming))


OwnStep = Callable[[OwnOrder, dict[str, str]], Answer]


def at_own_order(press: Press) -> Callable[[OwnStep], Step]:
    """The step of an order's button. What is too late or cannot be taken is answered with one line why."""

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
    """What the step answers, or why it cannot be done."""
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
    """In a toast to whoever pressed, above the screen to whoever typed."""
    if own.incoming.what is UpdateKind.PRESS:
        return own.show_present(note_text(code, {}))
    return own.show_present(note=code)


REFUSAL_CODES = {"words": "words_long"}  # where a service's name for a refusal is not the conversation's


def find_own_order(session: Session, person: Person, number: int) -> Order | None:
    order = session.get(Order, number)
    return order if order is not None and order.person_id == person.id else None


def too_late_answer(order: Order) -> Answer:
    """Why a button of an order does not count any more."""
    facts = {"number": order.id, "name": isolated(order.owner.name) if order.owner else ""}
    if order.state is OrderState.CANCELLED:
        return Answer(_("Order %(number)s is already cancelled.") % facts)
    if order.state is OrderState.ISSUED:
        return Answer(_("Order %(number)s is already issued.") % facts, alert=True)
    if order.state is OrderState.READY:
        return Answer(_("Too late: order %(number)s is ready. Ask at the counter.") % facts, alert=True)
    return Answer(_("Order %(number)s is not ready yet.") % facts)
