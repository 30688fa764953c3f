"""Whoever can be reached again gets the cards as they are now, once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat.incoming import Incoming
from bot_daemon.chat.steps.cards import send_open_cards
from common.database.models import Chat, Person


def mark_reachable(session: Session, incoming: Incoming, person: Person, chat: Chat | None) -> bool:
    """Whether the chat was thought out of reach until this update; it is not any more."""
    if chat is None or not chat.unreachable:
        return False
    chat.unreachable = ""
    if person.archived_at is None:
        send_open_cards(session, incoming, person)
    return True
