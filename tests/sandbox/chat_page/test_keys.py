"""Buttons are drawn as Telegram draws them on a phone: one line, cut with an ellipsis, as wide as on Android."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from sandbox.client import Sandbox
from sandbox.values import Json
from tests.sandbox.chat_page.phones import DIMA, Open, begin, phone
from tests.sandbox.robot import Robot, keyboard

pytestmark = pytest.mark.browser
LONG = "Как в прошлый раз: Передние тормозные колодки и ещё одна деталь"
# Pixels of text in a row of 1 to 5 buttons on a phone of 360 (DrKLO/Telegram, ChatMessageCell: a keyboard of 345 dp,
# 5 dp between its buttons, 16 dp beside a text).
ROOM = [327, 153, 95, 66, 48.6]


def sizes(keys: Locator) -> list[Json]:
    sizes: list[Json] = keys.evaluate_all(
        """keys => keys.map(key => ({
          room: key.firstChild.getBoundingClientRect().width, high: key.getBoundingClientRect().height,
          cut: key.firstChild.scrollWidth > key.firstChild.clientWidth,
        }))"""
    )
    return sizes


@pytest.mark.parametrize("width", [360, 1280])
def test_a_long_label_is_cut_where_android_cuts_it(open_page: Open, bot: Robot, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    begin(page)
    rows = [[(LONG, f"{n}.{m}") for m in range(n)] for n in range(1, 6)]
    bot.say(DIMA, "Меню", reply_markup=keyboard(*rows))
    expect(phone(page).locator(".key")).to_have_count(15)
    shown = sizes(phone(page).locator(".key"))
    firsts = [shown[at]["room"] for at in (0, 1, 3, 6, 10)]

    assert firsts == pytest.approx(ROOM, abs=0.5)
    assert {round(key["high"]) for key in shown} == {44}
    assert all(key["cut"] for key in shown)


FITS = [
    ["💬 Комментарий ✓"],
    ["✅ Готов", "▶️ В работу"],
    ["Открытые ✓", "Все"],
    ["שינוי ההזמנה", "הודעה למחסן"],
]
IS_CUT = [
    ["✓ Открытые", "Готовые", "Все", "По машине"],
    ["💬 Изменить комментарий", "🚗 Машина"],
    ["✓ הכול: לא משנה", "מקורי", "תחליפי"],
]


def test_what_fits_on_a_phone_fits_here(open_page: Open, bot: Robot) -> None:
    """Labels of which it is known whether they fit on Android (widths of Roboto Medium and Noto Sans Hebrew)."""
    page = open_page(viewport={"width": 360, "height": 800})
    begin(page)
    for row in FITS + IS_CUT:
        bot.say(DIMA, "Меню", reply_markup=keyboard([(text, text) for text in row]))
    rows = phone(page).locator(".keyboard")
    expect(rows).to_have_count(len(FITS + IS_CUT))
    cut = [any(key["cut"] for key in sizes(one.locator(".key"))) for one in rows.all()]

    assert cut == [False] * len(FITS) + [True] * len(IS_CUT)


def test_the_whole_label_is_the_name_of_the_button(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.say(DIMA, "Меню", reply_markup=keyboard([(LONG, "a")], [("Да", "b")]))
    key = page.get_by_role("button", name=LONG)
    key.hover()

    expect(key).to_have_attribute("title", LONG)


@pytest.mark.parametrize(("width", "room"), [(800, 2), (1280, 3), (1920, 4)])
def test_as_many_phones_stand_there_as_there_is_room_for(open_page: Open, box: Sandbox, width: int, room: int) -> None:
    """And as there are people: two phones of one person would be one phone."""
    page = open_page(viewport={"width": width, "height": 800})

    expect(page.locator(".phone:visible")).to_have_count(min(room, len(box.people())))
