"""Telegram's HTML. Every rule and error: td/telegram/MessageEntity.cpp parse_html; docs, "HTML style"."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import ApiError
from sandbox.text.html import parse_html, utf16_length


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
    ],
)
def test_each_tag_is_an_entity(tag: str, kind: str) -> None:
    """docs, "HTML style"; td MessageEntity.cpp parse_html."""
    assert parse_html(f"a<{tag}>b</{tag}>") == ("ab", [{"type": kind, "offset": 1, "length": 1}])


@pytest.mark.parametrize(
    ("markup", "entity"),
    [
        ('<a href="https://a.b/?x=1&amp;y=2">t</a>', {"type": "text_link", "url": "https://a.b/?x=1&y=2"}),
        ("<a href='tg://user?id=5'>t</a>", {"type": "text_link", "url": "tg://user?id=5"}),
        ('<span class="tg-spoiler">t</span>', {"type": "spoiler"}),
        ("<blockquote expandable>t</blockquote>", {"type": "expandable_blockquote"}),
        ('<pre><code class="language-python">t</code></pre>', {"type": "pre", "language": "python"}),
        ('<tg-emoji emoji-id="5368324170671202286">t</tg-emoji>', {"type": "custom_emoji"}),
        ("<B>t</B>", {"type": "bold"}),
        ("<b >t</b >", {"type": "bold"}),
    ],
)
def test_attributes_and_spellings(markup: str, entity: dict[str, Any]) -> None:
    """docs, "HTML style"; td MessageEntity.cpp parse_html."""
    text, entities = parse_html(markup)

    assert (text, len(entities)) == ("t", 1)
    assert entity.items() <= entities[0].items()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#128512;&#x1F600;", "😀😀"),
        ("&nbsp; &copy; & a", "&nbsp; &copy; & a"),  # only four names are known
        ("a > b", "a > b"),
        ("<b></b>empty", "empty"),
    ],
)
def test_references_and_plain_text(markup: str, text: str) -> None:
    """docs, "HTML style": four named entities, and the numeric ones; td MessageEntity.cpp decode_html_entity."""
    assert parse_html(markup)[0] == text


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("ы<div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("x <3", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=b_c>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<tg-emoji emoji-id="x">t</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_what_cannot_be_parsed_is_explained(markup: str, complaint: str) -> None:
    """td MessageEntity.cpp parse_html, each of its errors."""
    with pytest.raises(ApiError) as caught:
        parse_html(markup)

    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_offsets_count_utf16_units() -> None:
    """docs, MessageEntity.offset."""
    assert parse_html("😀<b>😀я</b>")[1] == [{"type": "bold", "offset": 2, "length": 3}]


def test_nested_entities_come_outer_first() -> None:
    """docs, "Formatting options": nesting; td MessageEntity.cpp sort_entities."""
    _, entities = parse_html("<b>a<i>b</i></b>")

    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [("bold", 0, 2), ("italic", 1, 1)]


@given(st.text(alphabet=st.sampled_from("<>/&;#abi=\"' яש😀"), max_size=40))
def test_any_text_is_parsed_or_refused(markup: str) -> None:
    """td MessageEntity.cpp parse_html: an entity is never empty and never outside of the text."""
    try:
        text, entities = parse_html(markup)
    except ApiError:
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)
