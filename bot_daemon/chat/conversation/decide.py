"""The single entry: the function that decides each action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation import actions, changes, files, lines, order
from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State
from bot_daemon.chat.conversation.typed import captions, car_answers, edits, meaning

DECISIONS: dict[type[Action], Callable[[State, Any], Decision]] = {
    actions.BeginOrder: order.begin_order,
    actions.GoOn: order.go_on,
    actions.OpenView: order.open_view,
    actions.OpenCategory: lines.open_category,
    actions.PickPart: lines.pick_part,
    actions.SetPart: lines.set_part,
    actions.KeepAsWritten: lines.keep_as_written,
    actions.OpenLine: lines.open_line,
    actions.AskLater: lines.ask_later,
    actions.PutBack: lines.put_back,
    actions.SetQuantity: lines.set_quantity,
    actions.SetGrade: lines.set_grade,
    actions.SetStar: lines.set_star,
    actions.SetAdditives: order.set_additives,
    actions.PickCar: order.pick_car,
    actions.UseCar: order.use_car,
    actions.GoWithoutNumber: car_answers.go_without_number,
    actions.TypeNumber: car_answers.type_number,
    actions.SetUrgent: order.set_urgent,
    actions.OrderAgain: lines.order_again,
    actions.ClearComment: order.clear_comment,
    actions.DropDraft: order.drop_draft,
    actions.SendOrder: order.send_order,
    actions.MoveFile: files.move_file,
    actions.AttachFile: captions.attach_file,
    actions.TypeText: meaning.take_text,
    actions.EditText: edits.edit_text,
    actions.JoinLines: edits.join_lines,
    actions.TakeAsPart: meaning.take_as_part,
}


def decide(state: State, action: Action, gone: frozenset[int] = frozenset()) -> Decision:
    """Decide an action: the new state and its effects.

    Args:
        gone: parts of this draft that have left the catalogue meanwhile. Their lines stay, as written; the person is
            told, and an order that is being sent is shown once more before it is sent.
    """
    draft, hit = changes.detach_parts(state.draft, gone)
    state = state.with_draft(draft)
    if not hit:
        return _settle(state, DECISIONS[type(action)](state, action))
    if isinstance(action, actions.SendOrder):
        return Decision(
            state.at(ScreenView.SUMMARY, page=0).with_note(Refusal.PART_LEFT.value, words=dict(hit[0].words))
        )
    decision = _settle(state, DECISIONS[type(action)](state, action))
    if not decision.state.draft.lines:
        return decision
    return replace(decision, state=decision.state.with_note(Refusal.PART_LEFT.value, words=dict(hit[0].words)))


def _settle(before: State, decision: Decision) -> Decision:
    """The first line brings the car of the last order along; what a change took out can be put back until the next."""
    draft, was = decision.state.draft, before.draft
    if draft.lines and not was.lines and not (draft.has_car or draft.car_waits or draft.car_remark) and before.last_car:
        draft = changes.set_car(draft, before.last_car, assumed=True)
    if draft.removed and draft.removed == was.removed and draft.lines != was.lines:
        draft = replace(draft, removed=())
    if draft is decision.state.draft:
        return decision
    return replace(decision, state=_after_assuming(decision.state.with_draft(draft)))


def _after_assuming(state: State) -> State:
    """The car is not asked for any more, since it is assumed."""
    asks = state.view is ScreenView.PLATE and state.draft.is_complete
    return state.at(ScreenView.SUMMARY, page=0) if asks else state
