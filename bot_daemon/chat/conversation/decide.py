"""The single entry: the function that decides each action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation import actions, changes, files, lines, order, typed
from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State

DECISIONS: dict[type[Action], Callable[[State, Any], Decision]] = {
    actions.BeginOrder: order.begin_order,
    actions.GoOn: order.go_on,
    actions.OpenView: order.open_view,
    actions.OpenCategory: lines.open_category,
    actions.PickPart: lines.pick_part,
    actions.SetPart: lines.set_part,
    actions.KeepAsWritten: lines.keep_as_written,
    actions.OpenLine: lines.open_line,
    actions.SetQuantity: lines.set_quantity,
    actions.SetGrade: lines.set_grade,
    actions.SetStar: lines.set_star,
    actions.SetAdditives: order.set_additives,
    actions.PickCar: order.pick_car,
    actions.UseCar: order.use_car,
    actions.OrderAgain: lines.order_again,
    actions.ClearComment: order.clear_comment,
    actions.DropDraft: order.drop_draft,
    actions.SendOrder: order.send_order,
    actions.MoveFile: files.move_file,
    actions.AttachFile: files.attach_file,
    actions.TypeText: typed.take_text,
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
        return DECISIONS[type(action)](state, action)
    if isinstance(action, actions.SendOrder):
        return Decision(
            state.at(ScreenView.SUMMARY, page=0).with_note(Refusal.PART_LEFT.value, words=dict(hit[0].words))
        )
    decision = DECISIONS[type(action)](state, action)
    if not decision.state.draft.lines:
        return decision
    return replace(decision, state=decision.state.with_note(Refusal.PART_LEFT.value, words=dict(hit[0].words)))
