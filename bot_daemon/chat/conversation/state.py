"""The state of a conversation, and a decision about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, Toast
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView

WHOLE = 0  # the "line" of files that belong to the whole order
OF_A_NOTE = frozenset({"note", "facts", "file"})


@dataclass(frozen=True)
class AttachedFile:
    """A photo or voice note of this draft, identified by its message; `group` is its album."""

    message_id: int
    kind: str
    group: str = ""
    line: int = WHOLE


@dataclass(frozen=True)
class State:
    """`arguments` are those of the view and the note above it: `note`, a code, and its `facts`."""

    draft: Draft = field(default_factory=Draft)
    view: ScreenView = ScreenView.HOME
    arguments: Mapping[str, Any] = field(default_factory=dict)
    attached: tuple[AttachedFile, ...] = ()

    def number(self, name: str) -> int:
        value = self.arguments.get(name, 0)
        return value if isinstance(value, int) else 0

    def with_draft(self, draft: Draft) -> State:
        return replace(self, draft=draft)

    def at(self, view: ScreenView, **arguments: Any) -> State:
        """The same state at another view, without a note."""
        return replace(self, view=view, arguments=arguments)

    def here(self) -> State:
        """The present view again, without the last note."""
        kept = {name: value for name, value in self.arguments.items() if name not in OF_A_NOTE}
        return replace(self, arguments=kept)

    def with_note(self, code: str, **facts: Any) -> State:
        """The state with one line above the view; `facts` are the values in the line."""
        return replace(self, arguments={**self.arguments, "note": code, "facts": facts})

    def on_line(self, line_id: int) -> tuple[AttachedFile, ...]:
        return tuple(one for one in self.attached if one.line == line_id)

    def album(self, message_id: int) -> tuple[AttachedFile, ...]:
        """The files of this message's album; empty if the message is not of this draft."""
        one = next((one for one in self.attached if one.message_id == message_id), None)
        if one is None:
            return ()
        return tuple(other for other in self.attached if other is one or (one.group and other.group == one.group))


@dataclass(frozen=True)
class Decision:
    """The new state, which is stored and shown, and the effects to carry out, in this order.

    `quiet`: the state is shown in place, not below: each of ten photos does not get its own answer.
    """

    state: State
    effects: tuple[Effect, ...] = ()
    quiet: bool = False


# Ways a decision ends: with the draft changed, or with one line of explanation


def say(state: State, action: Action, code: str, **facts: Any) -> Decision:
    """Show one line: beside the button for a press, above the view for any other action."""
    if action.pressed:
        return Decision(state, (Toast(code, facts),))
    return Decision(state.with_note(code, **facts))


def refuse(state: State, action: Action, refusal: Refusal) -> Decision:
    """Show the present view again, with the reason. Typed text that is refused leads into the order all the same."""
    inside = action.pressed or state.view in OF_THE_DRAFT
    return say(state.here() if inside else state.at(ScreenView.CATEGORIES), action, refusal.value)


def take_change(state: State, action: Action, outcome: Draft | Refusal, after: Callable[[State], State]) -> Decision:
    """Show the changed draft at the view that `after` returns, or the reason of the refusal."""
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    return Decision(after(state.with_draft(outcome)))


def show_line(state: State, line_id: int | None = None) -> State:
    """Show a line, by default the current one; first the choice of its words' meaning, if that is open."""
    line = state.draft.line(state.draft.current if line_id is None else line_id)
    if line is None:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.MATCHES if line.candidates else ScreenView.LINE, line=line.id)


def show_missing(state: State) -> State:
    """Show the first thing that is missing: parts, then the car, then the whole order."""
    if not state.draft.lines:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.SUMMARY, page=0) if state.draft.plate else state.at(ScreenView.PLATE)
