"""Ways a decision ends: with the draft changed, or with one line why it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Toast
from bot_daemon.chat.conversation.events import Event
from bot_daemon.chat.conversation.state import Decision, State
from bot_daemon.chat.conversation.views import OF_THE_DRAFT, View


def told(state: State, event: Event, code: str, **facts: Any) -> Decision:
    """One line: beside the button for a press, above the view for everything else."""
    if event.pressed:
        return Decision(state, (Toast(code, facts),))
    return Decision(state.noting(code, **facts))


def refused(state: State, event: Event, refusal: Refusal) -> Decision:
    """The present view again, and why not. Typed text that cannot be taken leads into the order all the same."""
    inside = event.pressed or state.view in OF_THE_DRAFT
    return told(state.here() if inside else state.at(View.CATEGORIES), event, refusal.value)


def changed(state: State, event: Event, outcome: Draft | Refusal, after: Callable[[State], State]) -> Decision:
    """The changed draft at the view that `after` finds; or why it is not changed."""
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    return Decision(after(state.with_draft(outcome)))


def at_line(state: State, line_id: int | None = None) -> State:
    """At a line, the current one if none is named: first at the question what its words mean, if that is open."""
    line = state.draft.line(state.draft.current if line_id is None else line_id)
    if line is None:
        return state.at(View.CATEGORIES)
    return state.at(View.MATCHES if line.candidates else View.LINE, line=line.id)


def onward(state: State) -> State:
    """On to what is still missing: parts, then the car, then a look at all of it."""
    if not state.draft.lines:
        return state.at(View.CATEGORIES)
    return state.at(View.SUMMARY, page=0) if state.draft.plate else state.at(View.PLATE)
