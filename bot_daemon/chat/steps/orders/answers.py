"""Answering the desk with one tap. The first answer stands; a later tap on another answer is told so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot_daemon.chat import buttons
from bot_daemon.chat.incoming import Answer, Incoming
from bot_daemon.chat.rendering import words
from bot_daemon.chat.steps.access import for_members
from bot_daemon.chat.steps.orders.own import too_late_answer
from bot_daemon.chat.steps.replies import cause_key
from common.database.models import CLOSED, Person, Question, Via
from common.errors import InvalidInput, NotFound
from common.events import cards
from common.i18n import gettext as _
from common.i18n import isolated
from common.orders.lines import ANSWER_WITHDRAWN
from common.permissions import Actor
from common.talk import questions
from common.talk.questions import SUBSTITUTE


@for_members
def answer_question(session: Session, incoming: Incoming, person: Person) -> Answer:
    values = buttons.ANSWER.read(incoming.text)
    try:
        question, counts = questions.answer(
            session, Actor.of(person, Via.BOT), int(values["question"]), values["answer"]
        )
    except (NotFound, InvalidInput):
        return Answer(_("There is no such question."))
    if counts:
        return Answer(_answer_text(question))
    cards.update_card(session, question.order, person, cause=cause_key(incoming))
    return _settled_answer(question)


def _answer_text(question: Question) -> str:
    if question.kind == SUBSTITUTE and question.answer == "call":
        return _("They will call you. You can still answer here.")
    return _("The desk has it: %(answer)s.") % {"answer": words.answer(question.answer)}


def _settled_answer(question: Question) -> Answer:
    """Tell that another answer came first, or that an answer is no longer needed."""
    if question.order.state in CLOSED:
        return too_late_answer(question.order)
    if question.answer == ANSWER_WITHDRAWN:
        return Answer(_("It is settled at the desk."))
    given = isolated(words.answer(question.answer[:100]))
    return Answer(
        _("You have answered already: %(answer)s. To change it, write to the desk.") % {"answer": given}, True
    )
