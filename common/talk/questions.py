"""Questions of the desk about an order: one message with buttons, one answer that counts.

A *substitute* is a question, too: it is proposed for a line, and its answer changes the line.
"""

from __future__ import annotations

from datetime import date

from msgspec import structs
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from common import clock
from common.database.engine import storable
from common.database.models import CLOSED, ChatMessage, Event, LineState, Order, OrderLine, OrderState, Person, Question
from common.errors import InvalidInput, NotFound, WrongState
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import LineChanged
from common.facts.talk import QuestionAsked, SubstituteChanged
from common.orders import lines, locking
from common.permissions import Action, Actor, require

MAX_QUESTION = 1000
MAX_ANSWER = 1000
MAX_SUBSTITUTE = 200
SUBSTITUTE = "substitute"
ACCEPT, REFUSE, CALL = "accept", "refuse", "call"
# The offered answers, by kind. Every kind except a substitute also accepts the mechanic's own words.
ANSWERS: dict[str, tuple[str, ...]] = {
    "side": ("left", "right", "both"),
    "yes_no": ("yes", "no"),
    "free": (),
    SUBSTITUTE: (ACCEPT, REFUSE, CALL),
}
OPEN = [state for state in OrderState if state not in CLOSED]
MOST_READ = 200  # questions: nobody answers older ones
_MAYBE_OPEN = or_(Question.answered_at.is_(None), Question.answer == CALL)
_ASKED_OF_PERSON = (
    select(Question)
    .join(Order, Order.id == Question.order_id)
    # The "+ 0" stops SQLite from reading all orders of the person: few orders are open.
    .where(Order.person_id + 0 == bindparam("person_id"), Order.state.in_(OPEN), _MAYBE_OPEN)
    .order_by(Question.id.desc())
    .limit(MOST_READ)
)


def is_open(question: Question) -> bool:
    """Whether an answer still counts. "Call me" leaves the question open: the answer comes by telephone or later."""
    if question.order.state in CLOSED:
        return False
    return question.answered_at is None or _waits_for_a_call(question)


def _waits_for_a_call(question: Question) -> bool:
    line = question.line
    return question.answer == CALL and line is not None and line.state is LineState.SUBSTITUTE_PROPOSED


def open_in_order(session: Session, order: Order) -> list[Question]:
    """The newest open questions of the order, oldest first."""
    asked = select(Question).where(Question.order_id == order.id, _MAYBE_OPEN).order_by(Question.id.desc())
    return [question for question in session.scalars(asked.limit(MOST_READ)) if is_open(question)][::-1]


def of_order(session: Session, order_id: int) -> list[Question]:
    """The newest questions of an order, oldest first, with their lines."""
    newest = select(Question).where(Question.order_id == order_id).order_by(Question.id.desc()).limit(MOST_READ)
    return list(session.scalars(newest.options(joinedload(Question.order), joinedload(Question.line))))[::-1]


def ask(
    session: Session,
    actor: Actor,
    order_id: int,
    kind: str,
    text: str,
    *,
    expected_version: int,
    line_id: int | None = None,
) -> Question:
    """Ask the mechanic; `kind` decides which answers are offered.

    Raises:
        NotFound, StaleVersion.
        WrongState: the order is closed.
        InvalidInput: `question_kind`, `question_needed`, `question_long`.
    """
    require(actor, Action.QUESTION_ASK)
    if kind not in ANSWERS or kind == SUBSTITUTE:
        raise InvalidInput("question_kind")
    text = _clean_text(text, "question", MAX_QUESTION)
    order = locking.lock_at_version(session, order_id, expected_version)
    if order.state in CLOSED:
        raise WrongState("order", order.state)
    line = lines.get_line(order, line_id) if line_id is not None else None
    question = _insert_question(session, actor, order, line, kind, text)
    record_event(session, actor, order, EventKind.QUESTION_ASKED, _event_arguments(question))
    return question


def propose_substitute(
    session: Session, actor: Actor, order_id: int, line_id: int, words: str, *, expected_version: int
) -> Question:
    """Propose a substitute for a line, in the desk's words.

    Raises:
        NotFound, StaleVersion.
        WrongState: the state of the line or the order does not allow it.
        InvalidInput: `substitute_needed`, `substitute_long`.
    """
    require(actor, Action.QUESTION_ASK)
    words = _clean_text(words, "substitute", MAX_SUBSTITUTE)
    order = locking.lock_at_version(session, order_id, expected_version)
    line = lines.get_line(order, line_id)
    line.substitute = words
    question = _insert_question(session, actor, order, line, SUBSTITUTE, words)
    was_expected_on = line.expected_on
    changed = lines.change_state(order, line, LineState.SUBSTITUTE_PROPOSED)
    facts = _substitute_changed(question, changed, was_expected_on)
    record_event(session, actor, order, EventKind.SUBSTITUTE_PROPOSED, facts)
    return question


