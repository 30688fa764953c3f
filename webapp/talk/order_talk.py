"""The talk about an order, in both directions, oldest first: messages with their receipts, questions with answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from common.database.models import ChatMessage, Order, Person, Question
from common.orders.lines import ANSWER_WITHDRAWN
from common.talk import chat, questions
from webapp.wording import words
from webapp.wording.receipts import Receipt


@dataclass(frozen=True)
class TalkMessage:
    """One message. `mine`: the desk wrote it. `edited`: its writer corrected it later."""

    anchor: str
    at: datetime
    who: str
    text: str
    mine: bool
    edited: bool = False
    receipt: Receipt | None = None
    message_id: int | None = None

    is_question = False


@dataclass(frozen=True)
class TalkQuestion:
    """A question and its state: open, answered in words, or taken back."""

    anchor: str
    at: datetime
    who: str
    text: str
    is_substitute: bool  # whether it proposes another part
    about: Mapping[str, str] | None
    is_open: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    taken_back: bool

    is_question = True


TalkEntry = TalkMessage | TalkQuestion


def of_order(session: Session, order: Order, receipts: list[Receipt]) -> list[TalkEntry]:
    """The whole talk, oldest first."""
    by_row = {receipt.id: receipt for receipt in receipts}
    entries: list[TalkEntry] = [_message_entry(order, message, by_row) for message in chat.of_order(session, order.id)]
    entries += [_question_entry(session, question) for question in questions.of_order(session, order.id)]
    return sorted(entries, key=lambda entry: entry.at)


def receipts_beside_talk(receipts: list[Receipt], talk: list[TalkEntry]) -> list[Receipt]:
    """The receipts that the conversation does not show beside their messages."""
    shown = {entry.receipt.id for entry in talk if isinstance(entry, TalkMessage) and entry.receipt}
    return [receipt for receipt in receipts if receipt.id not in shown]


def _message_entry(order: Order, message: ChatMessage, receipts: Mapping[int, Receipt]) -> TalkMessage:
    return TalkMessage(
        anchor=f"said-{message.id}",
        at=message.at,
        who=message.author.name,
        text=message.text,
        mine=message.author_id != order.person_id,
        edited=message.edited_at is not None,
        receipt=receipts.get(message.outbox_id) if message.outbox_id else None,
        message_id=message.id,
    )


def _question_entry(session: Session, question: Question) -> TalkQuestion:
    return TalkQuestion(
        anchor=f"asked-{question.id}",
        at=question.asked_at,
        who=_person_name(session, question.asked_by),
        text=question.text,
        is_substitute=question.kind == questions.SUBSTITUTE,
        about=question.line.words if question.line else None,
        is_open=questions.is_open(question),
        answer="" if question.answer == ANSWER_WITHDRAWN else words.word_of(words.ANSWERS, question.answer),
        answered_by=_person_name(session, question.answered_by),
        answered_at=question.answered_at,
        taken_back=question.answer == ANSWER_WITHDRAWN,
    )


def _person_name(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return person.name if person else ""
