"""How lines read in the chat: their quantity, their remark, and how they share the room."""

from __future__ import annotations

import pytest

from bot_daemon.chat.conversation.drafts import DraftLine
from bot_daemon.chat.rendering import words
from bot_daemon.chat.rendering.lines import LEAST, line_text, line_texts, named
from bot_daemon.chat.rendering.text import utf16_units
from common.database.models import Grade, Unit
from common.i18n import FSI, PDI, use_language
from common.talk.change_requests import Wish

NAMES = {"ru": "Масло моторное", "he": "שמן מנוע", "en": "Engine oil"}
OIL = DraftLine(1, NAMES, 4, unit=Unit.LITRE, note="5w30 <Shell>", grade=Grade.ORIGINAL)


def whole(text: str) -> str:
    return f"{FSI}{text}{PDI}"


@pytest.mark.parametrize(
    ("language", "quantity", "grade"), [("ru", "4 л", "оригинал"), ("he", "4 ל׳", "מקורי"), ("en", "4 l", "original")]
)
def test_a_line_says_how_much_of_what_and_what_was_said_of_it(language: str, quantity: str, grade: str) -> None:
    with use_language(language):
        said = f"{whole(NAMES[language])} · {whole('5w30 &lt;Shell&gt;')}"
        assert line_text(OIL) == f"<b>{quantity}</b> {said} · <i>{grade}</i>"


def test_a_long_remark_leaves_room_for_the_part_and_its_cut_is_marked() -> None:
    line = DraftLine(1, {"": "w" * 200}, note="r" * 300)
    for most in (LEAST, 90, 200):
        shown = named(line, most)
        assert utf16_units(shown) <= most + len(" · ") + 2 * len(FSI + PDI)
        assert "w…" in shown
        assert "r…" in shown


def test_a_short_part_leaves_its_room_to_the_remark() -> None:
    assert named(DraftLine(1, {"": "oil"}, note="r" * 190), 200) == f"{whole('oil')} · {whole('r' * 190)}"


def test_many_lines_with_remarks_share_a_message() -> None:
    lines = [DraftLine(n, {"": "w" * 200}, 9999, unit=Unit.SET, note="r" * 300) for n in range(50)]
    assert sum(map(utf16_units, line_texts(lines))) < 3600


@pytest.mark.parametrize(
    ("wish", "facts", "text"),
    [
        (Wish.ADD_LINE, {"quantity": 4, "unit": "l", "remark": "5w30"}, "добавить: 4 л ⁨масло⁩ · ⁨5w30⁩"),
        (Wish.ADD_LINE, {"quantity": 2}, "добавить: 2 × ⁨масло⁩"),
        (Wish.QUANTITY, {"quantity": 1500, "unit": "ml", "remark": "5w30"}, "⁨масло⁩ · ⁨5w30⁩: нужно 1,5 л"),
        (Wish.QUANTITY, {"quantity": 3}, "⁨масло⁩: нужно 3 шт."),
        (Wish.REMARK, {"remark": "левый"}, "⁨масло⁩: с примечанием «⁨левый⁩»"),
        (Wish.REMARK, {"remark": ""}, "⁨масло⁩: с примечанием «⁨—⁩»"),
        (Wish.REMOVE_LINE, {"remark": "левый"}, "убрать: ⁨масло⁩ · ⁨левый⁩"),
    ],
)
def test_a_wish_names_the_unit_and_the_remark(wish: Wish, facts: dict[str, object], text: str) -> None:
    with use_language("ru"):
        assert words.wish(wish, {"words": {"": "масло"}, **facts}) == text
