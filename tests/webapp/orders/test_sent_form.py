"""A form of the order's page that was not taken: what was typed into it is shown again."""

from __future__ import annotations

import pytest

from common.talk.quick_replies import FilledText
from webapp.orders.order_page import SentForm

REPLY = FilledText("It is here.", (), "en")


@pytest.mark.parametrize(
    ("typed", "filled", "message"),
    [
        ({}, None, ""),
        ({"text": "Hello \n"}, None, "Hello \n"),
        ({}, REPLY, "It is here."),
        ({"text": "Hello \n"}, REPLY, "Hello\nIt is here."),
    ],
)
def test_a_quick_reply_stands_behind_what_was_typed(
    typed: dict[str, str], filled: FilledText | None, message: str
) -> None:
    assert SentForm(filled=filled, typed=typed).message == message
