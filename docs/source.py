"""Facts that only the source holds: comments beside members and fields, names in calls."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FIELD = re.compile(r"^    (?P<name>\w+)\b[^#]*?[=:][^#]*?#\s*(?P<comment>.+)$")


def comments(cls: type) -> dict[str, str]:
    """The comments beside the members or fields of a class, by name."""
    hits = (FIELD.match(line) for line in inspect.getsource(cls).splitlines())
    return {hit["name"]: hit["comment"].strip() for hit in hits if hit}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(package: str, *names: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a function or method of one of these names in a package, with its file."""
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _called(node) in names:
                yield path.relative_to(ROOT), node


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Subscript):
        function = function.value
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def words(node: ast.Call) -> list[str]:
    """The plain strings among a call's positional arguments."""
    return [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
