"""What a message says: facts become text here, at delivery, in the reader's language.

Data is escaped in one place (`rendering.text.data`), and every text stays within Telegram's limits whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot_daemon.content import Content
from bot_daemon.rendering import cards, notices, replies, views
from bot_daemon.rendering.text import laid_out
from common import i18n, people
from common.models import OutboxRow, Person

Renderer = Callable[[Session, OutboxRow, Person | None], Content]

RENDERERS: dict[str, Renderer] = {
    "screen": views.screen,
    "card": cards.card,
    "chat": notices.chat,
    **notices.NOTICES,
    **replies.REPLIES,
}


def content(session: Session, row: OutboxRow, *, default_language: str = "en") -> Content:
    """The text and buttons of one row, as of now.

    Raises:
        NothingToSay: the fact the row speaks of is gone, or the reader may not have it any more.
    """
    reader = _reader(session, row)
    guess = i18n.known(row.arguments.get("language")) or default_language
    with i18n.speaking(reader.language if reader else guess):
        return laid_out(RENDERERS[row.kind](session, row, reader))


def _reader(session: Session, row: OutboxRow) -> Person | None:
    """Whose chat this is. A row names its person; the chat is asked for strangers, and where they do not agree."""
    named = session.get(Person, row.person_id) if row.person_id is not None else None
    return named if named and named.telegram_id == row.chat_id else people.by_telegram(session, row.chat_id)
