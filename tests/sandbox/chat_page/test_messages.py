"""The chat page in a real browser lives: messages, edits, presses, keyboards, links, answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.client import Sandbox
from tests.sandbox.chat_page.conftest import _numbers
from tests.sandbox.chat_page.phones import CHARLIE, DIMA, MENU, NOA, Open, begin, phone
from tests.sandbox.images import png
from tests.sandbox.robot import Robot, keyboard

pytestmark = pytest.mark.browser


def test_start_messages_and_edits_appear_live(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    message = bot.say(DIMA, "<b>Привет</b>", parse_mode="HTML")
    text = phone(page).locator(".row.theirs .text")
    expect(text).to_have_text("Привет")
    expect(text.locator("b")).to_have_count(1)
    bot.ok("editMessageText", chat_id=DIMA, message_id=message["message_id"], text="изменился")

    expect(text).to_have_text("изменился")
    expect(phone(page).locator(".edited")).to_have_text("изменено")
    bot.ok("deleteMessage", chat_id=DIMA, message_id=message["message_id"])
    expect(phone(page).locator(".row.theirs")).to_have_count(0)


def test_two_people_sit_side_by_side_and_do_not_mix(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page, 0)
    begin(page, 1)
    bot.say(NOA, "שלום")

    expect(phone(page, 1).locator(".theirs .text")).to_have_text("שלום")
    expect(phone(page, 0).locator(".theirs")).to_have_count(0)


def test_another_bot_is_another_conversation(open_page: Open, bot: Robot, box: Sandbox) -> None:
    other = Robot(box, next(_numbers))
    username = other.ok("getMe")["username"]
    other.people.start(DIMA)
    other.say(DIMA, "from the other")
    page = open_page()
    begin(page)
    page.locator("#bot").select_option(username)

    expect(phone(page).locator(".theirs .text")).to_have_text("from the other")
    page.locator("#bot").select_option(bot.username)
    expect(phone(page).locator(".theirs")).to_have_count(0)
    other.close()


def test_what_is_typed_reaches_the_bot(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    phone(page).locator("textarea").fill("Колодки?")
    phone(page).locator("textarea").press("Enter")

    expect(phone(page).locator(".mine .text").last).to_have_text("Колодки?")
    assert bot.updates()[0]["message"]["text"] == "Колодки?"


def test_a_pressed_button_is_busy_until_the_answer_and_a_toast_tells(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    bot.say(DIMA, "Верно?", reply_markup=MENU)
    key = phone(page).locator(".key", has_text="Да")
    key.click()
    expect(key).to_have_attribute("aria-busy", "true")
    query = bot.updates()[0]["callback_query"]
    bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Сохранено")

    expect(phone(page).locator(".toast")).to_have_text("Сохранено")
    expect(key).not_to_have_attribute("aria-busy", "true")


def test_an_alert_must_be_confirmed(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    bot.say(DIMA, "Верно?", reply_markup=MENU)
    phone(page).locator(".key", has_text="Нет").click()
    expect(phone(page).locator(".key[aria-busy]")).to_have_count(1)
    query = bot.updates()[0]["callback_query"]
    bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Осторожно", show_alert=True)

    expect(page.locator("#alert[open] p")).to_have_text("Осторожно")
    page.locator("#alert button").click()
    expect(page.locator("#alert")).not_to_be_visible()


def test_focus_stays_on_the_button_when_the_message_is_edited(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    message = bot.say(DIMA, "1", reply_markup=MENU)
    phone(page).locator(".key", has_text="Нет").focus()
    changed = keyboard([("Да", "yes"), ("Нет (2)", "no")])
    where = {"chat_id": DIMA, "message_id": message["message_id"]}
    bot.ok("editMessageText", **where, text="2", reply_markup=changed)

    expect(phone(page).locator(".key", has_text="Нет (2)")).to_be_focused()


def test_reply_keyboards_and_commands_can_be_tapped(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    bot.ok("setMyCommands", commands=[{"command": "orders", "description": "Мои заказы"}])
    bot.say(DIMA, "Меню", reply_markup={"keyboard": [["Новый заказ"]]})
    phone(page).locator(".reply-keys .key").click()
    expect(phone(page).locator(".mine .text").last).to_have_text("Новый заказ")
    phone(page).locator(".slash").click()
    phone(page).locator(".commands button").click()

    expect(phone(page).locator(".mine .text").last).to_have_text("/orders")
    assert [update["message"]["text"] for update in bot.updates()] == ["Новый заказ", "/orders"]


def test_a_deep_link_asks_who_opens_it_and_start_carries_the_payload(open_page: Open, bot: Robot) -> None:
    page = open_page(f"/t.me/{bot.username}?start=join_42")
    page.locator("#who[open] button", has_text="Charlie").click()
    charlies = phone(page, 2)
    charlies.locator("footer .big").click()
    expect(charlies.locator(".mine .text")).to_have_text("/start")  # people do not see the payload
    message = bot.updates()[0]["message"]

    assert (message["from"]["id"], message["text"]) == (CHARLIE, "/start join_42")


def test_a_new_person_opens_a_link(open_page: Open, bot: Robot) -> None:
    page = open_page(f"/t.me/{bot.username}?start=join_43")
    page.locator("#who[open] li button").first.click()
    page.locator("#add[open] input").fill("Олег")
    expect(page.locator("#add select")).to_have_value("en")  # the language of the page
    page.locator("#add select").select_option("ru")
    page.locator("#add button.big").click()
    phone(page).locator("footer .big").click()
    expect(phone(page).locator(".mine .text")).to_have_text("/start")
    message = bot.updates()[0]["message"]

    assert (message["from"]["first_name"], message["text"]) == ("Олег", "/start join_43")


def test_the_bot_is_seen_typing(open_page: Open, bot: Robot) -> None:
    """docs, sendChatAction: shown until the next message, five seconds at most."""
    page = open_page()
    begin(page)
    bot.ok("sendChatAction", chat_id=DIMA, action="typing")
    expect(phone(page).locator(".doing")).to_have_text("печатает…")
    bot.say(DIMA, "готово")

    expect(phone(page).locator(".doing")).to_have_text("бот")


def test_a_message_can_be_answered(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    message = bot.say(DIMA, "Какой VIN?")
    phone(page).locator(".theirs .reply").click()
    expect(phone(page).locator(".replying")).to_contain_text("Какой VIN?")
    phone(page).locator("textarea").fill("XTA21099")
    phone(page).locator("textarea").press("Enter")

    expect(phone(page).locator(".mine .quote span")).to_have_text("Какой VIN?")
    expect(phone(page).locator(".mine .quote b")).to_have_text(message["from"]["first_name"])
    assert bot.updates()[0]["message"]["reply_to_message"]["message_id"] == message["message_id"]


def test_the_newest_message_stays_in_sight(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    for number in range(30):
        bot.say(DIMA, f"line {number}")
    bot.multipart("sendPhoto", chat_id=DIMA, photo=("a.png", png(300, 300), "image/png"))

    expect(phone(page).locator(".photo img")).to_be_in_viewport(ratio=0.9)
    phone(page).locator(".theirs .reply").last.click()
    expect(phone(page).locator(".photo img")).to_be_in_viewport(ratio=0.9)


def test_blocking_and_unblocking(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    phone(page).locator(".open-menu").click()
    phone(page).locator(".sheet .block").click()
    expect(phone(page).locator("footer .big")).to_have_text("Перезапустить")
    assert bot.call("sendMessage", chat_id=DIMA, text="x").status == 403
    bot.confirm_all()
    phone(page).locator("footer .big").click()

    expect(phone(page).locator(".composer")).to_be_visible()
    assert bot.say(DIMA)
    told, started = bot.updates()
    assert told["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"


def test_text_is_shown_as_text(open_page: Open, bot: Robot) -> None:
    """What people and bots write never becomes markup."""
    page = open_page()
    begin(page)
    bot.say(DIMA, "<img src=x onerror=alert(1)>", reply_markup=keyboard([("<i>x</i>", "x")]))

    expect(phone(page).locator(".theirs .text")).to_have_text("<img src=x onerror=alert(1)>")
    expect(phone(page).locator(".theirs img")).to_have_count(0)
    expect(phone(page).locator(".key")).to_have_text("<i>x</i>")
