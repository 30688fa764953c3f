"""What a button's data looks like."""

from __future__ import annotations

import pytest

from bot_daemon.chat import buttons
from bot_daemon.chat.buttons import Press
from bot_daemon.chat.content import MAX_DATA

PRESSES = [press for press in vars(buttons).values() if isinstance(press, Press)]
LONGEST = {
    "key": "k" * 24,
    "language": "ru",
    "grade": "aftermarket",
    "choice": "without",
    "answer": "a" * 8,
    "kind": "k" * 24,
    "switch": "off",
    "show": "ready",
    "which": "mine",
    "move": "m" * 8,
    "reason": "r" * 16,
}


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.shape)
def test_the_longest_data_of_every_button_is_within_telegrams_limit_and_is_read_back(press: Press) -> None:
    names = press.pattern.groupindex
    values = {name: LONGEST.get(name, "9" * 9) for name in names}
    data = press.data(**values)
    assert len(data.encode()) <= MAX_DATA
    assert press.read(data) == values


@pytest.mark.parametrize("press", PRESSES, ids=lambda press: press.shape)
def test_no_button_is_taken_for_another(press: Press) -> None:
    data = press.data(**{name: LONGEST.get(name, "1") for name in press.pattern.groupindex})
    assert [other.shape for other in PRESSES if other.pattern.match(data)] == [press.shape]


@pytest.mark.parametrize("data", ["orders:-1", "orders:1\n", "order:9999999999", "d::send", "d:key:send:x", "homer"])
def test_forged_data_fits_no_button(data: str) -> None:
    assert not any(press.pattern.match(data) for press in PRESSES)
