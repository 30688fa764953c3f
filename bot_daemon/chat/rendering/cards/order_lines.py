"""The lines of an order on its card: the wanted part and its state. No line is left out; many share the room."""

from __future__ import annotations

from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import LEAST, bare_text, line_text
from bot_daemon.chat.rendering.text import day, escape, short_day
from common.database.models import LineState, Order, OrderLine, OrderState
from common.orders.states import LINE_STATES

TERSE = 14  # units for the words and the remark of a line, where there is room for nothing else
WORDY = 12  # up to so many lines show their state in words, more lines in signs


def lines_with_state(order: Order, room: int) -> list[str]:
    """One line of text per order line, with at most `room` units in all; 0: as few as possible."""
    lines, wordy = order.lines, len(order.lines) <= WORDY
    if room == 0:
        return [_terse(line) for line in lines]
    marks = {line.id: _mark(order, line, wordy) for line in lines}
    most = max(min(room // max(len(lines), 1) - (90 if wordy else 52), 200), LEAST)
    return [line_text(line, most, marks[line.id]) for line in lines]


def _terse(line: OrderLine) -> str:
    """Quantity and part, with a sign and a day for the state: some forty units."""
    when = f" {short_day(line.expected_on)}" if line.expected_on else ""
    return f"{bare_text(line, TERSE)} {LINE_STATES[line.state].sign}{when}".rstrip()


def _mark(order: Order, line: OrderLine, wordy: bool) -> str:
    return " ".join(part for part in (_substitute(line, wordy), _state(order, line, wordy)) if part)


def _substitute(line: OrderLine, wordy: bool) -> str:
    """The substitute that the mechanic accepted."""
    if not line.substitute or line.state is LineState.SUBSTITUTE_PROPOSED:
        return ""
    return f"→ {escape(line.substitute, 60 if wordy else 10)}"


def _state(order: Order, line: OrderLine, wordy: bool) -> str:
    handed_out = line.state is LineState.ISSUED and order.state is OrderState.ISSUED
    if line.state is LineState.REQUESTED or handed_out:
        return ""
    when = line.expected_on
    if not wordy:
        return LINE_STATES[line.state].sign + (f" {short_day(when)}" if when else "")
    state = f"· {LINE_STATES[line.state].sign} {words.line_state(line.state)}"
    return f"{state}, {day(when)}" if when else state
