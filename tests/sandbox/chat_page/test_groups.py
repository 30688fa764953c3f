"""Groups on the chat page: two phones in one group, who wrote what, and the bot put out and let in again."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from sandbox.client import Sandbox
from tests.sandbox.chat_page.phones import DIMA, MENU, NOA, Open, phone
from tests.sandbox.robot import Robot
from tests.support.chromium import violations

pytestmark = pytest.mark.browser
_groups = count(-9001, -1)


@pytest.fixture
def group(box: Sandbox) -> int:
    number = next(_groups)
    box.add_group(number, f"Цех {-number}")
    return number


@pytest.fixture
def page(open_page: Open, group: int) -> Page:
    """Dima's and Noa's phones show the group."""
    page = open_page(reduced_motion="reduce")
    for place in (0, 1):
        phone(page, place).locator(".where select").select_option(str(group))
        expect(phone(page, place).locator(".bot-name")).to_have_text(f"Цех {-group}")
    return page


def write(page: Page, place: int, text: str) -> None:
    phone(page, place).locator("textarea").fill(text)
    phone(page, place).locator("textarea").press("Enter")


def test_two_people_and_the_bot_talk_in_a_group(page: Page, bot: Robot, group: int) -> None:
    write(page, 0, "кто возьмёт?")
    expect(phone(page, 0).locator(".row.mine .text")).to_have_text("кто возьмёт?")
    theirs = phone(page, 1).locator(".row.theirs")
    expect(theirs.locator(".author")).to_have_text("Дима")
    bot.say(group, "я")
    expect(theirs).to_have_count(2)
    update = bot.updates()[0]["message"]

    assert (update["chat"]["id"], update["from"]["id"]) == (group, DIMA)
    assert violations(page) == []


def test_a_button_in_a_group_says_who_pressed_it(page: Page, bot: Robot, group: int) -> None:
    bot.say(group, "Беру?", reply_markup=MENU)
    phone(page, 1).locator(".key", has_text="Да").click()
    expect(phone(page, 1).locator(".key", has_text="Да")).to_have_attribute("aria-busy", "true")
    expect(phone(page, 0).locator(".key", has_text="Да")).not_to_have_attribute("aria-busy", "true")
    query = bot.updates()[0]["callback_query"]

    assert (query["from"]["id"], query["message"]["chat"]["id"]) == (NOA, group)


def test_what_others_wrote_in_a_group_cannot_be_edited(page: Page) -> None:
    write(page, 0, "моё")
    phone(page, 1).locator(".row.theirs .bubble").click(button="right")
    expect(phone(page, 1).get_by_role("menuitem").first).to_be_visible()

    expect(phone(page, 1).get_by_role("menuitem", name="עריכה")).to_have_count(0)


def test_a_bot_is_put_out_of_a_group_and_let_in_again(page: Page, bot: Robot, group: int) -> None:
    phone(page).locator(".open-menu").click()
    expect(phone(page).locator(".sheet .restart")).to_be_hidden()
    phone(page).locator(".sheet .block").click()
    expect(phone(page).locator("footer .big")).to_have_text("Добавить бота в группу")
    assert bot.call("sendMessage", chat_id=group, text="x").status == 403
    phone(page).locator("footer .big").click()
    expect(phone(page).locator(".composer")).to_be_visible()

    assert bot.say(group)


def test_a_group_is_made_on_the_page(open_page: Open, bot: Robot, box: Sandbox) -> None:
    page = open_page()
    phone(page).locator(".where select").select_option("new")
    page.locator("#found[open] input").fill("Ночная смена")
    page.locator("#found .big").click()
    expect(phone(page).locator(".bot-name")).to_have_text("Ночная смена")
    write(page, 0, "есть кто?")
    expect(phone(page).locator(".row.mine")).to_have_count(1)

    assert bot.updates()[0]["message"]["chat"]["title"] == "Ночная смена"
