"""Photos and voice notes that arrive, with or without words: a line of their own, the line on the screen, or the car.

A line without words says "I can't name it".
"""

from __future__ import annotations

from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import AttachFile, TypeText
from bot_daemon.chat.conversation.drafts import CarWithoutNumber, Refusal, clean
from bot_daemon.chat.conversation.effects import KeepFile
from bot_daemon.chat.conversation.files import with_file, with_file_note
from bot_daemon.chat.conversation.screen_views import OF_A_LINE, ScreenView
from bot_daemon.chat.conversation.state import WHOLE, Decision, State, refuse, show_missing
from bot_daemon.chat.conversation.typed.edits import remember
from bot_daemon.chat.conversation.typed.whole_order import take_order
from common.media.attachments import MAX_FILES


def attach_file(state: State, action: AttachFile) -> Decision:
    """Keep the file: with its words as a line of its own, else for the place on the screen. An album stays together."""
    if any(one.message_id == action.message_id for one in state.attached):
        return Decision(state, quiet=True)
    if len(state.attached) >= MAX_FILES:
        return _keep_only_the_words(state, action)
    if action.caption is not None and clean(action.caption.text):
        return _take_caption(state, action, action.caption)
    return _take_bare_file(state, action)


def _keep_only_the_words(state: State, action: AttachFile) -> Decision:
    """There is no room for the file; what was typed with it is taken."""
    if action.caption is None or not clean(action.caption.text):
        return refuse(state, action, Refusal.FILES_FULL)
    decision = take_order(state, action.caption)
    return replace(decision, state=decision.state.with_note(Refusal.FILES_FULL.value))


def _take_caption(state: State, action: AttachFile, caption: TypeText) -> Decision:
    """Read the words typed with the file; the line they make gets it. A plate in them is the car."""
    known, is_more_of_an_album = {line.id for line in state.draft.lines}, _last_of_album(state, action) is not None
    remembered = state.with_draft(remember(state.draft, caption.message, caption.text))
    decision = take_order(remembered, caption)
    of_it = [line for line in decision.state.draft.lines if line.message == caption.message]
    named = next((line for line in of_it if line.id not in known), of_it[0] if of_it else None)
    if named is None:
        bare = _take_bare_file(decision.state, action)
        return replace(bare, effects=(*decision.effects, *bare.effects))
    noted = with_file_note(with_file(decision.state, action, named.id), action.message_id, named.id)
    return Decision(noted, (*decision.effects, KeepFile(named.id)), quiet=is_more_of_an_album)


def _last_of_album(state: State, action: AttachFile) -> int | None:
    """The line of the file of this album that came last."""
    mates = [one for one in state.attached if action.group and one.group == action.group]
    return mates[-1].line if mates else None


def _take_bare_file(state: State, action: AttachFile) -> Decision:
    line = _last_of_album(state, action)
    if line is not None:
        return Decision(with_file(state, action, line), (KeepFile(line),), quiet=True)
    if state.view is ScreenView.PLATE and action.kind == "photo" and state.draft.lines:
        return _take_plate_photo(state, action)
    line = _line_on_screen(state)
    if line is None:
        return _give_own_line(state, action)
    after = with_file(state, action, line)
    return Decision(with_file_note(after.here(), action.message_id, line), (KeepFile(line),))


def _take_plate_photo(state: State, action: AttachFile) -> Decision:
    draft = changes.set_without_number(state.draft, CarWithoutNumber.PHOTO)
    after = with_file(state.with_draft(draft), action, WHOLE)
    return Decision(with_file_note(show_missing(after), action.message_id, WHOLE), (KeepFile(WHOLE),))


def _line_on_screen(state: State) -> int | None:
    """The line whose view is shown; at the summary, the line without a part that was written last."""
    if state.view in OF_A_LINE and state.draft.line(state.number("line")) is not None:
        return state.number("line")
    last = state.draft.line(state.draft.current)
    is_written = last is not None and last.part_id is None and not last.candidates and not last.shows
    return last.id if last is not None and is_written and state.view is ScreenView.SUMMARY else None


def _give_own_line(state: State, action: AttachFile) -> Decision:
    """Attach the file to a new line; in a full order, to the order."""
    outcome = changes.add_unnamed(state.draft, action.message_id, action.words)
    line = WHOLE if isinstance(outcome, Refusal) else outcome.current
    after = with_file(state if isinstance(outcome, Refusal) else state.with_draft(outcome), action, line)
    return Decision(with_file_note(show_missing(after), action.message_id, line), (KeepFile(line),))
