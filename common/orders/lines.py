"""Lines of an order that is there: their states, and adding, correcting and taking them away.

The allowed changes of state are one table, read by pages, bot, API and docs. Lines never move their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common import clock
from common.database.engine import storable
from common.database.models import LineState, Media, Order, OrderLine, OrderState, Question, Unit
from common.errors import InvalidInput, NotFound, WrongState
from common.events.kinds import EventKind
from common.events.timeline import record_event
from common.facts.orders import LineAdded, LineChanged, LineCounted, LineNamed, LineRemarked
from common.facts.talk import QuestionWithdrawn
from common.orders import locking
from common.orders.moves import MAX_REASON
from common.orders.placing import MAX_LINES, WantedLine, check_line, check_quantity, check_remark, new_line
from common.orders.states import RETURNABLE, SERVED
from common.permissions import Action, Actor, require

MAX_SUPPLIER = 120
ANSWER_WITHDRAWN = "withdrawn"  # the answer of a question that the desk took back


@dataclass(frozen=True)
class LineChange:
    """From which states a line may come to `target`.

    `takes_day`: an expected day and a supplier may go with it. `needs_reason`: it is refused without one.
    `asks_mechanic`: it is a question to the mechanic, and made by asking it.
    """

    target: LineState
    sources: frozenset[LineState]
    takes_day: bool = False
    needs_reason: bool = False
    asks_mechanic: bool = False


L = LineState
CHANGES: dict[LineState, LineChange] = {
    change.target: change
    for change in (
        LineChange(L.HERE, frozenset({L.REQUESTED, L.ORDERED, L.UNAVAILABLE, L.ISSUED})),
        LineChange(
            L.ORDERED,
            frozenset({L.REQUESTED, L.ORDERED, L.HERE, L.UNAVAILABLE, L.SUBSTITUTE_PROPOSED}),
            takes_day=True,
        ),
        LineChange(L.SUBSTITUTE_PROPOSED, frozenset({L.REQUESTED, L.ORDERED, L.UNAVAILABLE}), asks_mechanic=True),
        LineChange(L.UNAVAILABLE, frozenset({L.REQUESTED, L.ORDERED, L.SUBSTITUTE_PROPOSED})),
        LineChange(L.ISSUED, frozenset({L.REQUESTED, L.HERE, L.RETURNED})),
        LineChange(L.RETURNED, frozenset({L.ISSUED}), needs_reason=True),
        LineChange(
            L.REQUESTED, frozenset({L.ORDERED, L.HERE, L.SUBSTITUTE_PROPOSED, L.UNAVAILABLE, L.RETURNED, L.ISSUED})
        ),
    )
}
# Order states in which a line may enter a state. Lines of an untaken order cannot change.
ALLOWED_WHILE: dict[LineState, frozenset[OrderState]] = {
    **dict.fromkeys(LineState, SERVED),
    L.RETURNED: RETURNABLE,
    L.ISSUED: RETURNABLE,
}


def changes_from(order: Order, line: OrderLine) -> list[LineChange]:
    """What may become of a line now, in the order of the table."""
    return [c for c in CHANGES.values() if line.state in c.sources and order.state in ALLOWED_WHILE[c.target]]


def change_line(
    session: Session,
    actor: Actor,
    order_id: int,
    line_id: int,
    state: LineState,
    *,
    expected_version: int,
    expected_on: date | None = None,
    supplier: str = "",
    reason: str = "",
) -> Order:
    """Set a line's state, if nobody changed the order meanwhile.

    Args:
        supplier: ordered, from whom, for the desk.
        reason: returned, why.

    Raises:
        NotFound: no such order, or no such line of it.
        StaleVersion: the order changed since the caller read it.
        Forbidden: not by this role.
        WrongState: not from this state.
        InvalidInput: `substitute_needed` (see `questions.propose_substitute`), `supplier_long`, `reason_needed`,
            `reason_long`.
    """
    require(actor, Action.LINE_CHANGE)
    if CHANGES[state].asks_mechanic:
        raise InvalidInput("substitute_needed")
    supplier, reason = _clean_details(CHANGES[state], supplier, reason)
    order = locking.lock_at_version(session, order_id, expected_version)
    line = get_line(order, line_id)
    if CHANGES[state].takes_day:
        line.supplier = supplier
    before = line.state
    facts = change_state(order, line, state, expected_on=expected_on, reason=reason)
    if before is L.SUBSTITUTE_PROPOSED:
        _withdraw_question(session, actor, order, line)
    record_event(session, actor, order, EventKind.LINE_CHANGED, facts)
    line.reason = reason
    return order


def clean_remark(typed: str) -> str:
    """A remark as it is stored: one line, as typed."""
    return " ".join(storable(typed).split())


def _clean_details(change: LineChange, supplier: str, reason: str) -> tuple[str, str]:
    """What goes with a change, cleaned; nothing of what does not."""
    supplier = " ".join(storable(supplier).split()) if change.takes_day else ""
    reason = storable(reason).strip() if change.needs_reason else ""
    if len(supplier) > MAX_SUPPLIER:
        raise InvalidInput("supplier_long", most=MAX_SUPPLIER)
    if change.needs_reason and not reason:
        raise InvalidInput("reason_needed")
    if len(reason) > MAX_REASON:
        raise InvalidInput("reason_long", most=MAX_REASON)
    return supplier, reason


def change_state(
    order: Order, line: OrderLine, state: LineState, *, expected_on: date | None = None, reason: str = ""
) -> LineChanged:
    """Change a line whose order is locked and has its new version: the facts of it. Raises: WrongState."""
    change, before = CHANGES[state], line.state
    if before not in change.sources:
        raise WrongState("line", before)
    if order.state not in ALLOWED_WHILE[state]:
        raise WrongState("order", order.state)
    line.state, line.expected_on = state, expected_on if change.takes_day else None
    return LineChanged(
        line=line.id,
        words=dict(line.words),
        remark=line.remark,
        before=before,
        after=state,
        reason=reason,
        expected_on=line.expected_on,
        supplier=line.supplier if change.takes_day else "",
    )


def _withdraw_question(session: Session, actor: Actor, order: Order, line: OrderLine) -> None:
    """The desk went on without an answer: what it had proposed is no longer asked."""
    line.substitute = ""
    asked = select(Question).where(Question.line_id == line.id, Question.kind == "substitute")
    question = session.scalar(asked.order_by(Question.id.desc()).limit(1))
    if question is not None:
        question.answer, question.answered_at, question.answered_by = ANSWER_WITHDRAWN, clock.utcnow(), actor.person_id
        facts = QuestionWithdrawn(line=line.id, words=dict(line.words), remark=line.remark, question=question.id)
        record_event(session, actor, order, EventKind.QUESTION_WITHDRAWN, facts)


def get_line(order: Order, line_id: int) -> OrderLine:
    """Raises: NotFound."""
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None:
        raise NotFound("line", line_id)
    return line


def line_named(line: OrderLine) -> LineNamed:
    """What an event says of a line."""
    return LineNamed(line=line.id, words=dict(line.words), remark=line.remark)


# The lines themselves, in an order that is held and has its new version -----------------------------------------------


def add(session: Session, actor: Actor, order: Order, wanted: WantedLine) -> OrderLine:
    """Raises: InvalidInput `words`, `quantity`, `remark`, `too_many_lines`."""
    check_line(wanted)
    if len(order.lines) >= MAX_LINES:
        raise InvalidInput("too_many_lines", most=MAX_LINES)
    line = new_line(order.lines[-1].position + 1 if order.lines else 1, wanted)
    order.lines.append(line)
    session.flush()
    facts = LineAdded(
        line=line.id, words=dict(line.words), remark=line.remark, after=str(line.quantity), unit=line.unit
    )
    record_event(session, actor, order, EventKind.LINE_ADDED, facts)
    return line


def set_quantity(session: Session, actor: Actor, order: Order, line: OrderLine, quantity: int, unit: Unit) -> None:
    """The line's quantity is this; a quantity that it has already records nothing. Raises: InvalidInput `quantity`."""
    check_quantity(quantity)
    if (quantity, unit) == (line.quantity, line.unit):
        return
    facts = LineCounted(
        line=line.id,
        words=dict(line.words),
        remark=line.remark,
        before=str(line.quantity),
        unit_before=line.unit,
        after=str(quantity),
        unit=unit,
    )
    line.quantity, line.unit = quantity, unit
    record_event(session, actor, order, EventKind.LINE_COUNTED, facts)


def set_remark(session: Session, actor: Actor, order: Order, line: OrderLine, remark: str) -> None:
    """The line's remark is this; a remark that it has already records nothing. Raises: InvalidInput `remark`."""
    check_remark(remark)
    if remark == line.remark:
        return
    facts = LineRemarked(line=line.id, words=dict(line.words), remark_before=line.remark, remark=remark)
    line.remark = remark
    record_event(session, actor, order, EventKind.LINE_REMARKED, facts)


def remove(session: Session, actor: Actor, order: Order, line: OrderLine) -> None:
    """The line is not wanted; its words stay on the timeline, its photos and questions with the order.

    Raises:
        InvalidInput: `last_line`: an order without lines is cancelled instead.
    """
    if len(order.lines) < 2:
        raise InvalidInput("last_line")
    facts = line_named(line)
    if line.state is L.SUBSTITUTE_PROPOSED:
        _withdraw_question(session, actor, order, line)
    for model in (Media, Question):
        of_it = update(model).where(model.line_id == line.id)
        session.execute(of_it.values(line_id=None), execution_options={"synchronize_session": "fetch"})
    order.lines.remove(line)
    session.delete(line)
    session.flush()
    record_event(session, actor, order, EventKind.LINE_REMOVED, facts)
