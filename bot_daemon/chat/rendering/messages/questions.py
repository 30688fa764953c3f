"""Questions of the desk: the notice that asks, its text after the answer, and the question on the card."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.content import Button, Content, NothingToSay
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import named
from bot_daemon.chat.rendering.text import escape, paragraphs, plate
from common.database.models import OutboxRow, Person, Question
from common.facts.talk import QuestionAsked, SubstituteChanged
from common.i18n import gettext as _
from common.messaging.kinds import MessageKind
from common.orders.lines import ANSWER_WITHDRAWN
from common.talk import questions
from common.talk.questions import ANSWERS, CALL, REFUSE, SUBSTITUTE

MAX_SHOWN = 700  # units of a question in a notice; of 1,000 characters at most


def notice(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """A question that is still open, with its answers as buttons."""
    question = _of(session, row, reader)
    if not questions.is_open(question):
        raise NothingToSay
    return _content(question)


def amendment(session: Session, row: OutboxRow, reader: Person | None) -> Content:
    """The notice, updated: with the answer, and without buttons that no longer count."""
    return _content(_of(session, row, reader))


def asked_in(row: OutboxRow) -> int:
    """The question of a notice."""
    if row.kind == MessageKind.NOTICE_SUBSTITUTE:
        return SubstituteChanged.read(row.arguments).question
    return QuestionAsked.read(row.arguments).question


def _of(session: Session, row: OutboxRow, reader: Person | None) -> Question:
    question = session.get(Question, asked_in(row))
    if question is None or reader is None or reader.archived_at is not None:
        raise NothingToSay
    return question


def _content(question: Question) -> Content:
    order = question.order
    car = f" ({plate(order.vehicle.raw)})" if order.vehicle else ""
    text = [f"❓ <b>{words.order(order.id)}</b>{car}", *question_lines(question, MAX_SHOWN), *_answer_or_hint(question)]
    return Content("\n".join(text), answer_buttons(question))


def question_lines(question: Question, most: int) -> list[str]:
    """The question and the line it is about."""
    line = f"🔩 {named(question.line, 120)}" if question.line else ""
    if question.kind == SUBSTITUTE:
        instead = _("Instead there is: %(words)s") % {"words": f"<b>{escape(question.text, min(most, 250))}</b>"}
        return [*([line] if line else []), f"🔁 {instead}"]
    return [*([line] if line else []), f"<b>{paragraphs(question.text, most)}</b>"]


def _answer_or_hint(question: Question) -> list[str]:
    """The valid answer, or a hint how to answer."""
    if not questions.is_open(question) or question.answer == CALL:
        return ["", answer_line(question)] if question.answer else ["", "☝️ " + _("It is settled.")]
    return ["", _hint(question)]


def _hint(question: Question) -> str:
    if question.kind == SUBSTITUTE:
        return _("Take it?")
    return _("Tap an answer, or write one.") if ANSWERS[question.kind] else _("Write the answer.")


def answer_line(question: Question) -> str:
    """The answer in one line."""
    if question.answer == ANSWER_WITHDRAWN:
        return "☝️ " + _("It is settled at the desk.")
    if question.answer == CALL:
        return "📞 " + _("They will call you. You can still answer here.")
    sign = "❌" if question.answer == REFUSE else "✅"
    return f"{sign} {escape(words.answer(question.answer), 300)}"


def answer_buttons(question: Question) -> list[list[Button]]:
    """The valid answers, as buttons."""
    if not questions.is_open(question):
        return []
    offered = [code for code in ANSWERS.get(question.kind, ()) if code != question.answer]
    return [[_answer(question, code) for code in offered]]


def _answer(question: Question, code: str) -> Button:
    sign = {"accept": "✅ ", "refuse": "❌ ", "call": "📞 "}.get(code, "")
    return buttons.ANSWER.button(sign + words.answer(code), question=question.id, answer=code)
