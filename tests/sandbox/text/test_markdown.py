"""MarkdownV2 and Markdown. Rules and errors: td/telegram/MessageEntity.cpp:1929-2420; docs, "MarkdownV2 style"."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import ApiError
from sandbox.text.html import utf16_length
from sandbox.text.markdown import parse_markdown, parse_markdown_v2


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("a*b*", "bold"),
        ("a_b_", "italic"),
        ("a__b__", "underline"),
        ("a~b~", "strikethrough"),
        ("a||b||", "spoiler"),
        ("a`b`", "code"),
        ("a```b```", "pre"),
    ],
)
def test_each_mark_is_an_entity(markup: str, kind: str) -> None:
    """docs, "MarkdownV2 style"; td MessageEntity.cpp parse_markdown_v2."""
    assert parse_markdown_v2(markup) == ("ab", [{"type": kind, "offset": 1, "length": 1}])


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("[t](https://a\\.b/\\))", "t", [{"type": "text_link", "url": "https://a.b/)"}]),
        ("![👍](tg://emoji?id=5)", "👍", [{"type": "custom_emoji", "custom_emoji_id": "5"}]),
        ("```python\nx = 1```", "x = 1", [{"type": "pre", "language": "python"}]),
        (">a\n>b\nc", "a\nb\nc", [{"type": "blockquote", "offset": 0, "length": 3}]),
        ("*b _i_*", "b i", [{"type": "bold", "length": 3}, {"type": "italic", "offset": 2}]),
        ("\\*1\\.5\\*", "*1.5*", []),
        ("`a*b_c`", "a*b_c", [{"type": "code"}]),
        ("[nowhere]()", "nowhere", []),
    ],
)
def test_links_quotes_code_and_escapes(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    """docs, "MarkdownV2 style"; td MessageEntity.cpp parse_markdown_v2."""
    parsed, found = parse_markdown_v2(markup)

    assert (parsed, len(found)) == (text, len(entities))
    assert all(want.items() <= have.items() for want, have in zip(entities, found, strict=True))


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("a>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("я *x", "Can't find end of Bold entity at byte offset 3"),
        ("||x", "Can't find end of Spoiler entity at byte offset 0"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        ("[x](y", "Can't find end of a URL at byte offset 4"),
        ("[x](y\\)", "Can't find end of a URL at byte offset 4"),
        ("[x](" + "\\y" * 2000, "Can't find end of a URL at byte offset 4"),
        ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        ("![x](http://a.b)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_what_cannot_be_parsed_is_explained(markup: str, complaint: str) -> None:
    """td MessageEntity.cpp parse_markdown_v2, each of its errors."""
    with pytest.raises(ApiError) as caught:
        parse_markdown_v2(markup)

    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("*b* _i_ `c`", "b i c", [{"type": "bold"}, {"type": "italic", "offset": 2}, {"type": "code", "offset": 4}]),
        ("```py\nx```", "x", [{"type": "pre", "language": "py"}]),
        ("[t](https://a.b) 1.5", "t 1.5", [{"type": "text_link", "url": "https://a.b"}]),
        ("2 \\* 2", "2 * 2", []),
    ],
)
def test_the_older_markdown(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    """docs, "Markdown style"; td MessageEntity.cpp parse_markdown."""
    parsed, found = parse_markdown(markup)

    assert (parsed, len(found)) == (text, len(entities))
    assert all(want.items() <= have.items() for want, have in zip(entities, found, strict=True))


def test_the_older_markdown_misses_an_end() -> None:
    """td MessageEntity.cpp parse_markdown."""
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 3"):
        parse_markdown("я *x")


@given(st.text(alphabet=st.sampled_from("_*[]()~`>|!\\\nabя😀"), max_size=30))
def test_any_text_is_parsed_or_refused(markup: str) -> None:
    """td MessageEntity.cpp: an entity is never empty and never outside of the text."""
    for parse in (parse_markdown_v2, parse_markdown):
        try:
            text, entities = parse(markup)
        except ApiError:
            continue
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)
