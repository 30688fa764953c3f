"""The state of a conversation, and a decision about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot_daemon.chat.conversation.actions import Action
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal
from bot_daemon.chat.conversation.effects import Effect, Toast
from bot_daemon.chat.conversation.screen_views import OF_THE_DRAFT, ScreenView

WHOLE = 0  # the "line" of files that belong to the whole order
OF_A_NOTE = frozenset({"note", "facts", "also", "file", "joined"})


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
    last_car: str = ""  # the car of a recent last order: assumed for this one until another is named

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

    def with_notes(self, codes: Sequence[str]) -> State:
        """The state with a line above the view for each of these notes."""
        return replace(self, arguments={**self.arguments, "note": codes[0], "also": list(codes[1:])}) if codes else self

    def on_line(self, line_id: int) -> tuple[AttachedFile, ...]:
        return tuple(one for one in self.attached if one.line == line_id)

    def album(self, message_id: int) -> tuple[AttachedFile, ...]:
        """The files of this message's album at the same place; empty if the message is not of this draft."""
        one = next((one for one in self.attached if one.message_id == message_id), None)
        if one is None:
            return ()
        return tuple(
            other
            for other in self.attached
            if other is one or (one.group and (other.group, other.line) == (one.group, one.line))
        )


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
    """Show a line, by default the current one; first what is open about it."""
    line = state.draft.line(state.draft.current if line_id is None else line_id)
    return state.at(ScreenView.CATEGORIES) if line is None else show_question(state, line)


def show_question(state: State, line: DraftLine, **more: object) -> State:
    """Ask what is open about a line: which part, how many; else show it."""
    if line.candidates:
        return state.at(ScreenView.MATCHES, line=line.id, **more)
    return state.at(ScreenView.HOW_MANY if line.asks_quantity else ScreenView.LINE, line=line.id, **more)


def show_next(state: State, answered: int) -> State:
    """Ask the next open question behind the line that was answered; after the last, show what is missing."""
    line = state.draft.line(answered)
    if line is not None and line.asks_quantity and state.view is ScreenView.MATCHES:
        return show_question(state, line)
    after = next((line for line in state.draft.lines if line.id > answered and line.is_open), None)
    if after is not None:
        return show_question(state, after)
    if "back" in state.arguments:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.SUMMARY, page=0) if state.draft.lines else state.at(ScreenView.CATEGORIES)


def show_missing(state: State) -> State:
    """Show the first thing that is missing: a decision about the car, parts, the car, then the whole order."""
    if state.draft.car_waits:
        return state.at(ScreenView.PLATE)
    if not state.draft.lines:
        return state.at(ScreenView.CATEGORIES)
    return state.at(ScreenView.SUMMARY, page=0) if state.draft.has_car else state.at(ScreenView.PLATE)
