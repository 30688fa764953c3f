"""The order a message belongs to: the one it replies to, the one open for writing, or the one that waits for it.

This module only reads. If several orders could be meant, it does not guess: the writer is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot_daemon.chat import draft_store, lookup, screens
from bot_daemon.chat.incoming import Incoming, UpdateKind
from bot_daemon.chat.rendering.messages.questions import asked_in
from bot_daemon.chat.screens import OF_THE_DRAFT, ScreenView
from common import clock
from common.database.models import CLOSED, Card, Media, Order, OutboxRow, Person, Question
from common.messaging.kinds import MessageKind
from common.talk import chat, questions, typed_answers

ANSWERED_WITHIN = timedelta(hours=24)
CONTEXT = timedelta(minutes=30)  # for so long the next message is about the order that was last spoken of


@dataclass(frozen=True)
class ToOrder:
    """The message belongs to this order, and answers this question with `answer`.

    `quiet`: the rest of its album was told already.
    """

    order_id: int
    question: Question | None = None
    answer: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class AskWhich:
    """The message could be meant for several orders: its writer is asked."""


def route_message(session: Session, incoming: Incoming, person: Person) -> ToOrder | AskWhich | None:
    """The target of a text, photo or voice note. None: it is not about a placed order."""
    if incoming.message_id is None or not (incoming.what is UpdateKind.TEXT or incoming.attachment):
        return None
    found = _by_album(session, incoming, person) or _by_reply(session, incoming, person)
    if found is not None:
        return found
    view, arguments = screens.present_view(session, incoming.chat_id)
    if view is ScreenView.LANGUAGES and not person.language_chosen:
        return None
    if view in OF_THE_DRAFT:
        return _by_question(session, incoming, person, since=draft_store.touched_at(session, person))
    return _by_view(session, incoming, person, view, arguments) or _by_context(session, incoming, person)


# By reply -------------------------------------------------------------------------------------------------------------


def _by_reply(session: Session, incoming: Incoming, person: Person) -> ToOrder | None:
    """By the message replied to: a message of ours about an order, a card, or an earlier message of the person."""
    if incoming.reply_to is None:
        return None
    chat_id, message_id = incoming.chat_id, incoming.reply_to
    ours = select(OutboxRow).where(OutboxRow.chat_id == chat_id, OutboxRow.message_id == message_id)
    row = session.scalar(ours.order_by(OutboxRow.id.desc()).limit(1))
    order_id = row.order_id if row is not None else None
    if order_id is None:  # rows are pruned, cards are not
        order_id = session.scalar(select(Card.order_id).where(Card.chat_id == chat_id, Card.message_id == message_id))
    if order_id is None:
        written = chat.of_message(session, chat_id, message_id)
        order_id = written.order_id if written else None
    if order_id is None:
        order_id = draft_store.order_of_message(session, person, message_id)
    if order_id is None or not _is_theirs(session, order_id, person):
        return None
    return _to_question(_question_of(session, row), incoming) or ToOrder(order_id)


def _to_question(question: Question | None, incoming: Incoming) -> ToOrder | None:
    """The question, if the text looks like its answer."""
    if question is None or incoming.what is not UpdateKind.TEXT:
        return None
    answer = typed_answers.fitting_answer(question.kind, incoming.text)
    return ToOrder(question.order_id, question, answer) if answer else None


def _is_theirs(session: Session, order_id: int, person: Person) -> bool:
    order = session.get(Order, order_id)
    return order is not None and order.person_id == person.id


def _question_of(session: Session, row: OutboxRow | None) -> Question | None:
    """The open question of a notice."""
    if row is None or row.kind not in (MessageKind.NOTICE_QUESTION, MessageKind.NOTICE_SUBSTITUTE):
        return None
    question = session.get(Question, asked_in(row))
    return question if question is not None and questions.is_open(question) else None


# By the screen, and by the order last spoken of -----------------------------------------------------------------------


def _by_album(session: Session, incoming: Incoming, person: Person) -> ToOrder | None:
    """A photo goes to the order of the other photos of its album."""
    group = incoming.attachment.group_id if incoming.attachment else ""
    if not group:
        return None
    others = select(Media.order_id).where(
        Media.group_id == group, Media.chat_id == incoming.chat_id, Media.chat_message_id.is_not(None)
    )
    order_id = session.scalar(others.where(Media.order_id.is_not(None)).limit(1))
    return ToOrder(order_id, quiet=True) if order_id is not None and _is_theirs(session, order_id, person) else None


def _by_view(
    session: Session, incoming: Incoming, person: Person, view: ScreenView, arguments: Mapping[str, Any]
) -> ToOrder | AskWhich | None:
    """By the view: the person asked to write about an order, or is choosing one."""
    if view is ScreenView.WHICH and chat.without_order(session, person, clock.utcnow() - CONTEXT):
        return AskWhich()
    order_id = arguments.get("order")
    if view is not ScreenView.WRITE or not isinstance(order_id, int) or not _is_theirs(session, order_id, person):
        return None
    return answered_in_order(session, incoming, person, order_id) or ToOrder(order_id)


def answered_in_order(session: Session, incoming: Incoming, person: Person, order_id: int) -> ToOrder | None:
    """The newest open question of this order that the text fits."""
    waiting = (q for q in reversed(questions.open_for_person(session, person)) if q.order_id == order_id)
    return next(filter(None, (_to_question(question, incoming) for question in waiting)), None)


def _by_question(session: Session, incoming: Incoming, person: Person, since: datetime | None = None) -> ToOrder | None:
    """The newest open question that the text fits. What names a part or a car answers no question in words."""
    if incoming.what is not UpdateKind.TEXT:
        return None
    earliest = max(clock.utcnow() - ANSWERED_WITHIN, since) if since else clock.utcnow() - ANSWERED_WITHIN
    orders_something: bool | None = None
    for question in reversed(questions.open_for_person(session, person)):
        if question.asked_at <= earliest:
            break
        found = _to_question(question, incoming)
        if found is not None and question.kind == "free":
            if orders_something is None:
                orders_something = lookup.orders_something(session, incoming.text) or lookup.is_polite(
                    session, incoming.text
                )
            found = None if orders_something else found
        if found is not None:
            return found
    return None


def _by_context(session: Session, incoming: Incoming, person: Person) -> ToOrder | AskWhich | None:
    """The question that the text fits, else the order last spoken of. A text that orders something begins an order.

    With an unsent draft, the draft could be meant as well.
    """
    answered = _by_question(session, incoming, person)
    if answered is not None:
        return answered
    if incoming.attachment and not incoming.text:
        return AskWhich() if _has_open_orders(session, person) else None
    if lookup.orders_something(session, incoming.text) or lookup.is_polite(session, incoming.text):
        return None
    since = clock.utcnow() - CONTEXT
    asking = {one.order_id for one in questions.open_for_person(session, person) if one.asked_at > since}
    spoken = asking | set(chat.recent_order_ids(session, person, since))
    if not spoken:
        return AskWhich() if incoming.attachment and _has_open_orders(session, person) else None
    if len(spoken) > 1 or draft_store.load_draft(session, person).draft.lines:
        return AskWhich()
    return ToOrder(spoken.pop())


def _has_open_orders(session: Session, person: Person) -> bool:
    theirs = select(Order.id).where(Order.person_id == person.id, Order.state.not_in(CLOSED))
    return session.scalar(theirs.limit(1)) is not None
