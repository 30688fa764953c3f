"""Sending an order's card again, below, because the person asked for it or has come back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Incoming
from bot_daemon.chat.steps.replies import cause_key
from common.database.models import CLOSED, Card, Order, Person, ReasonCode
from common.events import cards
from common.facts.messages import MessageRemoved
from common.messaging import outbox
from common.messaging.kinds import MessageKind

MAX_CARDS = 10


def send_anew(session: Session, incoming: Incoming, order: Order, person: Person) -> None:
    """Send the order's card below and delete the old one: there is one card per order."""
    card = session.get(Card, (order.id, incoming.chat_id))
    old = card.message_id if card else None
    if card is not None:
        card.message_id = None
    cards.update_card(session, order, person, cause=f"{cause_key(incoming)}:order:{order.id}")
    if old is not None:
        outbox.enqueue(
            session,
            key=f"{cause_key(incoming)}:{incoming.chat_id}:{old}:removed",
            kind=MessageKind.SCREEN_REMOVED,
            chat_id=incoming.chat_id,
            stream=f"tidy:{incoming.chat_id}",  # its own, so that nothing waits for it
            arguments=MessageRemoved(message_id=old),
            order_id=order.id,
        )


def send_open_cards(session: Session, incoming: Incoming, person: Person) -> None:
    """Send the cards of the newest open orders, the newest lowest, and drop the messages that waited for the person."""
    outbox.mark_unreachable(session, incoming.chat_id, ReasonCode.BLOCKED)
    open_orders = (
        select(Order)
        .where(Order.person_id == person.id, Order.state.not_in(CLOSED))
        .order_by(Order.id.desc())
        .limit(MAX_CARDS)
    )
    for order in reversed(session.scalars(open_orders).all()):
        send_anew(session, incoming, order, person)
