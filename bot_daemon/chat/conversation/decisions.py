"""Ways a decision ends: with the draft changed, or with one line why it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Toast
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView
from bot_daemon.chat.conversation.state import Decision, State


def say(state: State, action: Action, code: str, **facts: Any) -> Decision:
    """One line: beside the button for a press, above the view for everything else."""
    if action.pressed:
        return Decision(state, (Toast(code, facts),))
    return Decision(state.with_note(code, **facts))


def refuse(state: State, action: Action, refusal: Refusal) -> Decision:
    """The present view again, and why not. Typed text that cannot be taken leads into the order all the same."""
    inside = action.pressed or state.view in OF_THE_DRAFT
    return say(state.here() if inside else state.at(ScreenView.CATEGORIES), action, refusal.value)


def take_change(state: State, action: Action, outcome: Draft | Refusal, after: Callable[[State], State]) -> Decision:
    """The changed draft at the view that `after` finds; or why it is not changed."""
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    return Decision(after(state.with_draft(outcome)))


def show_line(state: State, line_id: int | None = None) -> State:
    """At a line, the current one if none is named: first at the question what its words mean, if that is open."""
    line = state.draft.line(state.draft.current if line_id is None else line_id)
    if line is None:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.MATCHES if line.candidates else ScreenView.LINE, line=line.id)


def show_missing(state: State) -> State:
    """On to what is still missing: parts, then the car, then a look at all of it."""
    if not state.draft.lines:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.SUMMARY, page=0) if state.draft.plate else state.at(ScreenView.PLATE)
