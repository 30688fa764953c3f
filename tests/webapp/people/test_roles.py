"""The page of roles: what it says is what the code checks."""

from __future__ import annotations

import ast
from pathlib import Path

from webapp.people.roles import ACTIONS

ROOT = Path(__file__).parents[3]
SAID_ONLY = {ROOT / "common/permissions.py", ROOT / "webapp/people/roles.py"}


def checked_actions() -> set[str]:
    """The actions that the code asks for, anywhere but in the table of permissions and in its words."""
    files = [path for name in ("common", "bot_daemon", "webapp") for path in (ROOT / name).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path not in SAID_ONLY]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {node.attr for node in nodes if isinstance(node.value, ast.Name) and node.value.id == "Action"}


def test_the_page_of_roles_shows_no_permission_that_nothing_checks() -> None:
    assert {action.name for action in ACTIONS} == checked_actions()
