"""Who is told of an event: the people of each audience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import clock
from common.database.models import CLOSED, Card, Order, Person
from common.events.kinds import Audience
from common.messaging.kinds import MessageKind
from common.people import people, preferences
from common.permissions import Action

FOLLOW_CLOSED_FOR = timedelta(days=1)  # so long after its end staff's cards of an order are kept up to date


def _mechanic(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.person_id)]


def _staff(session: Session, order: Order) -> Sequence[Person]:
    linked = people.linked_people(session, Action.ORDER_MOVE)
    return [person for person in linked if preferences.wants(person, MessageKind.NOTICE_NEW_ORDER)]


def _owner(session: Session, order: Order) -> Sequence[Person]:
    return [session.get_one(Person, order.owner_id)] if order.owner_id is not None else []


def _serving(session: Session, order: Order) -> Sequence[Person]:
    """Nobody any more once it has been closed for long: their cards stay as they are."""
    if order.state in CLOSED and order.state_since < clock.utcnow() - FOLLOW_CLOSED_FOR:
        return []
    holders = select(Card.chat_id).where(Card.order_id == order.id)
    chats = set(session.scalars(holders))
    return [person for person in people.linked_people(session, Action.ORDER_MOVE) if person.telegram_id in chats]


READERS: dict[Audience, Callable[[Session, Order], Sequence[Person]]] = {
    Audience.MECHANIC: _mechanic,
    Audience.STAFF: _staff,
    Audience.OWNER: _owner,
    Audience.SERVING: _serving,
}
