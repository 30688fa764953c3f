"""The rows of the states, and that no other module makes a set of states for itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from common.database.models import CLOSED, LineState, OrderState
from common.orders import states

ROOT = Path(states.__file__).parents[2]
TABLES = {  # the rows of a table name states because they are its columns
    "common/orders/states.py",
    "common/orders/moves.py",  # from where a move leads
    "common/orders/lines.py",  # the same for lines
    "common/messaging/kinds.py",  # while what a notice says is true
    "common/database/models/orders.py",  # CLOSED
}


def test_every_state_has_a_row() -> None:
    assert list(states.ORDER_STATES) == list(OrderState)
    assert list(states.LINE_STATES) == list(LineState)


def test_the_board_shows_what_is_not_closed() -> None:
    assert set(states.BOARD) == set(OrderState) - CLOSED


def test_an_order_is_new_served_or_closed() -> None:
    parts = (states.CHANGED_AT_ONCE, states.SERVED, CLOSED)
    assert sum(len(part) for part in parts) == len(OrderState)
    assert frozenset().union(*parts) == set(OrderState)


def test_a_mechanic_changes_an_order_until_it_is_ready() -> None:
    assert set(OrderState) - states.CHANGEABLE == {OrderState.READY} | CLOSED


def test_no_module_has_a_set_of_states_of_its_own() -> None:
    own = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in ("common", "bot_daemon", "webapp")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in TABLES
        for line in sets_of_states(path)
    ]
    assert own == []


def sets_of_states(path: Path) -> Iterator[int]:
    """The lines with a tuple, list or set of two states or more."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and sum(map(is_state, node.elts)) > 1:
            yield node.lineno


def is_state(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("OrderState", "LineState", "S", "L")
        and node.attr.isupper()
    )
