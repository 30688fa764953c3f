"""The pages as their readers' tools see them: headings with their anchors, links, blocks of shell."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
LINK = re.compile(r"(?:\]\(|<img src=\")(?P<target>[^)\"\s]+)")
RUNS = re.compile(r"<!-- runs(?:, exit code (?P<code>\d+))? -->\s*\Z")


def pages() -> list[Path]:
    beside = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*beside, *sorted(DOCS.rglob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def prose(page: Path) -> str:
    """Without its blocks of code, in which a hash is a comment and brackets are brackets."""
    return FENCE.sub("", text(page))


@cache
def headings(page: Path) -> list[str]:
    return [re.sub(r"[`*]", "", heading).strip() for heading in HEADING.findall(prose(page))]


@cache
def anchors(page: Path) -> set[str]:
    """As GitHub makes them: lower case, no punctuation, hyphens for spaces, a number behind a repetition."""
    found: set[str] = set()
    for heading in headings(page):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        number = 1
        while (wanted := anchor if number == 1 else f"{anchor}-{number - 1}") in found:
            number += 1
        found.add(wanted)
    return found


def links(page: Path) -> list[str]:
    return [hit["target"] for hit in LINK.finditer(prose(page))]


def blocks(page: Path, kind: str) -> list[str]:
    """The text of each block of code in this language."""
    return [textwrap.dedent(fence["text"]) for fence in FENCE.finditer(text(page)) if fence["kind"] == kind]


@dataclass(frozen=True)
class Shell:
    """A block that says of itself that it can be run, and what it ends with."""

    script: str
    exit_code: int


def runnable(page: Path) -> Iterator[Shell]:
    whole = text(page)
    for fence in FENCE.finditer(whole):
        marked = RUNS.search(whole[: fence.start()])
        if marked and fence["kind"] == "sh":
            yield Shell(textwrap.dedent(fence["text"]), int(marked["code"] or 0))
