"""How a line reads, in three languages and both directions."""

from __future__ import annotations

import pytest

from common.database.models import Unit
from common.i18n import FSI, PDI, use_language
from common.orders.content.line_text import LineText, line_text
from common.orders.placing import WantedLine

OIL = WantedLine(
    {"ru": "Масло моторное", "he": "שמן מנוע", "en": "Engine oil"}, 1500, unit=Unit.MILLILITRE, remark="5w30"
)
ARMS = WantedLine({"": "рычаг"}, 2)


@pytest.mark.parametrize(
    ("language", "text"),
    [("ru", "1,5 л Масло моторное · 5w30"), ("he", "1.5 ל׳ שמן מנוע · 5w30"), ("en", "1.5 l Engine oil · 5w30")],
)
def test_a_line_is_its_quantity_its_part_and_its_remark(language: str, text: str) -> None:
    with use_language(language):
        assert line_text(OIL).plain == text


def test_a_line_of_which_nothing_was_said_has_no_remark() -> None:
    assert (line_text(ARMS).plain, line_text(ARMS)) == ("2 × рычаг", LineText("2 ×", "рычаг", ""))


def test_words_of_either_direction_stay_whole_beside_each_other() -> None:
    mixed = WantedLine({"": "SKF 1204"}, 1, remark="שמאל 2")
    with use_language("he"):
        assert str(line_text(mixed)) == f"1 × {FSI}SKF 1204{PDI} · {FSI}שמאל 2{PDI}"
