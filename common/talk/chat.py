"""The chat of an order: its mechanic writes in Telegram, staff at the desk. Messages are kept as written.

A message does not change the order's version, so a new message never makes the desk refuse a press as stale.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database.engine import bump_revision, storable
from common.database.models import ChatMessage, Order, OutboxRow, Person, UtcDateTime
from common.errors import InvalidInput, NotFound
from common.events import cards
from common.facts.messages import ChatWritten
from common.media import attachments, desk_photos
from common.media.media_store import FileContent
from common.messaging import outbox
from common.messaging.kinds import MessageKind
from common.orders import locking
from common.permissions import Action, Actor, require
from common.talk import quick_replies

MAX_MESSAGE = 3500  # a message of staff: with its heading it must fit into one Telegram message of 4,096
MAX_RECEIVED = 4096  # a message of a mechanic: Telegram's own limit
_RECENT_ORDER_IDS = (
    select(ChatMessage.order_id)
    .join(Order, Order.id == ChatMessage.order_id)
    .where(Order.person_id == bindparam("person_id"), ChatMessage.at >= bindparam("since", type_=UtcDateTime()))
    .distinct()
)


def write(
    session: Session, actor: Actor, order_id: int, text: str, *, key: str, photo: FileContent | None = None
) -> ChatMessage:
    """Staff write to the mechanic, or send a photo. A second call with the same `key` returns the existing message.

    Raises:
        NotFound: no such order.
        InvalidInput: `message_needed`; `message_long`; `no_chat`: the mechanic has not joined; `unfilled`: a place of a
        quick reply is empty; `photos_day`, `photos_many`: the order has `desk_photos.MAX_PHOTOS` already.
    """
    require(actor, Action.MESSAGE_WRITE)
    text = storable(text).strip()
    most = MAX_MESSAGE if photo is None else desk_photos.MAX_CAPTION
    if not text and photo is None:
        raise InvalidInput("message_needed")
    if len(text.encode("utf-16-le")) // 2 > most:
        raise InvalidInput("message_long", most=most)
    empty = quick_replies.unfilled(text)
    if empty:
        raise InvalidInput("unfilled", places=", ".join(f"{{{name}}}" for name in empty))
    order = locking.lock_order(session, order_id)
    reader, author = session.get_one(Person, order.person_id), _author(session, actor)
    if reader.telegram_id is None:
        raise InvalidInput("no_chat")
    row_key = f"chat:{order.id}:{key}"
    row_id = outbox.enqueue(
        session,
        key=row_key,
        kind=MessageKind.CHAT,
        chat_id=reader.telegram_id,
        stream=outbox.order_stream(order.id, reader.telegram_id),
        arguments=ChatWritten(text=text, author=author.name, photo=photo.digest if photo else None),
        person_id=reader.id,
        order_id=order.id,
    )
    if row_id is None:
        return _message_of_row(session, row_key)
    if photo is not None:
        desk_photos.check_room(session, order.id, author.id)
    message = ChatMessage(order_id=order.id, author_id=author.id, text=text, at=clock.utcnow(), outbox_id=row_id)
    _save(session, order, message)
    if photo is not None:
        desk_photos.attach_to_message(session, photo, message)
    return message


def _author(session: Session, actor: Actor) -> Person:
    if actor.person_id is None:
        raise InvalidInput("author")
    return session.get_one(Person, actor.person_id)


def _message_of_row(session: Session, key: str) -> ChatMessage:
    of_it = select(ChatMessage).join(OutboxRow, OutboxRow.id == ChatMessage.outbox_id).where(OutboxRow.key == key)
    return session.scalars(of_it).one()


def receive(
    session: Session, person: Person, text: str, *, chat_id: int, message_id: int, order_id: int | None
) -> ChatMessage:
    """Keep a mechanic's message, with its order, or without one until they name it. A repeated message is kept once.

    Raises:
        NotFound: the mechanic has no such order.
    """
    present = of_message(session, chat_id, message_id)
    if present is not None:
        return present
    message = ChatMessage(
        author_id=person.id,
        text=storable(text)[:MAX_RECEIVED],
        at=clock.utcnow(),
        chat_id=chat_id,
        message_id=message_id,
    )
    if order_id is None:
        session.add(message)
        session.flush()
        return message
    order = _lock_own_order(session, order_id, person)
    message.order_id = order.id
    _save(session, order, message)
    return message


def assign_order(session: Session, message: ChatMessage, order_id: int, person: Person) -> ChatMessage:
    """Assign a message to the order its writer names, or move it to another one. Its photos and voice notes follow.

    Raises:
        NotFound: the mechanic has no such order.
    """
    if message.order_id == order_id:
        return message
    left = message.order_id
    order = _lock_own_order(session, order_id, person)
    message.order_id = order.id
    _save(session, order, message)
    attachments.move_with_message(session, message.id, order.id)
    if left is not None:
        cards.update_card(session, locking.lock_order(session, left), person, cause=f"chat:{message.id}:left:{left}")
    return message


def remove(session: Session, message: ChatMessage) -> None:
    """Remove a message whose writer meant a new order. Its photos and voice notes are detached from it."""
    left = message.order_id
    for brought in message.media:
        brought.chat_message_id = brought.order_id = None
    session.flush()
    session.delete(message)
    session.flush()
    if left is not None:
        order = locking.lock_order(session, left)
        reader = session.get_one(Person, order.person_id)
        cards.update_card(session, order, reader, cause=f"chat:{message.id}:removed")
    bump_revision(session)


def without_order(session: Session, person: Person, since: datetime) -> list[ChatMessage]:
    """A person's messages since then that have no order yet, oldest first."""
    waiting = select(ChatMessage).where(
        ChatMessage.author_id == person.id, ChatMessage.order_id.is_(None), ChatMessage.at >= since
    )
    return list(session.scalars(waiting.order_by(ChatMessage.id)))


