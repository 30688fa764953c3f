"""Decisions about photos and voice notes: a line of their own, the line on the screen, or the whole order.

The line of its own says "I can't name it". Where one went is told in a line, with a button for each other place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, Keep, Move
from bot_daemon.chat.conversation.events import Attach, MoveFile
from bot_daemon.chat.conversation.saying import at_line, refused
from bot_daemon.chat.conversation.state import WHOLE, Attached, Decision, State
from bot_daemon.chat.conversation.views import View
from common.media.attachments import MOST

OF_A_LINE = frozenset({View.LINE, View.MATCHES})
OF_THE_ORDER = frozenset({View.SUMMARY, View.PLATE, View.COMMENT, View.HISTORY})


def attach(state: State, event: Attach) -> Decision:
    """It is kept, and goes where the screen says; the rest of an album goes where its first went."""
    if any(one.message_id == event.message_id for one in state.attached):
        return Decision(state, quiet=True)
    if len(state.attached) >= MOST:
        return refused(state, event, Refusal.FILES_FULL)
    mate = next((one for one in state.attached if event.group and one.group == event.group), None)
    if mate is not None:
        return Decision(_with(state, event, mate.line), (Keep(mate.line),), quiet=True)
    line = _on_the_screen(state)
    if line is None:
        return _of_its_own(state, event)
    after = _with(state, event, line)
    return Decision(_noting(after.here(), event.message_id, line), (Keep(line),))


def _on_the_screen(state: State) -> int | None:
    if state.view in OF_A_LINE and state.draft.line(state.number("line")) is not None:
        return state.number("line")
    return WHOLE if state.view in OF_THE_ORDER and state.draft.lines else None


def _of_its_own(state: State, event: Attach) -> Decision:
    """A new line; in an order that is full it belongs to the order."""
    outcome = changes.add_unnamed(state.draft, event.message_id, event.words, event.caption)
    line = WHOLE if isinstance(outcome, Refusal) else outcome.current
    after = _with(state if isinstance(outcome, Refusal) else state.with_draft(outcome), event, line)
    shown = at_line(after) if line else after.at(View.SUMMARY, page=0)
    return Decision(_noting(shown, event.message_id, line), (Keep(line),))


def _with(state: State, event: Attach, line: int) -> State:
    one = Attached(event.message_id, event.kind, event.group, line)
    return replace(state, attached=(*state.attached, one))


def _noting(state: State, message_id: int, line: int) -> State:
    noted = state.noting("to_line" if line else "to_order", line=line)
    return replace(noted, arguments={**noted.arguments, "file": message_id})


def move_file(state: State, event: MoveFile) -> Decision:
    """It belongs there now, with its album; a line that was only made for it goes when nothing is left on it."""
    album = state.album(event.message_id)
    if not album:
        return refused(state, event, Refusal.FILE_GONE)
    outcome = _target(state.draft, album[0].message_id, event.line, event.words)
    if isinstance(outcome, Refusal):
        return refused(state, event, outcome)
    draft, line = outcome
    ids = tuple(one.message_id for one in album)
    after = moving(state.with_draft(draft), ids, line)
    after = after.with_draft(_without_empty(after, {one.line for one in album} - {line}))
    shown = at_line(after, line) if line else after.at(View.SUMMARY, page=0)
    shown = shown if after.draft.lines else after.at(View.CATEGORIES)
    effects: tuple[Effect, ...] = (Move(ids, line),)
    return Decision(_noting(shown, event.message_id, line), effects)


def _target(draft: Draft, first: int, line: int | None, words: Mapping[str, str]) -> tuple[Draft, int] | Refusal:
    if line == WHOLE:
        return draft, WHOLE
    outcome = changes.add_unnamed(draft, first, words) if line is None else changes.choose(draft, line)
    return outcome if isinstance(outcome, Refusal) else (outcome, outcome.current)


def _without_empty(state: State, left: set[int]) -> Draft:
    """A line nobody has named, and nothing shows any more, says nothing."""
    draft = state.draft
    for line in draft.lines:
        if line.id in left and line.shows and not line.typed and line.part_id is None and not state.on_line(line.id):
            draft = changes.without(draft, line.id)
    return draft


def moving(state: State, message_ids: tuple[int, ...], line: int) -> State:
    """These belong to this line."""
    attached = tuple(replace(one, line=line) if one.message_id in message_ids else one for one in state.attached)
    return replace(state, attached=attached)


def left_by(line_id: int, state: State, target: int) -> tuple[State, tuple[Effect, ...]]:
    """What was attached to a line that is gone belongs to the target."""
    ids = tuple(one.message_id for one in state.on_line(line_id))
    return (moving(state, ids, target), (Move(ids, target),)) if ids else (state, ())
