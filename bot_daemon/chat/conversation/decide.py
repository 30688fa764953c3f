"""The one way in: which event is decided where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot_daemon.chat.conversation import changes, events, files, lines, order, typed
from bot_daemon.chat.conversation.drafts import Refusal
from bot_daemon.chat.conversation.events import Event
from bot_daemon.chat.conversation.state import Decision, State
from bot_daemon.chat.conversation.views import View

DECISIONS: dict[type[Event], Callable[[State, Any], Decision]] = {
    events.Begin: order.begin,
    events.Next: order.go_on,
    events.Open: order.open_view,
    events.OpenCategory: lines.open_category,
    events.Pick: lines.pick,
    events.Settle: lines.settle,
    events.AsWritten: lines.as_written,
    events.OpenLine: lines.open_line,
    events.SetQuantity: lines.set_quantity,
    events.SetGrade: lines.set_grade,
    events.SetStar: lines.set_star,
    events.SetAdditives: order.set_additives,
    events.PickCar: order.pick_car,
    events.UseCar: order.use_car,
    events.Again: lines.again,
    events.NoComment: order.no_comment,
    events.Drop: order.drop,
    events.Send: order.send,
    events.MoveFile: files.move_file,
    events.Attach: files.attach,
    events.Typed: typed.typed,
}


def decide(state: State, event: Event, gone: frozenset[int] = frozenset()) -> Decision:
    """What becomes of the state.

    Args:
        gone: parts of this draft that have left the catalogue meanwhile. Their lines stay, as written; the person is
            told, and an order that is being sent is shown once more before it is.
    """
    draft, hit = changes.without_parts(state.draft, gone)
    state = state.with_draft(draft)
    if not hit:
        return DECISIONS[type(event)](state, event)
    if isinstance(event, events.Send):
        return Decision(state.at(View.SUMMARY, page=0).noting(Refusal.PART_LEFT.value, words=dict(hit[0].words)))
    decision = DECISIONS[type(event)](state, event)
    if not decision.state.draft.lines:
        return decision
    return replace(decision, state=decision.state.noting(Refusal.PART_LEFT.value, words=dict(hit[0].words)))
