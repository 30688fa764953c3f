"""The chat page is calm in three languages, mirrored where it must be, and axe finds nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.client import Sandbox
from tests.sandbox.chat_page.phones import DIMA, MENU, NOA, Open, phone
from tests.sandbox.robot import Robot
from tests.support.chromium import violations

pytestmark = pytest.mark.browser
STATIC = Path(__file__).parents[3] / "sandbox" / "static"


def test_each_phone_speaks_its_owners_language(open_page: Open) -> None:
    page = open_page(locale="en")

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(phone(page, 0).locator("footer .big")).to_have_text("Начать")
    expect(phone(page, 1).locator("footer .big")).to_have_text("התחלה")
    expect(phone(page, 1).locator("footer")).to_have_attribute("dir", "rtl")


@pytest.mark.parametrize(
    ("language", "direction", "width", "scheme"),
    [
        ("ru", "ltr", 1280, "light"),
        ("he", "rtl", 1280, "dark"),
        ("he", "rtl", 360, "light"),
        ("en", "ltr", 360, "dark"),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, bot: Robot, language: str, direction: str, width: int, scheme: str
) -> None:
    for person in (DIMA, NOA):
        bot.people.start(person)
        bot.say(person, "<b>Привет</b> שלום <code>A-1</code>", parse_mode="HTML", reply_markup=MENU)
    bot.say(DIMA, "Меню", reply_markup={"keyboard": [["Новый заказ", "Язык"]]})
    page = open_page(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    )

    expect(page.locator("html")).to_have_attribute("dir", direction)
    assert violations(page) == []
    page.locator("#open-journal").click()
    page.locator("#entries summary").first.click()
    assert violations(page) == []
    page.locator("#open-faults").click()
    expect(page.locator("#fault-list label").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_hebrew_placeholder_stands_on_its_side(open_page: Open, bot: Robot) -> None:
    """dir="auto" makes an empty field left-to-right (facts: found by measuring)."""
    bot.people.start(NOA)
    page = open_page(locale="he")
    field = phone(page, 1).locator("textarea")
    expect(field).to_be_visible()

    assert field.evaluate("field => getComputedStyle(field).direction") == "rtl"


def test_the_theme_can_be_switched(open_page: Open) -> None:
    page = open_page(color_scheme="light")
    page.locator("#theme").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_no_left_and_no_right_in_the_style_sheet() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "page.css").read_text(), flags=re.S)

    assert re.findall(r"\b(?:left|right)\b", css) == []


def test_the_policy_is_strict_and_the_page_obeys(box: Sandbox) -> None:
    html = (STATIC / "index.html").read_text()

    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|https?://", html.replace("http://www.w3.org", ""))
