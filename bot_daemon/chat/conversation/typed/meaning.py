"""Who takes a text: what is asked for on the screen, else the order as a whole.

Telegram delivers messages and presses in separate queues, so "2" may come after the press that left the line, and the
plate before the press that asks for it. So text is read by its form as far as possible, whatever the screen shows.
"""

from __future__ import annotations

from bot_daemon.chat.conversation.actions import TakeAsPart, TypeText
from bot_daemon.chat.conversation.drafts import Source, clean
from bot_daemon.chat.conversation.screen_views import OF_A_LINE, ScreenView
from bot_daemon.chat.conversation.state import Decision, State
from bot_daemon.chat.conversation.typed.car_answers import answer_car, take_words_as_part
from bot_daemon.chat.conversation.typed.edits import remember
from bot_daemon.chat.conversation.typed.line_answers import answer_line, take_note_as_part
from bot_daemon.chat.conversation.typed.whole_order import add_comment, take_order


def take_text(state: State, action: TypeText) -> Decision:
    state = state.with_draft(remember(state.draft, action.message, action.text))
    line = state.draft.line(state.number("line")) if state.view in OF_A_LINE else None
    if state.view is ScreenView.COMMENT:
        return _take_comment(state, action)
    if state.view is ScreenView.PLATE:
        return answer_car(state, action)
    return answer_line(state, action, line) if line is not None else take_order(state, action)


def _take_comment(state: State, action: TypeText) -> Decision:
    draft = add_comment(state.draft, clean(action.text), Source(action.message, action.text))
    shown = state.with_draft(draft).at(ScreenView.SUMMARY, page=0)
    return Decision(shown.with_note("long_text") if draft.long_texts != state.draft.long_texts else shown)


def take_as_part(state: State, action: TakeAsPart) -> Decision:
    return take_note_as_part(state, action) if action.line else take_words_as_part(state, action)
