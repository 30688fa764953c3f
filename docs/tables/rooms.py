"""The tree of packages: each with its content, as its `__init__` tells it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from docs.source import ROOT, parsed

PACKAGES = ("common", "bot_daemon", "webapp", "sandbox")
BESIDE = {
    "tests": "in the shape of the code; contract, integration, acceptance, browser and fault tests beside it",
    "benchmarks": "the speed claims of the docs, each one command",
    "docs": "by purpose: tutorial, how-to, reference, explanation, decisions; `docs/tables` fills the reference",
}
INDENT = 4


def tree() -> str:
    """The packages and their rooms as a block of text; the description of a room comes from its `__init__`."""
    lines = [line for package in PACKAGES for line in _lines(ROOT / package)]
    lines += [_line(name, 0, told) for name, told in BESIDE.items()]
    return "\n".join(("```text", *lines, "```"))


def _lines(package: Path) -> Iterator[str]:
    yield _line(package.name, 0, first_sentence(package))
    for room in sorted(path.parent for path in package.glob("*/__init__.py")):
        yield _line(room.name, 1, first_sentence(room))


def _line(name: str, depth: int, told: str) -> str:
    return f"{' ' * INDENT * depth + name + '/':<20}{told}"


def first_sentence(folder: Path) -> str:
    """The first sentence of the folder's `__init__`, without its full stop."""
    told = ast.get_docstring(parsed(folder / "__init__.py")) or ""
    return " ".join(told.split()).partition(". ")[0].removesuffix(".")
