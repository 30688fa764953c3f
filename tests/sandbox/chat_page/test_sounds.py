"""What is silent looks silent, what is loud sounds once, and what nobody has seen is counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.chat_page.phones import DIMA, MENU, Open, begin, phone
from tests.sandbox.robot import Robot

pytestmark = pytest.mark.browser
# The sounds of the page, counted: each has two notes.
COUNTING = """() => {
  window.notes = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.notes += 1; return make.call(this); };
}"""


@pytest.fixture
def page(open_page: Open) -> Page:
    page = open_page()
    page.evaluate(COUNTING)
    begin(page)
    return page


def notes(page: Page) -> int:
    return int(page.evaluate("window.notes"))


def test_a_loud_message_sounds_and_a_silent_one_shows_a_crossed_bell(page: Page, bot: Robot) -> None:
    """docs, sendMessage.disable_notification: "users will receive a notification with no sound"."""
    bot.say(DIMA, "тихо", disable_notification=True)
    silent = phone(page).locator(".row.theirs").first
    expect(silent.get_by_role("img", name="Без звука")).to_be_visible()
    assert notes(page) == 0
    message = bot.say(DIMA, "громко")
    expect(phone(page)).to_have_attribute("data-rings", "1")
    expect(phone(page).locator(".row.theirs").last.get_by_role("img")).to_have_count(0)
    bot.ok("editMessageText", chat_id=DIMA, message_id=message["message_id"], text="громко и изменено")
    expect(phone(page).locator(".edited")).to_have_count(1)

    assert notes(page) == 2


def test_the_sound_can_be_switched_off(page: Page, bot: Robot) -> None:
    button = page.get_by_role("button", name="Sound of messages")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    bot.say(DIMA, "громко")
    expect(phone(page)).to_have_attribute("data-rings", "1")

    assert notes(page) == 0


def test_what_came_below_is_counted_on_the_way_down_and_in_the_title(page: Page, bot: Robot) -> None:
    for number in range(30):
        bot.say(DIMA, f"строка {number}")
    expect(phone(page).locator(".row.theirs")).to_have_count(30)
    expect(page).to_have_title("Telegram on your laptop")
    phone(page).locator(".messages").evaluate("box => box.scrollTo(0, 0)")
    down = phone(page).locator(".down")
    expect(down).to_be_visible()
    bot.say(DIMA, "раз")
    bot.say(DIMA, "два", disable_notification=True)
    expect(page).to_have_title("(2) Telegram on your laptop")
    expect(down).to_have_attribute("aria-label", re.compile(r"\(2\)$"))
    down.click()

    expect(page).to_have_title("Telegram on your laptop")


def test_what_comes_while_nobody_looks_at_the_page_is_counted_until_somebody_does(page: Page, bot: Robot) -> None:
    page.evaluate("document.hasFocus = () => false")
    bot.say(DIMA, "где ты?")
    expect(page).to_have_title("(1) Telegram on your laptop")
    page.evaluate("document.hasFocus = () => true")
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page).to_have_title("Telegram on your laptop")


def test_a_toast_lets_touches_through(page: Page, bot: Robot) -> None:
    """Telegram's lies over the buttons, too, and takes no touch from them."""
    bot.confirm_all()
    bot.say(DIMA, "Верно?", reply_markup=MENU)
    key = phone(page).locator(".key", has_text="Да")
    key.click()
    first = bot.updates()[0]
    bot.ok("answerCallbackQuery", callback_query_id=first["callback_query"]["id"], text="Сохранено, и ещё много слов")
    toast = phone(page).locator(".toast")
    expect(toast).to_have_text("Сохранено, и ещё много слов")

    expect(toast).to_have_css("pointer-events", "none")
