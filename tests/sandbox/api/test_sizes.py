"""What is long is read in time that grows with its length, and a number of any length is a number or refused."""

from __future__ import annotations

import time

import pytest

from sandbox.api.parameters import Parameters
from sandbox.api.texts import MAX_SOURCE_BYTES, detect_entities, read_text
from sandbox.errors import ApiError
from sandbox.text.html import parse_html
from tests.sandbox.robot import Robot

LONG = "9" * 5_000  # int() refuses texts of more than 4,300 digits
DEADLINE = 1.0  # seconds of the processor; it takes some hundredths, and took 3 s when it was quadratic


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (LONG, 2**31 - 1),
        (f"-{LONG}", -(2**31)),
        (f"{'0' * 5_000}7", 7),
        (" -007x", -7),
        ("0", 0),
        ("-", 0),
        ("1" * 20, 2**31 - 1),
    ],
    ids=["long", "long and negative", "many zeros", "text behind", "nought", "a sign", "beyond 64 bits"],
)
def test_a_number_of_any_length_is_clamped(given: str, read: int) -> None:
    """Client.cpp:12360 get_integer_arg."""
    assert Parameters({"offset": given}).integer("offset") == read


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (f"&#{LONG};", f"&#{LONG};"),
        (f"&#{'0' * 5_000}65;", "A"),
        (f"&#x{LONG};", f"&#x{LONG};"),
    ],
)
def test_a_reference_of_any_length_is_a_character_or_plain_text(markup: str, text: str) -> None:
    """td MessageEntity.cpp decode_html_entity."""
    assert parse_html(markup) == (text, [])


@pytest.mark.parametrize("number", [LONG, str(2**63), "²", "0"])
def test_an_emoji_has_a_number_of_64_bits(number: str) -> None:
    """td MessageEntity.cpp parse_html: to_integer_safe<int64>."""
    with pytest.raises(ApiError, match="Invalid custom emoji identifier specified"):
        parse_html(f'<tg-emoji emoji-id="{number}">t</tg-emoji>')


@pytest.mark.parametrize(
    ("method", "given", "refusal"),
    [
        ("sendMessage", {"chat_id": LONG, "text": "x"}, "chat not found"),
        ("deleteMessage", {"message_id": LONG}, "message to delete not found"),
        ("deleteMessages", {"message_ids": [LONG]}, "can't parse message identifier as a Number"),
    ],
)
def test_a_call_with_such_a_number_is_a_bad_request(
    robot: Robot, person: int, method: str, given: dict[str, object], refusal: str
) -> None:
    """Client.cpp:8201, 12403-12440."""
    answer = robot.call(method, **{"chat_id": person} | given)

    assert answer.error == (400, f"Bad Request: {refusal}")


@pytest.mark.parametrize("piece", ["@dima ", "/start ", "http://a.b ", "/@", "🔧@dima "])
def test_a_text_full_of_mentions_is_looked_through_once(piece: str) -> None:
    began = time.process_time()
    detect_entities(piece * (MAX_SOURCE_BYTES // len(piece.encode())))
    assert time.process_time() - began < DEADLINE


def test_many_mentions_beside_much_code_are_looked_through_once() -> None:
    piece = "<pre>a</pre> @dima "
    began = time.process_time()
    with pytest.raises(ApiError, match="message is too long"):
        read_text(Parameters({"text": piece * (MAX_SOURCE_BYTES // len(piece)), "parse_mode": "HTML"}))
    assert time.process_time() - began < DEADLINE


def test_what_lies_inside_code_or_touches_a_link_is_no_mention() -> None:
    """td MessageEntity.cpp find_entities, remove_intersecting."""
    markup = '🔧@dima <code>@noa</code> <b>@rina</b> <a href="http://a.b">see</a>@avi <pre>x</pre> @olga'
    text, entities = read_text(Parameters({"text": markup, "parse_mode": "HTML"}))
    units = text.encode("utf-16-le")
    found = [one for one in entities if one["type"] == "mention"]
    names = [units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in found]
    assert names == ["@dima", "@rina", "@olga"]
