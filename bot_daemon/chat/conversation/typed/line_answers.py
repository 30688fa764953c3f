"""Text where something of a line is asked: which part, how many, or what else is to be said of it."""

from __future__ import annotations

from bot_daemon.chat.conversation import changes, lines
from bot_daemon.chat.conversation.actions import LivePart, SetPart, TakeAsPart, TypeText
from bot_daemon.chat.conversation.drafts import Draft, DraftLine, Source, clean
from bot_daemon.chat.conversation.screen_views import ScreenView
from bot_daemon.chat.conversation.state import Decision, State, show_next, take_change
from bot_daemon.chat.conversation.typed.read_lines import add_note
from bot_daemon.chat.conversation.typed.whole_order import add_reading, take_order
from common.understanding.reading import Reading


def answer_line(state: State, action: TypeText, line: DraftLine) -> Decision:
    """A quantity, a choice or a remark is of this line; what names another part is a line of its own."""
    state = state.with_draft(_touched(state.draft, line.id))
    chosen = _choice(line, action) if line.candidates else None
    if chosen is not None:
        return _choose(state, line, chosen, action)
    reading = action.reading
    if _is_of_this_line(reading):
        return _say_of_it(state, action, line)
    if line.candidates or any(one.parts for one in reading.lines) or not reading.lines or _says_more(reading):
        return take_order(state, action)
    outcome = add_note(state.draft, line.id, action.text, Source(action.message, action.text))
    return take_change(state, action, outcome, lambda after: _with_note(after.here()))


def _touched(draft: Draft, line_id: int) -> Draft:
    outcome = changes.select_line(draft, line_id)
    return outcome if isinstance(outcome, Draft) else draft


def _with_note(state: State) -> State:
    return state.with_note("noted", line=state.number("line"))


def _is_of_this_line(reading: Reading) -> bool:
    """Whether the text names no part and says nothing of the order."""
    return bool(reading.of_last or reading.not_read) and not reading.lines and not _says_more(reading)


def _says_more(reading: Reading) -> bool:
    car = reading.car or reading.car_remark or reading.no_car or reading.same_car
    return bool(car or reading.comment or reading.urgent or reading.corrections or reading.same_order)


def _say_of_it(state: State, action: TypeText, line: DraftLine) -> Decision:
    draft, _ = add_reading(state.draft, action, Source(action.message, action.text))
    after = state.with_draft(draft)
    answered = draft.line(line.id)
    if state.view is ScreenView.HOW_MANY and answered is not None and not answered.is_open:
        return Decision(show_next(after, line.id))
    return Decision(after.here())


def _choice(line: DraftLine, action: TypeText) -> LivePart | None:
    """The one candidate that the text names, or whose place it says."""
    candidates = [action.parts[part] for part in line.candidates if part in action.parts]
    last = action.reading.of_last
    said = last.positions if last and not action.reading.lines else frozenset()
    if not said and len(action.reading.lines) == 1 and action.reading.lines[0].parts:
        named = [part for part in candidates if part.id in action.reading.lines[0].parts]
        is_all = len(named) == len(candidates)
        return named[0] if len(named) == 1 and not is_all else None
    placed = [part for part in candidates if part.place and part.place in said]
    return placed[0] if len(placed) == 1 else None


def _choose(state: State, line: DraftLine, part: LivePart, action: TypeText) -> Decision:
    """Make the line that part; what else the text says of it stays with it."""
    decision = lines.set_part(state, SetPart(line.id, part, line.rest))
    read = action.reading.lines[0] if action.reading.lines else action.reading.of_last
    words = clean(read.remark) if read and action.reading.lines else ""
    if not words:
        return decision
    outcome = add_note(decision.state.draft, line.id, words, Source(action.message, action.text))
    return Decision(decision.state.with_draft(outcome)) if isinstance(outcome, Draft) else decision


def take_note_as_part(state: State, action: TakeAsPart) -> Decision:
    """The words noted on a line are a part: they leave the remark and become a line."""
    line, words = state.draft.line(action.line), clean(action.typed.text)
    if line is not None and line.note.endswith(words):
        note = line.note.removesuffix(words).rstrip(", ")
        outcome = changes.change_line(state.draft, line.id, note=note)
        state = state.with_draft(outcome) if isinstance(outcome, Draft) else state
    return take_order(state, action.typed)
