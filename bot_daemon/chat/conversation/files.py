"""Where photos and voice notes are: at a line, or with the whole order. A note tells where one went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import AttachFile, MoveFile
from bot_daemon.chat.conversation.drafts import Draft, Refusal
from bot_daemon.chat.conversation.effects import Effect, MoveFiles
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE, AttachedFile, Decision, State, refuse, show_line


def with_file(state: State, action: AttachFile, line: int) -> State:
    """The state with the file attached to this line; 0: to the order."""
    one = AttachedFile(action.message_id, action.kind, action.group, line)
    return replace(state, attached=(*state.attached, one))


def with_file_note(state: State, message_id: int, line: int) -> State:
    """The state with the note that tells where the file went."""
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
    return Decision(with_file_note(shown, action.message_id, line), effects)


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
