"""The text of messages: facts become text here, at delivery, in the reader's language.

Data is escaped in one place (`rendering.text.data`), and every text stays within Telegram's limits whatever it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, tzinfo

from sqlalchemy.orm import Session

from bot_daemon.chat.content import Content, NothingToSay
from bot_daemon.chat.rendering import times
from bot_daemon.chat.rendering.cards import staff_cards
from bot_daemon.chat.rendering.messages import joining, notices, replies
from bot_daemon.chat.rendering.screens import screen
from bot_daemon.chat.rendering.text import lay_out
from common import clock, i18n
from common.database.models import OutboxRow, Person
from common.facts.messages import ReplyFacts
from common.messaging.kinds import MessageKind
from common.messaging.message_spec import Family
from common.people import people, preferences

Renderer = Callable[[Session, OutboxRow, Person | None], Content]

RENDERERS: dict[MessageKind, Renderer] = {
    MessageKind.SCREEN: screen.render_screen,
    MessageKind.CARD: staff_cards.card,
    MessageKind.CHAT: notices.chat,
    MessageKind.NOTICE_AMENDED: notices.amendment,
    **notices.NOTICES,
    **replies.REPLIES,
    **joining.JOINING,
    MessageKind.NOTICE_NEW_ORDER: staff_cards.new_order_notice,
    MessageKind.NOTICE_ASSIGNED: staff_cards.assigned_notice,
    MessageKind.NOTICE_OVERDUE: staff_cards.overdue_notice,
}


SOUNDING = frozenset(
    {Family.NOTICE, Family.CHAT, Family.CARD}
)  # the families that quiet hours silence: not those that answer the reader


def render(session: Session, row: OutboxRow, *, default_language: str = "en", zone: tzinfo = UTC) -> Content:
    """The text and buttons of one row, by the present facts; `zone` is the station's.

    Raises:
        NothingToSay: the fact of the row is gone, or the reader may no longer see it.
    """
    reader = _reader(session, row)
    guess = _guessed_language(row) or default_language
    with i18n.use_language(reader.language if reader else guess), times.in_zone(zone):
        kind = MessageKind(row.kind)
        content = lay_out(RENDERERS[kind](session, row, reader))
        return replace(content, silent=content.silent or (reader is not None and _is_silent(reader, kind)))


def _guessed_language(row: OutboxRow) -> str | None:
    """The language in which a stranger is answered."""
    replied = issubclass(MessageKind(row.kind).spec.arguments, ReplyFacts)
    return i18n.known_language(ReplyFacts.read(row.arguments).language) if replied else None


def _is_silent(reader: Person, kind: MessageKind) -> bool:
    minute = times.minute_of_day(clock.utcnow())
    return kind.spec.family in SOUNDING and preferences.is_silent(reader, kind, minute)


def _reader(session: Session, row: OutboxRow) -> Person | None:
    """The person of the row's chat. A row names its person; for strangers the chat is looked up.

    Raises: NothingToSay when the row is about an order of a person whose chat belongs to another person now.
    """
    named = session.get(Person, row.person_id) if row.person_id is not None else None
    if named is not None and named.telegram_id == row.chat_id:
        return named
    if named is not None and row.order_id is not None:
        raise NothingToSay
    return people.by_telegram(session, row.chat_id)
