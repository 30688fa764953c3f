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
    if width < 690:
        phone(page).locator(".stage").click()
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


def test_every_word_of_the_page_is_there_in_three_languages() -> None:
    words = (STATIC / "words.js").read_text()
    blocks = re.findall(r"^  (en|ru|he): \{\n(.*?)\n  \},$", words, flags=re.S | re.M)
    keys = {language: re.findall(r"^    (\w+):", block, flags=re.M) for language, block in blocks}
    named = re.findall(r'data-(?:word|tip)="(\w+)"', (STATIC / "index.html").read_text())

    assert sorted(keys["en"]) == sorted(keys["ru"]) == sorted(keys["he"])
    assert all(len(set(one)) == len(one) for one in keys.values())
    assert set(named) <= set(keys["en"])


def test_the_policy_is_strict_and_the_page_obeys(box: Sandbox) -> None:
    html = (STATIC / "index.html").read_text()

    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|https?://", html.replace("http://www.w3.org", ""))


def test_on_a_phone_the_head_is_as_high_as_telegrams(open_page: Open, bot: Robot) -> None:
    """56 pixels; what belongs to the emulator waits behind the face of whoever holds the phone."""
    page = open_page(viewport={"width": 390, "height": 844})
    stage = phone(page).locator(".stage")
    top = phone(page).locator(".wall").bounding_box()
    assert top
    assert top["y"] == 56
    assert top["height"] > 700
    expect(page.locator("#open-faults")).to_be_hidden()
    stage.click()
    expect(stage).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#open-faults")).to_be_visible()

    expect(phone(page).locator(".who select")).to_be_visible()


def test_bubbles_and_buttons_keep_their_sides_in_hebrew(open_page: Open, bot: Robot, box: Sandbox) -> None:
    """Telegram's apps mirror the words around a chat, and neither its bubbles nor the order of its buttons."""
    bot.people.start(NOA)
    bot.say(NOA, "נכון?", reply_markup=MENU)
    page = open_page(locale="he")
    noas = phone(page, 1)
    expect(noas.locator(".key")).to_have_count(2)
    wall, mine, theirs, first, second = (
        noas.locator(name).bounding_box() for name in (".wall", ".mine", ".theirs", ".key >> nth=0", ".key >> nth=1")
    )
    assert wall
    assert mine
    assert theirs
    assert first
    assert second

    assert mine["x"] + mine["width"] > wall["x"] + wall["width"] - 20
    assert theirs["x"] < wall["x"] + 20
    assert first["x"] < second["x"]


LINES = "Карточка заказа 23\n👤 \u2068רינה\u2069\n\u2068רינה\u2069: рычаги есть\n\u2068Rina\u2069 לקחה"


def test_a_line_begins_where_its_own_letters_say(open_page: Open, bot: Robot) -> None:
    """UAX 9, P2: a name inside isolates does not turn the line around it, as browsers believe."""
    page = open_page()
    phone(page).locator("footer .big").click()
    bot.say(DIMA, LINES)
    expect(phone(page).locator(".theirs .text")).to_be_visible()
    gaps = (
        phone(page)
        .locator(".theirs .text")
        .evaluate(
            """box => {
          const node = box.firstChild, text = node.data, whole = box.getBoundingClientRect();
          let at = 0;
          return text.split("\\n").map(line => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + line.length);
            at += line.length + 1;
            const drawn = range.getBoundingClientRect();
            return [Math.round(drawn.left - whole.left) < 3, Math.round(whole.right - drawn.right) < 3];
          });
        }"""
        )
    )

    assert [left for left, _ in gaps] == [True, True, True, False]
    assert gaps[3][1]
