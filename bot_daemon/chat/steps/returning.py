"""A person who can be reached again gets the present cards, once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Incoming
from bot_daemon.chat.steps.cards import send_open_cards
from common.database.models import Chat, Person


def mark_reachable(session: Session, incoming: Incoming, person: Person, chat: Chat | None) -> bool:
    """Mark the chat as reachable. Returns whether it was unreachable until this update."""
    if chat is None or not chat.unreachable:
        return False
    chat.unreachable = ""
    if person.archived_at is None:
        send_open_cards(session, incoming, person)
    return True