def _clean_text(text: str, what: str, most: int) -> str:
    text = storable(text).strip()
    if not text:
        raise InvalidInput(f"{what}_needed")
    if len(text) > most:
        raise InvalidInput(f"{what}_long", most=most)
    return text


def _insert_question(
    session: Session, actor: Actor, order: Order, line: OrderLine | None, kind: str, text: str
) -> Question:
    question = Question(order=order, line=line, kind=kind, text=text, asked_by=actor.person_id, asked_at=clock.utcnow())
    session.add(question)
    session.flush()
    return question


def _event_arguments(question: Question) -> QuestionAsked:
    line = question.line
    return QuestionAsked(
        question=question.id,
        kind=question.kind,
        text=question.text,
        line=line.id if line else None,
        words=dict(line.words) if line else {},
        remark=line.remark if line else "",
        answer=question.answer,
    )


def _substitute_changed(
    question: Question, changed: LineChanged, was_expected_on: date | None = None
) -> SubstituteChanged:
    return SubstituteChanged(
        **structs.asdict(changed),
        question=question.id,
        kind=question.kind,
        text=question.text,
        answer=question.answer,
        was_expected_on=was_expected_on,
    )


def open_for_person(session: Session, person: Person) -> list[Question]:
    """The newest open questions about a person's orders, oldest first."""
    newest = session.scalars(_ASKED_OF_PERSON, {"person_id": person.id})
    return [question for question in newest if is_open(question)][::-1]


def reopen_answered(session: Session, actor: Actor, message: ChatMessage) -> None:
    """Reopen the question that a message answered, because the message was meant otherwise."""
    if message.order_id is None or not message.text:
        return
    given = message.text.strip()[:MAX_ANSWER]
    answered = select(Question).where(
        Question.order_id == message.order_id, Question.answer == given, Question.answered_by == message.author_id
    )
    order = locking.lock_order(session, message.order_id)
    for question in session.scalars(answered).all():
        if question.kind != SUBSTITUTE and given not in ANSWERS.get(question.kind, ()) and order.state not in CLOSED:
            question.answer, question.answered_at, question.answered_by = "", None, None
            session.flush()
            record_event(session, actor, order, EventKind.QUESTION_TAKEN_BACK, _event_arguments(question))


def get_own(session: Session, actor: Actor, question_id: int) -> Question:
    """A question about one of the person's orders. Raises: NotFound."""
    question = session.get(Question, question_id)
    if question is None or question.order.person_id != actor.person_id:
        raise NotFound("question", question_id)
    return question


def answer(session: Session, actor: Actor, question_id: int, given: str) -> tuple[Question, bool]:
    """Answer with one of the kind's codes, or in words unless it is about a substitute. The first answer stands.

    Returns:
        The question, and whether this answer is the one that counts; also True when the same answer is repeated.

    Raises:
        NotFound: no such question about one of the person's orders.
        InvalidInput: `answer`: not one of the answers.
    """
    require(actor, Action.QUESTION_ANSWER)
    question = get_own(session, actor, question_id)
    given = storable(given).strip()[:MAX_ANSWER]
    if not given or (question.kind == SUBSTITUTE and given not in ANSWERS[SUBSTITUTE]):
        raise InvalidInput("answer")
    order = locking.lock_own_order(session, actor, question.order_id)
    session.refresh(question, with_for_update=True)
    if not is_open(question) or given == question.answer:
        return question, given == question.answer
    question.answer, question.answered_by, question.answered_at = given, actor.person_id, clock.utcnow()
    session.flush()
    if question.kind == SUBSTITUTE and given != CALL and question.line is not None:
        _settle_substitute(session, actor, order, question, question.line)
    else:
        record_event(session, actor, order, EventKind.QUESTION_ANSWERED, _event_arguments(question))
    return question, True


def _settle_substitute(session: Session, actor: Actor, order: Order, question: Question, line: OrderLine) -> None:
    """If accepted, the line keeps its words and also gets the substitute's. If refused, it is restored."""
    locking.bump_version(order)
    if question.answer == ACCEPT:
        accepted = _substitute_changed(question, lines.change_state(order, line, LineState.REQUESTED))
        record_event(session, actor, order, EventKind.SUBSTITUTE_ACCEPTED, accepted)
        return
    line.substitute = ""
    state, day = _line_before(session, question)
    refused = _substitute_changed(question, lines.change_state(order, line, state, expected_on=day))
    record_event(session, actor, order, EventKind.SUBSTITUTE_REFUSED, refused)


def _line_before(session: Session, question: Question) -> tuple[LineState, date | None]:
    """The line's state and date before the substitute was proposed."""
    proposed = select(Event).where(Event.order_id == question.order_id, Event.kind == EventKind.SUBSTITUTE_PROPOSED)
    for event in session.scalars(proposed.order_by(Event.id.desc())):
        facts = SubstituteChanged.read(event.arguments)
        if facts.question == question.id:
            return facts.before, facts.was_expected_on
    return LineState.REQUESTED, None
