"""What marked-up text costs to read grows with its length, whatever is nested or left open in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from sandbox.errors import ApiError
from sandbox.text.html import parse_html
from sandbox.text.markdown import parse_markdown, parse_markdown_v2
from sandbox.values import Json

if TYPE_CHECKING:
    from _typeshed import TraceFunction

Parse = Callable[[str], tuple[str, list[Json]]]
NESTED: dict[str, tuple[Parse, Callable[[int], str]]] = {
    "MarkdownV2, brackets left open before lines": (parse_markdown_v2, lambda n: "[" * n + "\n" * n),
    "MarkdownV2, a quotation of many lines": (parse_markdown_v2, lambda n: ">" + "*_" * n + "\n>" * n),
    "MarkdownV2, links inside links": (parse_markdown_v2, lambda n: "[x" * n + "]" * n),
    "Markdown, many marks": (parse_markdown, lambda n: "*a*" * n),
    "Markdown, many links": (parse_markdown, lambda n: "[a.b](" * n),
    "HTML, links inside links": (parse_html, lambda n: "<a>x" * n + "</a>" * n),
}


def lines_run(parse: Parse, markup: str) -> int:
    """How many lines of Python the reading takes, each turn of a loop counted."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(ApiError):
            parse(markup)
    finally:
        sys.settrace(former)
    return count


@pytest.mark.parametrize("case", list(NESTED))
def test_twice_the_text_is_twice_the_work(case: str) -> None:
    parse, write = NESTED[case]
    short, long = (lines_run(parse, write(n)) for n in (100, 400))

    assert long < 5 * short


@pytest.mark.parametrize(
    ("parse", "opening", "closing"), [(parse_markdown_v2, "[a.b", "]"), (parse_html, "<a>a.b", "</a>")]
)
def test_links_inside_links_do_not_repeat_their_text_without_end(parse: Parse, opening: str, closing: str) -> None:
    """A link without an address has its text for one; every link around it would hold that text once more."""
    written = [
        sum(
            len(one["url"])
            for one in parse(opening.replace(".", "\\." if closing == "]" else ".") * n + closing * n)[1]
        )
        for n in (1_000, 4_000)
    ]

    assert written[0] == written[1] > 0
