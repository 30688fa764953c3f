"""Erasing a person: what they wrote and who they were goes; order numbers, counts and days stay.

It begins in one transaction, which closes the access, and is then worked off in small ones by whoever calls `go_on`:
the command, the page, and the daemon if both were interrupted. The last transaction takes the name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.models import (
    CLOSED,
    ChatMessage,
    InboxRow,
    InboxState,
    Media,
    Order,
    OutboxRow,
    OutboxState,
    Person,
)
from common.errors import InvalidInput
from common.messaging import outbox
from common.people import people, staff
from common.permissions import Action, Actor, require
from common.personal import belonging, forgetting, identity
from common.personal.belonging import Subject
from common.personal.mentions import Renaming, rename_some

AT_ONCE = 200  # rows per transaction; files and orders are fewer


@dataclass(frozen=True)
class Extent:
    """How much erasing a person would touch."""

    orders: int
    messages: int
    files: int


def extent(session: Session, person: Person) -> Extent:
    who = Subject.of(session, person)
    return Extent(
        orders=_count(session, Order.person_id == person.id),
        messages=_count(session, belonging.ROWS[ChatMessage](who)),
        files=_count(session, belonging.files(who)),
    )


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(*conditions)) or 0


def begin(session: Session, actor: Actor, person_id: int) -> Person:
    """Close the person's access and mark them to be erased.

    Raises: NotFound, Forbidden. InvalidInput `last_manager`, `open_orders`.
    """
    require(actor, Action.PEOPLE_ARCHIVE)
    staff.keep_a_manager(session, person_id)  # first: everybody locks managers in the same order
    person = staff.get(session, person_id, lock=True)
    _refuse_open_orders(session, person_id)
    if person.archived_at is None:
        person = people.archive(session, actor, person_id)
    if person.erasing_since is None:
        person.erasing_since = clock.utcnow()
        if person.telegram_id is not None:
            outbox.withdraw(session, person.telegram_id)
        session.flush()
        staff.record(session, actor, "person.erased", person)
    return person


def _refuse_open_orders(session: Session, person_id: int) -> None:
    theirs = or_(Order.person_id == person_id, Order.owner_id == person_id)
    numbers = session.scalars(select(Order.id).where(theirs, Order.state.not_in(CLOSED)).order_by(Order.id)).all()
    if numbers:
        raise InvalidInput("open_orders", count=len(numbers), orders=", ".join(map(str, numbers[:5])))


def go_on(session: Session, language: str) -> bool:
    """Work off one transaction of the erasing that has begun. Returns whether there was any.

    Args:
        language: in which the name that remains is written.
    """
    unfinished = (Person.erasing_since.is_not(None), Person.erased_at.is_(None))
    people_left = session.scalars(select(Person).where(*unfinished).order_by(Person.id).with_for_update()).all()
    return any(_erase_some(session, person, language) for person in people_left)


def _erase_some(session: Session, person: Person, language: str) -> bool:
    who, name = Subject.of(session, person), identity.neutral_name(person, language)
    if any(bite(session, who) for bite in BITES) or rename_some(session, Renaming.of(session, who, name)):
        return True
    if _must_wait(session, who):
        return False
    identity.take(session, person, who, name, language)
    return True


def _must_wait(session: Session, who: Subject) -> bool:
    """Whether the sender will still write the outcome of a message, or an order was opened meanwhile."""
    on_the_way = OutboxRow.state.in_((OutboxState.LEASED, OutboxState.SENDING))
    is_open = Order.state.not_in(CLOSED)
    return bool(
        _count(session, belonging.messages(who), on_the_way)
        or _count(session, Order.person_id == who.person_id, is_open)
    )


def _forget_orders(session: Session, who: Subject) -> bool:
    closed = (Order.forgotten_at.is_(None), Order.state.in_(CLOSED))
    left = who.orders().where(*closed).order_by(Order.id).limit(forgetting.AT_ONCE)
    ids = session.scalars(left).all()
    if ids:
        forgetting.forget(session, ids)
    return bool(ids)


def _remove_files(session: Session, who: Subject) -> bool:
    return _some(session, select(Media.id).where(belonging.files(who)), forgetting.remove_files)


def _remove_messages(session: Session, who: Subject) -> bool:
    settled = OutboxRow.state.not_in(outbox.WAITING)
    return _some(session, select(OutboxRow.id).where(belonging.messages(who), settled), forgetting.remove_messages)


def _some(session: Session, wanted: Select[int], remove: Callable[[Session, Sequence[int]], None]) -> bool:
    ids = session.scalars(wanted.limit(AT_ONCE)).all()
    if ids:
        remove(session, ids)
    return bool(ids)


def _empty_updates(session: Session, who: Subject) -> bool:
    """Updates stay as numbers, so that a repetition by Telegram is known. Those that did not run yet never will."""
    some = select(InboxRow.seq).where(InboxRow.lane == who.lane).order_by(InboxRow.seq).limit(AT_ONCE)
    ids = session.scalars(some).all()
    nothing = {"body": None, "error": None, "digest": None, "lane": "erased", "done_at": clock.utcnow()}
    session.execute(update(InboxRow).where(InboxRow.seq.in_(ids)).values(state=InboxState.DONE, **nothing))
    return bool(ids)


def _empty_messages(session: Session, who: Subject) -> bool:
    """Messages that never got an order; those of others' orders belong to these orders."""
    some = select(ChatMessage.id).where(
        ChatMessage.author_id == who.person_id, ChatMessage.order_id.is_(None), ChatMessage.text != ""
    )
    ids = session.scalars(some.limit(AT_ONCE)).all()
    nothing = {"text": "", "chat_id": None, "message_id": None}
    session.execute(update(ChatMessage).where(ChatMessage.id.in_(ids)).values(nothing))
    return bool(ids)


BITES = (_forget_orders, _remove_files, _remove_messages, _empty_updates, _empty_messages)