def recent_order_ids(session: Session, person: Person, since: datetime) -> list[int]:
    """The ids of the person's orders in which either side wrote since then."""
    recent = session.scalars(_RECENT_ORDER_IDS, {"person_id": person.id, "since": since})
    return [order_id for order_id in recent if order_id is not None]


def _lock_own_order(session: Session, order_id: int, person: Person) -> Order:
    order = locking.lock_order(session, order_id)
    if order.person_id != person.id:
        raise NotFound("order", order_id)
    return order


def _save(session: Session, order: Order, message: ChatMessage) -> None:
    session.add(message)
    session.flush()
    reader = session.get_one(Person, order.person_id)
    cards.update_card(session, order, reader, cause=f"chat:{message.id}:{order.id}")
    bump_revision(session)


def edit(session: Session, chat_id: int, message_id: int, text: str) -> ChatMessage | None:
    """Take over a correction made in Telegram: the new words, marked as edited. None: it is not a chat message."""
    message = of_message(session, chat_id, message_id)
    if message is None or message.text == storable(text)[:MAX_RECEIVED]:
        return message
    message.text, message.edited_at = storable(text)[:MAX_RECEIVED], clock.utcnow()
    if message.order_id is not None:
        order = locking.lock_order(session, message.order_id)
        reader = session.get_one(Person, order.person_id)
        edited = f"chat:{message.id}:edited:{message.edited_at.timestamp()}"
        cards.update_card(session, order, reader, cause=edited)
    bump_revision(session)
    return message


def of_message(session: Session, chat_id: int, message_id: int) -> ChatMessage | None:
    """The stored chat message of this Telegram message."""
    of_it = select(ChatMessage).where(ChatMessage.chat_id == chat_id, ChatMessage.message_id == message_id)
    return session.scalar(of_it.limit(1))


def of_order(session: Session, order_id: int, limit: int = 200) -> list[ChatMessage]:
    """The newest messages of an order, oldest first."""
    newest = select(ChatMessage).where(ChatMessage.order_id == order_id).order_by(ChatMessage.id.desc()).limit(limit)
    return list(session.scalars(newest.options(joinedload(ChatMessage.author))))[::-1]
