"""The message ids of screens, cards and notices in their chats.

An id is looked up to edit the message, stored when the message was sent, and forgotten when it is gone.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from bot_daemon.chat.content import NothingToSay
from common.database.models import Card, OutboxRow, Screen
from common.facts.messages import MessageRemoved, NoticeAmended, ScreenShown
from common.messaging import outbox
from common.messaging.kinds import MessageKind, spec_of
from common.messaging.message_spec import Family

IDS: BindParameter[int] = bindparam("ids", expanding=True)
SCREENS = select(Screen).where(Screen.chat_id.in_(IDS))
CARDS = select(Card).where(Card.order_id.in_(IDS))


def message_to_edit(session: Session, row: OutboxRow) -> int | None:
    """The id of the message to edit; None for a new message.

    Raises:
        NothingToSay: the row amends a notice that never arrived, or is gone.
    """
    if spec_of(row.kind).family is Family.AMENDMENT:
        return _sent_notice(session, row)
    target = target_of(session, row)
    if isinstance(target, Screen):
        wanted_below = ScreenShown.read(row.arguments).fresh  # requested while another one was on its way
        return None if target.fresh or wanted_below else target.message_id
    return target.message_id if target else None


def _sent_notice(session: Session, row: OutboxRow) -> int:
    notice = session.get(OutboxRow, NoticeAmended.read(row.arguments).row)
    if notice is None or notice.message_id is None:
        raise NothingToSay
    return notice.message_id


def target_of(session: Session, row: OutboxRow) -> Screen | Card | None:
    """The screen or card that this row shows; None: it shows neither, or the screen or card is gone."""
    family = spec_of(row.kind).family
    if family is Family.CARD and row.order_id is not None:
        return session.get(Card, (row.order_id, row.chat_id))
    return session.get(Screen, row.chat_id) if family is Family.SCREEN else None


def load_targets(session: Session, rows: Collection[OutboxRow]) -> list[Screen | Card]:
    """The screens and cards of these rows, loaded together: a query per row would also flush them one by one."""
    of_screens = [row.chat_id for row in rows if spec_of(row.kind).family is Family.SCREEN]
    of_cards = [row.order_id for row in rows if spec_of(row.kind).family is Family.CARD]
    screens = session.scalars(SCREENS, {"ids": of_screens}).all() if of_screens else []
    cards = session.scalars(CARDS, {"ids": of_cards}).all() if of_cards else []
    return [*screens, *cards]


def remember_message(session: Session, row: OutboxRow, message_id: int) -> None:
    """A new message was sent: store its id with the card or screen, and delete the screen's old message."""
    target = target_of(session, row)
    if isinstance(target, Card):
        target.message_id = message_id
    elif isinstance(target, Screen):
        _replace_screen(session, row, target, message_id)


def _replace_screen(session: Session, row: OutboxRow, screen: Screen, message_id: int) -> None:
    old, screen.message_id, screen.fresh = screen.message_id, message_id, False
    if old is not None:
        outbox.enqueue(
            session,
            key=f"screen:{row.chat_id}:{old}:removed",
            kind=MessageKind.SCREEN_REMOVED,
            chat_id=row.chat_id,
            stream=f"tidy:{row.chat_id}",
            arguments=MessageRemoved(message_id=old),
            person_id=row.person_id,
        )


def forget_message(session: Session, row: OutboxRow) -> None:
    """The message is gone: forget its id, so that the next one is sent anew."""
    target = target_of(session, row)
    if target is not None:
        target.message_id = None
    if isinstance(target, Screen):
        target.fresh = True
