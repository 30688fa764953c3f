"""Where a conversation stands, and what a decision makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, Toast
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView

WHOLE = 0  # the "line" of what belongs to the whole order
OF_A_NOTE = frozenset({"note", "facts", "file"})


@dataclass(frozen=True)
class AttachedFile:
    """A photo or voice note of this draft, by the message that brought it; `group` is its album."""

    message_id: int
    kind: str
    group: str = ""
    line: int = WHOLE


@dataclass(frozen=True)
class State:
    """`arguments` are the view's, and the note that stands above it: `note`, a code, and its `facts`."""

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
        """The same at another view, without a note."""
        return replace(self, view=view, arguments=arguments)

    def here(self) -> State:
        """The present view again, without the note of last time."""
        kept = {name: value for name, value in self.arguments.items() if name not in OF_A_NOTE}
        return replace(self, arguments=kept)

    def with_note(self, code: str, **facts: Any) -> State:
        """With one line above the view; `facts` are what it names."""
        return replace(self, arguments={**self.arguments, "note": code, "facts": facts})

    def on_line(self, line_id: int) -> tuple[AttachedFile, ...]:
        return tuple(one for one in self.attached if one.line == line_id)

    def album(self, message_id: int) -> tuple[AttachedFile, ...]:
        """What came together with this message; nothing if it is not of this draft."""
        one = next((one for one in self.attached if one.message_id == message_id), None)
        if one is None:
            return ()
        return tuple(other for other in self.attached if other is one or (one.group and other.group == one.group))


@dataclass(frozen=True)
class Decision:
    """The new state, which is stored and shown, and what else is to be done, in this order.

    `quiet`: it is shown where the screen is, not below: one of ten photos is not answered by itself.
    """

    state: State
    effects: tuple[Effect, ...] = ()
    quiet: bool = False


# Ways a decision ends: with the draft changed, or with one line why it is not


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
