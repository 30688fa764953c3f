"""What one does with a message of the chat page: its menu, edit, copy, forward, delete, and the way to a quoted one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.chat_page.phones import DIMA, Open, begin, phone
from tests.sandbox.robot import Robot
from tests.support.chromium import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: Open, bot: Robot) -> Page:
    page = open_page(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce")
    begin(page)
    bot.confirm_all()
    return page


def write(page: Page, text: str) -> Locator:
    phone(page).locator("textarea").fill(text)
    phone(page).locator("textarea").press("Enter")
    row = phone(page).locator(".row.mine", has_text=text)
    expect(row).to_have_count(1)
    return row


def choose(page: Page, row: Locator, name: str) -> None:
    row.locator(".bubble").click(button="right")
    phone(page).get_by_role("menuitem", name=name).click()


def test_ones_own_message_is_edited(page: Page, bot: Robot) -> None:
    row = write(page, "2 шаровые")
    choose(page, row, "Изменить")
    field = phone(page).locator("textarea")
    expect(field).to_have_value("2 шаровые")
    field.fill("4 шаровые")
    field.press("Enter")
    expect(phone(page).locator(".row.mine .text").last).to_have_text("4 шаровые")
    expect(field).to_have_value("")
    sent, edited = bot.updates()

    assert edited["edited_message"]["text"] == "4 шаровые"
    assert edited["edited_message"]["message_id"] == sent["message"]["message_id"]


def test_the_arrow_up_edits_the_newest_and_escape_leaves_it_as_it_was(page: Page, bot: Robot) -> None:
    write(page, "первое")
    write(page, "второе")
    field = phone(page).locator("textarea")
    field.press("ArrowUp")
    expect(field).to_have_value("второе")
    expect(phone(page).locator(".replying")).to_contain_text("второе")
    field.press("Escape")
    expect(field).to_have_value("")
    expect(phone(page).locator(".replying")).to_be_hidden()

    assert [kind for update in bot.updates() for kind in update if kind != "update_id"] == ["message"] * 2


def test_the_bots_message_offers_no_edit(page: Page, bot: Robot) -> None:
    bot.say(DIMA, "Привет")
    phone(page).locator(".theirs .bubble").click(button="right")
    expect(phone(page).get_by_role("menuitem")).to_have_text(["Ответить", "Копировать текст", "Переслать", "Удалить"])

    assert violations(page) == []


def test_the_menu_is_used_without_a_mouse(page: Page, bot: Robot) -> None:
    row = write(page, "болт")
    reply = row.get_by_role("button", name="Ответить")
    reply.focus()
    reply.press("ContextMenu")
    items = phone(page).get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(phone(page).get_by_role("menuitem", name="Изменить")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(items.first).to_be_hidden()

    expect(reply).to_be_focused()


def test_a_long_press_opens_the_menu(page: Page, bot: Robot) -> None:
    bot.say(DIMA, "Привет")
    bubble = phone(page).locator(".theirs .bubble")
    bubble.dispatch_event("pointerdown", {"pointerType": "touch", "clientX": 200, "clientY": 300})

    expect(phone(page).get_by_role("menu")).to_be_visible()


def test_a_text_is_copied(page: Page, bot: Robot) -> None:
    bot.say(DIMA, "1K0 698 151")
    choose(page, phone(page).locator(".theirs"), "Копировать текст")
    expect(phone(page).locator(".toast")).to_have_text("Скопировано")

    assert page.evaluate("navigator.clipboard.readText()") == "1K0 698 151"


def test_a_message_is_forwarded(page: Page, bot: Robot) -> None:
    original = bot.say(DIMA, "Готов: заказ 23")
    choose(page, phone(page).locator(".theirs"), "Переслать")
    page.locator("#ask[open] li button").first.click()
    forwarded = phone(page).locator(".row.mine .forwarded")
    expect(forwarded).to_have_text(f"Переслано от {original['from']['first_name']}")

    assert bot.updates()[0]["message"]["forward_origin"]["sender_user"]["is_bot"] is True


def test_deleting_asks_first(page: Page, bot: Robot) -> None:
    row = write(page, "не то")
    choose(page, row, "Удалить")
    page.locator("#ask[open]").get_by_role("button", name="Отмена").click()
    expect(row).to_have_count(1)
    choose(page, row, "Удалить")
    page.locator("#ask[open]").get_by_role("button", name="Удалить").click()

    expect(row).to_have_count(0)


def test_a_quote_leads_to_its_message(page: Page, bot: Robot) -> None:
    first = bot.say(DIMA, "Какой мотор?")
    for number in range(30):
        bot.say(DIMA, f"строка {number}")
    bot.say(DIMA, "Жду", reply_parameters={"message_id": first["message_id"]})
    row = phone(page).locator(".row.theirs").first
    expect(row).not_to_be_in_viewport()
    phone(page).locator(".quote").click()

    expect(row).to_be_in_viewport()


def test_the_menu_button_has_the_name_that_the_bot_gave_it(page: Page, bot: Robot) -> None:
    """docs, MenuButton: the commands, or a Mini App, which the emulator names and does not open."""
    bot.ok("setMyCommands", commands=[{"command": "orders", "description": "Мои заказы"}])
    button = phone(page).locator(".slash")
    expect(button).to_have_text("Меню")
    app = {"type": "web_app", "text": "Заказ", "web_app": {"url": "https://a.example/"}}
    bot.ok("setChatMenuButton", chat_id=DIMA, menu_button=app)
    bot.say(DIMA, "новая кнопка")
    expect(button).to_have_text("Заказ")
    button.click()

    expect(phone(page).locator(".toast")).to_contain_text("https://a.example/")
