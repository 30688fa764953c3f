"""A message that was corrected in Telegram: what it made is made anew; and a text put back into one line."""

from __future__ import annotations

from dataclasses import replace

from bot_daemon.chat.conversation import changes
from bot_daemon.chat.conversation.actions import EditText, JoinLines
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Refusal, Source, clean
from bot_daemon.chat.conversation.files import move_files_from
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import WHOLE, Decision, State, refuse, take_change
from bot_daemon.chat.conversation.typed.read_lines import add_read_line
from bot_daemon.chat.conversation.typed.whole_order import add_reading, before_any_part, take_back_car
from common.understanding.reading import Reading, ReadLine

MOST_SOURCES = 20  # messages whose text is kept


def edit_text(state: State, action: EditText) -> Decision:
    """Read the corrected text instead of what it was. Quantities set by hand stay where the text says none."""
    message = action.typed.message
    old = [line for line in state.draft.lines if line.message == message]
    was = replace(action.typed, reading=action.before)
    draft = take_back_car(_without(state.draft, message, action.before), was)
    draft, _ = add_reading(draft, action.typed, Source(message, action.typed.text))
    draft = remember(_keep_what_hands_did(draft, old, message), message, action.typed.text)
    return _with_files_of_gone_lines(Decision(state.with_draft(draft).here().with_note("corrected")), old)


def _with_files_of_gone_lines(decision: Decision, old: list[DraftLine]) -> Decision:
    """The files of lines that are no more go with the order."""
    after, effects = decision.state, decision.effects
    for line in old:
        if after.draft.line(line.id) is None:
            after, moved = move_files_from(line.id, after, WHOLE)
            effects = (*effects, *moved)
    return Decision(after, effects)


def _without(draft: Draft, message: int, before: Reading) -> Draft:
    """The draft without what this message said."""
    kept = tuple(line for line in draft.lines if line.message != message)
    draft = replace(draft, lines=kept, current=kept[-1].id if kept else 0)
    said = {clean(before.comment), clean(before_any_part(before))}
    comment = "; ".join(one for one in draft.comment.split("; ") if one not in said)
    remark = ", ".join(one for one in draft.car_remark.split(", ") if one != clean(before.car_remark))
    long_texts = tuple(one for one in draft.long_texts if one.message != message)
    urgent = draft.urgent and not before.urgent
    return replace(draft, comment=comment, car_remark=remark, long_texts=long_texts, urgent=urgent)


def _keep_what_hands_did(draft: Draft, old: list[DraftLine], message: int) -> Draft:
    """Give the lines of the corrected text the places, files and quantities of those before them, one for one."""
    new = [line for line in draft.lines if line.message == message]
    renamed = {line.id: _in_the_place_of(was, line) for line, was in zip(new, old, strict=False)}
    lines = sorted((renamed.get(line.id, line) for line in draft.lines), key=lambda line: line.id)
    current = renamed[draft.current].id if draft.current in renamed else draft.current
    return replace(draft, lines=tuple(lines), current=current)


def _in_the_place_of(was: DraftLine, line: DraftLine) -> DraftLine:
    taken = replace(line, id=was.id, shows=was.shows)
    if line.quantity_said:
        return taken
    return replace(taken, quantity=was.quantity, unit=was.unit, quantity_said=was.quantity_said)


def remember(draft: Draft, message: int, text: str) -> Draft:
    """Keep a message's text, so that a correction of it can be told from what it was."""
    kept = [one for one in draft.sources if one.message != message][1 - MOST_SOURCES :]
    return replace(draft, sources=(*kept, Source(message, text))) if message else draft


def join_lines(state: State, action: JoinLines) -> Decision:
    """Make the lines of a message one line with its whole text, as typed."""
    source = next((one for one in state.draft.sources if one.message == action.message), None)
    if source is None:
        return refuse(state, action, Refusal.LINE_GONE)
    first = next((line.id for line in state.draft.lines if line.message == source.message), 0)
    draft = _without(state.draft, source.message, Reading())
    outcome = add_read_line(draft, ReadLine(source.text, words=source.text), {}, source)
    if isinstance(outcome, Draft):
        outcome = changes.change_line(outcome, outcome.current, message=source.message)
    if isinstance(outcome, Draft) and first:
        outcome = _keep_what_hands_did(
            outcome, [line for line in state.draft.lines if line.id == first], source.message
        )
    shown = take_change(state, action, outcome, lambda after: after.at(ScreenView.SUMMARY, page=0))
    return _with_files_of_gone_lines(shown, list(state.draft.lines))
