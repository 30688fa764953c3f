"""Presence: the staff who have an order's page open, and the talk that no one at the desk has seen yet.

An open page reports again and again; a report holds for half a minute. The time of the last look is kept: a message or
answer of the mechanic is unread if it is newer than that look and than the desk's last message.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import bump_revision
from common.database.models import ChatMessage, Order, PageVisit, Person, Question, UtcDateTime
from common.errors import NotFound

OPEN_FOR = timedelta(seconds=30)


@dataclass(frozen=True)
class Unseen:
    """An order's counts of messages and answers that no one at the desk has seen, and of unanswered questions."""

    messages: int = 0
    answers: int = 0
    asked: int = 0


def mark_open(session: Session, order_id: int, person_id: int) -> None:
    """Record that a person has the order's page open. Raises: NotFound."""
    now = clock.utcnow()
    seen = session.get(PageVisit, (order_id, person_id))
    if seen is None:
        if session.get(Order, order_id) is None:
            raise NotFound("order", order_id)
        with suppress(IntegrityError), session.begin_nested():  # the person's other tab may be first
            session.add(PageVisit(order_id=order_id, person_id=person_id, seen_at=now, open_until=now + OPEN_FOR))
        bump_revision(session)
        return
    if seen.open_until <= now or _has_news_since(session, order_id, seen.seen_at):
        bump_revision(session)
    seen.seen_at, seen.open_until = now, now + OPEN_FOR


def _has_news_since(session: Session, order_id: int, seen_at: datetime) -> bool:
    written = exists().where(ChatMessage.order_id == order_id, ChatMessage.at > seen_at)
    answered = exists().where(Question.order_id == order_id, Question.answered_at > seen_at)
    return bool(session.scalar(select(or_(written, answered))))


def mark_closed(session: Session, order_id: int, person_id: int) -> None:
    """Record that the person closed the page or left it."""
    now = clock.utcnow()
    seen = session.get(PageVisit, (order_id, person_id))
    if seen is not None and seen.open_until > now:
        seen.open_until = now
        bump_revision(session)


def viewers(session: Session, order_ids: Sequence[int], except_: int | None = None) -> dict[int, list[str]]:
    """The names of the people who have these orders open now."""
    open_now = (
        select(PageVisit.order_id, Person.name)
        .join(Person, Person.id == PageVisit.person_id)
        .where(
            PageVisit.order_id.in_(order_ids),
            PageVisit.open_until > clock.utcnow(),
            PageVisit.person_id != (except_ or 0),
        )
        .order_by(PageVisit.order_id, Person.name)
    )
    names: dict[int, list[str]] = {}
    for order_id, name in session.execute(open_now):
        names.setdefault(order_id, []).append(name)
    return names


# The first condition has an index, and follows from the second.
_HAS_ORDER_OPEN = select(
    exists().where(
        PageVisit.seen_at > bindparam("since", type_=UtcDateTime()),
        PageVisit.open_until > bindparam("now", type_=UtcDateTime()),
        PageVisit.person_id == bindparam("person_id"),
    )
)


def has_order_open(session: Session, person_id: int) -> bool:
    """Whether this person has any order open now."""
    now = clock.utcnow()
    return bool(session.scalar(_HAS_ORDER_OPEN, {"since": now - OPEN_FOR, "now": now, "person_id": person_id}))


def unseen(session: Session, order_ids: Sequence[int]) -> dict[int, Unseen]:
    """The unseen counts by order, in two queries; orders without any are left out."""
    messages = {order_id: count for order_id, count in session.execute(_unread(order_ids)) if order_id is not None}
    found = {order_id: Unseen(messages=count) for order_id, count in messages.items()}
    for order_id, asked, answers in session.execute(_questions(order_ids)):
        found[order_id] = Unseen(messages.get(order_id, 0), int(answers), int(asked))
    return found


def _unread(order_ids: Sequence[int]) -> Select[int | None, int]:
    """One pass along the messages. To look for the answer of each would be a pass for each."""
    answer = (
        select(ChatMessage.order_id, func.max(ChatMessage.id).label("id"))
        .join(Order, Order.id == ChatMessage.order_id)
        .where(ChatMessage.order_id.in_(order_ids), ChatMessage.author_id != Order.person_id)
        .group_by(ChatMessage.order_id)
        .subquery()
    )
    look = (
        select(PageVisit.order_id, func.max(PageVisit.seen_at).label("at"))
        .where(PageVisit.order_id.in_(order_ids))
        .group_by(PageVisit.order_id)
        .subquery()
    )
    return (
        select(ChatMessage.order_id, func.count())
        .join(Order, Order.id == ChatMessage.order_id)
        .outerjoin(answer, answer.c.order_id == ChatMessage.order_id)
        .outerjoin(look, look.c.order_id == ChatMessage.order_id)
        .where(
            ChatMessage.order_id.in_(order_ids),
            ChatMessage.author_id == Order.person_id,
            ChatMessage.id > func.coalesce(answer.c.id, 0),
            or_(look.c.at.is_(None), look.c.at < ChatMessage.at),
        )
        .group_by(ChatMessage.order_id)
    )


def _questions(order_ids: Sequence[int]) -> Select[int, int, int]:
    asked = Question.answered_at.is_(None)
    looked = exists().where(PageVisit.order_id == Question.order_id, PageVisit.seen_at >= Question.answered_at)
    by_mechanic = Question.answered_by == Order.person_id
    return (
        select(Question.order_id, func.sum(case((asked, 1), else_=0)), func.sum(case((asked, 0), else_=1)))
        .join(Order, Order.id == Question.order_id)
        .where(Question.order_id.in_(order_ids), or_(asked, and_(by_mechanic, ~looked)))
        .group_by(Question.order_id)
    )
