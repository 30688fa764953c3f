"""Decisions about lines: picking parts, choosing the meaning of words, quantities and grades."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import (
    AskLater,
    KeepAsWritten,
    LivePart,
    OpenCategory,
    OpenLine,
    OrderAgain,
    PastLine,
    PickPart,
    PutBack,
    SetGrade,
    SetPart,
    SetQuantity,
    SetStar,
)
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import StarPart, Toast
from bot_daemon.chat.conversation.files import move_files_from
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView
from bot_daemon.chat.conversation.state import (
    WHOLE,
    Decision,
    State,
    refuse,
    say,
    show_line,
    show_next,
    show_question,
    take_change,
)

LISTS = frozenset({ScreenView.CATEGORIES, ScreenView.FAVOURITES, ScreenView.PARTS})


def open_category(state: State, action: OpenCategory) -> Decision:
    if action.category is None:
        return refuse(state, action, Refusal.CATEGORY_GONE)
    return Decision(state.at(ScreenView.PARTS, category=action.category, page=action.page))


def pick_part(state: State, action: PickPart) -> Decision:
    """Put the part into the order. The list stays, with the part ticked, unless something is to be asked about it."""
    if action.part is None:
        return refuse(state, action, Refusal.PART_GONE)
    return take_change(state, action, add_live_part(state.draft, action.part), _stay_or_ask)


def _stay_or_ask(state: State) -> State:
    line = state.draft.line(state.draft.current)
    if line is not None and line.is_open:
        return show_question(state, line, back=state.view.value)
    return state.here() if state.view in LISTS else state.at(ScreenView.CATEGORIES)


def add_live_part(draft: Draft, part: LivePart) -> Draft | Refusal:
    """The draft with the part in it."""
    if part.additive:
        draft = changes.allow_additives(draft)
    return changes.add_part(draft, part.id, part.names, counted=part.counted)


def set_part(state: State, action: SetPart) -> Decision:
    """Make the line this part. Its files stay with the line that stands for it now."""
    if action.part is None:
        return refuse(state, action, Refusal.PART_GONE)
    present = state.draft.line_of_part(action.part.id)
    if state.draft.line(action.line) is None and present is not None:
        return take_change(state, action, changes.select_line(state.draft, present.id), _answered(action.line))
    before = changes.allow_additives(state.draft) if action.part.additive else state.draft
    part = action.part
    outcome = changes.set_part(before, action.line, part.id, part.names, beside=action.beside, counted=part.counted)
    decision = take_change(state, action, outcome, _answered(action.line))
    if isinstance(outcome, Refusal) or outcome.line(action.line) is not None:
        return decision
    return Decision(*move_files_from(action.line, decision.state, outcome.current))


def _answered(line_id: int) -> Callable[[State], State]:
    return lambda state: show_next(state, line_id)


def keep_as_written(state: State, action: KeepAsWritten) -> Decision:
    return take_change(state, action, changes.keep_as_written(state.draft, action.line), _answered(action.line))


def ask_later(state: State, action: AskLater) -> Decision:
    """Leave it open, and go on to the next question."""
    if state.draft.line(action.line) is None:
        return refuse(state, action, Refusal.LINE_GONE)
    return Decision(
        show_next(state, action.line) if state.view is not ScreenView.MATCHES else _skip(state, action.line)
    )


def _skip(state: State, line_id: int) -> State:
    """Everything that is open about the line is left, not only which part it is."""
    return show_next(state.at(ScreenView.SUMMARY, page=0), line_id)


def put_back(state: State, action: PutBack) -> Decision:
    return take_change(state, action, changes.put_back(state.draft), lambda after: after.at(ScreenView.SUMMARY, page=0))


def open_line(state: State, action: OpenLine) -> Decision:
    return take_change(state, action, changes.select_line(state.draft, action.line), show_line)


def set_quantity(state: State, action: SetQuantity) -> Decision:
    outcome = changes.set_quantity(state.draft, action.line, action.quantity)
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    return (
        _show_after_change(state.with_draft(outcome), action.line)
        if action.quantity
        else _remove(state, outcome, action)
    )


def _remove(state: State, draft: Draft, action: SetQuantity) -> Decision:
    after, effects = move_files_from(action.line, state.with_draft(draft), WHOLE)
    after = after.at(ScreenView.SUMMARY, page=0) if draft.lines else after.at(ScreenView.CATEGORIES)
    return Decision(after, (Toast("removed"), *effects))


def _show_after_change(state: State, line_id: int) -> Decision:
    """An old button does not change the view: every view of the draft shows its lines."""
    if state.view is ScreenView.HOW_MANY and state.number("line") == line_id:
        return Decision(show_next(state, line_id))
    return Decision(state.here() if state.view in OF_THE_DRAFT else show_line(state, line_id))


def set_grade(state: State, action: SetGrade) -> Decision:
    if action.grade is None:
        return Decision(state.here())
    if action.line is None:
        return Decision(state.with_draft(changes.set_grades(state.draft, action.grade)).here())
    outcome = changes.set_grade(state.draft, action.line, action.grade)
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    return _show_after_change(state.with_draft(outcome), action.line)


def set_star(state: State, action: SetStar) -> Decision:
    if action.part is None:
        return refuse(state, action, Refusal.PART_GONE)
    return Decision(state.here(), (StarPart(action.part.id, action.on),))


def order_again(state: State, action: OrderAgain) -> Decision:
    """Copy a past order's lines and quantities into the draft; lines that are there already stay as they are."""
    if action.lines is None:
        return refuse(state, action, Refusal.ORDER_GONE)
    outcome = add_past_lines(state.draft, action.lines)
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    if action.car and not outcome.has_car and not outcome.car_waits:
        outcome = changes.set_car(outcome, action.car, assumed=True)
    return say(state.with_draft(outcome).at(ScreenView.SUMMARY, page=0), action, "again")


def add_past_lines(draft: Draft, past: Iterable[PastLine]) -> Draft | Refusal:
    outcome: Draft | Refusal = draft
    for line in past:
        if isinstance(outcome, Draft):
            outcome = _add_past_line(outcome, line)
    return outcome


def _add_past_line(draft: Draft, line: PastLine) -> Draft | Refusal:
    known = {one.id for one in draft.lines}
    outcome = add_live_part(draft, line.part) if line.part is not None else changes.add_past_line(draft, line.words)
    if isinstance(outcome, Refusal) or outcome.current in known:
        return outcome
    counted = changes.set_amount(outcome, outcome.current, line.quantity, line.unit)
    return (
        changes.change_line(counted, outcome.current, grade=line.grade, note=line.remark)
        if isinstance(counted, Draft)
        else counted
    )
