"""Decisions about lines: picking parts, saying what words mean, quantities and grades."""

from __future__ import annotations

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Star, Toast
from bot_daemon.chat.conversation.events import (
    Again,
    AsWritten,
    OpenCategory,
    OpenLine,
    Ordered,
    Part,
    Pick,
    SetGrade,
    SetQuantity,
    SetStar,
    Settle,
)
from bot_daemon.chat.conversation.files import left_by
from bot_daemon.chat.conversation.saying import at_line, changed, refused, told
from bot_daemon.chat.conversation.state import WHOLE, Decision, State
from bot_daemon.chat.conversation.views import OF_THE_DRAFT, View


def open_category(state: State, event: OpenCategory) -> Decision:
    if event.category is None:
        return refused(state, event, Refusal.CATEGORY_GONE)
    return Decision(state.at(View.PARTS, category=event.category, page=event.page))


def pick(state: State, event: Pick) -> Decision:
    if event.part is None:
        return refused(state, event, Refusal.PART_GONE)
    return changed(state, event, taken(state.draft, event.part), at_line)


def taken(draft: Draft, part: Part) -> Draft | Refusal:
    """The part is in the draft."""
    if part.additive:
        draft = changes.with_additive(draft)
    return changes.add_part(draft, part.id, part.names)


def settle(state: State, event: Settle) -> Decision:
    """The line is this part; what was attached to it stays with whichever line stands for it now."""
    if event.part is None:
        return refused(state, event, Refusal.PART_GONE)
    present = state.draft.with_part(event.part.id)
    if state.draft.line(event.line) is None and present is not None:
        return changed(state, event, changes.choose(state.draft, present.id), at_line)
    before = changes.with_additive(state.draft) if event.part.additive else state.draft
    outcome = changes.settle(before, event.line, event.part.id, event.part.names)
    decision = changed(state, event, outcome, at_line)
    if isinstance(outcome, Refusal) or outcome.line(event.line) is not None:
        return decision
    return Decision(*left_by(event.line, decision.state, outcome.current))


def as_written(state: State, event: AsWritten) -> Decision:
    return changed(state, event, changes.as_written(state.draft, event.line), at_line)


def open_line(state: State, event: OpenLine) -> Decision:
    return changed(state, event, changes.choose(state.draft, event.line), at_line)


def set_quantity(state: State, event: SetQuantity) -> Decision:
    outcome = changes.set_quantity(state.draft, event.line, event.quantity)
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    return _after_a_change(state.with_draft(outcome), event.line) if event.quantity else _removed(state, outcome, event)


def _removed(state: State, draft: Draft, event: SetQuantity) -> Decision:
    after, effects = left_by(event.line, state.with_draft(draft), WHOLE)
    after = after.at(View.SUMMARY, page=0) if draft.lines else after.at(View.CATEGORIES)
    return Decision(after, (Toast("removed"), *effects))


def _after_a_change(state: State, line_id: int) -> Decision:
    """An old button does not carry the person off: every view of the draft shows its lines."""
    return Decision(state.here() if state.view in OF_THE_DRAFT else at_line(state, line_id))


def set_grade(state: State, event: SetGrade) -> Decision:
    if event.grade is None:
        return Decision(state.here())
    if event.line is None:
        return Decision(state.with_draft(changes.set_grades(state.draft, event.grade)).here())
    outcome = changes.set_grade(state.draft, event.line, event.grade)
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    return _after_a_change(state.with_draft(outcome), event.line)


def set_star(state: State, event: SetStar) -> Decision:
    if event.part is None:
        return refused(state, event, Refusal.PART_GONE)
    return Decision(state.here(), (Star(event.part.id, event.on),))


def again(state: State, event: Again) -> Decision:
    """The lines of an order of the past are in the draft, in its quantities unless they are there already."""
    if event.lines is None:
        return refused(state, event, Refusal.ORDER_GONE)
    outcome: Draft | Refusal = state.draft
    for line in event.lines:
        if isinstance(outcome, Draft):
            outcome = _once_more(outcome, line)
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    return told(state.with_draft(outcome).at(View.SUMMARY, page=0), event, "again")


def _once_more(draft: Draft, line: Ordered) -> Draft | Refusal:
    known = {one.id for one in draft.lines}
    outcome = taken(draft, line.part) if line.part is not None else changes.add_ordered(draft, line.words)
    if isinstance(outcome, Refusal) or outcome.current in known:
        return outcome
    added = changes.set_quantity(outcome, outcome.current, line.quantity)
    return changes.set_grade(added, outcome.current, line.grade) if isinstance(added, Draft) else added
