"""Decisions about photos and voice notes: a separate line, the line on the screen, or the whole order.

The separate line says "I can't name it". A note tells where the file went, with a button for each other place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import AttachFile, MoveFile
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, KeepFile, MoveFiles
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile, Decision, State, refuse, show_line
from common.media.attachments import MAX_FILES

OF_A_LINE = frozenset({ScreenView.LINE, ScreenView.MATCHES})
OF_THE_ORDER = frozenset({ScreenView.SUMMARY, ScreenView.PLATE, ScreenView.COMMENT, ScreenView.HISTORY})


def attach_file(state: State, action: AttachFile) -> Decision:
    """Keep the file for the place on the screen. The rest of an album follows its first file."""
    if any(one.message_id == action.message_id for one in state.attached):
        return Decision(state, quiet=True)
    if len(state.attached) >= MAX_FILES:
        return refuse(state, action, Refusal.FILES_FULL)
    mate = next((one for one in state.attached if action.group and one.group == action.group), None)
    if mate is not None:
        return Decision(_with_file(state, action, mate.line), (KeepFile(mate.line),), quiet=True)
    line = _line_on_screen(state)
    if line is None:
        return _give_own_line(state, action)
    after = _with_file(state, action, line)
    return Decision(_with_file_note(after.here(), action.message_id, line), (KeepFile(line),))


def _line_on_screen(state: State) -> int | None:
    if state.view in OF_A_LINE and state.draft.line(state.number("line")) is not None:
        return state.number("line")
    return WHOLE if state.view in OF_THE_ORDER and state.draft.lines else None


def _give_own_line(state: State, action: AttachFile) -> Decision:
    """Attach the file to a new line; in a full order, to the order."""
    outcome = changes.add_unnamed(state.draft, action.message_id, action.words, action.caption)
    line = WHOLE if isinstance(outcome, Refusal) else outcome.current
    after = _with_file(state if isinstance(outcome, Refusal) else state.with_draft(outcome), action, line)
    shown = show_line(after) if line else after.at(ScreenView.SUMMARY, page=0)
    return Decision(_with_file_note(shown, action.message_id, line), (KeepFile(line),))


def _with_file(state: State, action: AttachFile, line: int) -> State:
    one = AttachedFile(action.message_id, action.kind, action.group, line)
    return replace(state, attached=(*state.attached, one))


def _with_file_note(state: State, message_id: int, line: int) -> State:
    noted = state.with_note("to_line" if line else "to_order", line=line)
    return replace(noted, arguments={**noted.arguments, "file": message_id})


def move_file(state: State, action: MoveFile) -> Decision:
    """Move the file with its album. A line made only for the file is removed when no file is left on it."""
    album = state.album(action.message_id)
    if not album:
        return refuse(state, action, Refusal.FILE_GONE)
    outcome = _target(state.draft, album[0].message_id, action.line, action.words)
    if isinstance(outcome, Refusal):
        return refuse(state, action, outcome)
    draft, line = outcome
    ids = tuple(one.message_id for one in album)
    after = with_files_at(state.with_draft(draft), ids, line)
    after = after.with_draft(_without_empty_lines(after, {one.line for one in album} - {line}))
    shown = show_line(after, line) if line else after.at(ScreenView.SUMMARY, page=0)
    shown = shown if after.draft.lines else after.at(ScreenView.CATEGORIES)
    effects: tuple[Effect, ...] = (MoveFiles(ids, line),)
    return Decision(_with_file_note(shown, action.message_id, line), effects)


def _target(draft: Draft, first: int, line: int | None, words: Mapping[str, str]) -> tuple[Draft, int] | Refusal:
    if line == WHOLE:
        return draft, WHOLE
    outcome = changes.add_unnamed(draft, first, words) if line is None else changes.select_line(draft, line)
    return outcome if isinstance(outcome, Refusal) else (outcome, outcome.current)


def _without_empty_lines(state: State, left: set[int]) -> Draft:
    """The draft without the unnamed lines that no file shows now."""
    draft = state.draft
    for line in draft.lines:
        if line.id in left and line.shows and not line.typed and line.part_id is None and not state.on_line(line.id):
            draft = changes.remove_line(draft, line.id)
    return draft


def with_files_at(state: State, message_ids: tuple[int, ...], line: int) -> State:
    """The state with these files attached to this line."""
    attached = tuple(replace(one, line=line) if one.message_id in message_ids else one for one in state.attached)
    return replace(state, attached=attached)


def move_files_from(line_id: int, state: State, target: int) -> tuple[State, tuple[Effect, ...]]:
    """Move the files of a removed line to the target."""
    ids = tuple(one.message_id for one in state.on_line(line_id))
    return (with_files_at(state, ids, target), (MoveFiles(ids, target),)) if ids else (state, ())
