"""Where a conversation stands, and what a decision makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot_daemon.chat.conversation.drafts import Draft
from bot_daemon.chat.conversation.effects import Effect
from bot_daemon.chat.conversation.screen_views import ScreenView

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
