"""What is attached on the chat page: files, looked at before they leave; a place, a contact, a sticker."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.chat_page.phones import DIMA, Open, begin, phone
from tests.sandbox.images import png
from tests.sandbox.robot import Robot
from tests.support.chromium import violations

pytestmark = pytest.mark.browser
# A file in the hand of whoever drops or pastes it.
CARRY = """bytes => {
  const carried = new DataTransfer();
  const data = Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0));
  carried.items.add(new File([data], "a.png", { type: "image/png" }));
  return carried;
}"""


@pytest.fixture
def page(open_page: Open, bot: Robot) -> Page:
    page = open_page(reduced_motion="reduce")
    begin(page)
    bot.confirm_all()
    return page


def drop(page: Page) -> None:
    carried = page.evaluate_handle(CARRY, base64.b64encode(png(8, 8)).decode())
    phone(page).locator(".wall").dispatch_event("dragover", {"dataTransfer": carried})
    expect(page.locator(".phone.dropping")).to_have_count(1)
    phone(page).locator(".wall").dispatch_event("drop", {"dataTransfer": carried})


def test_a_dropped_picture_leaves_with_the_caption_that_it_was_given(page: Page, bot: Robot) -> None:
    drop(page)
    dialog = page.locator("#preview[open]")
    expect(dialog.locator("textarea")).to_be_focused()
    assert violations(page) == []
    dialog.locator("textarea").fill("трубка кондея")
    dialog.locator("textarea").press("Enter")
    expect(phone(page).locator(".mine .photo")).to_have_count(1)

    assert bot.updates()[0]["message"]["caption"] == "трубка кондея"


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_what_is_not_sent_stays_and_so_do_the_words(page: Page, bot: Robot, how: str) -> None:
    phone(page).locator("textarea").fill("диски перед")
    drop(page)
    dialog = page.locator("#preview[open]")
    expect(dialog.locator("textarea")).to_have_value("диски перед")
    if how == "button":
        dialog.get_by_role("button", name="Отмена").click()
    else:
        page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(phone(page).locator("textarea")).to_have_value("диски перед")

    assert bot.updates() == []


def test_a_picture_can_go_as_a_file(page: Page, bot: Robot) -> None:
    drop(page)
    page.locator("#preview[open]").get_by_label("Отправить картинки файлами").check()
    page.locator("#preview[open] .big").click()
    expect(phone(page).locator(".mine .file")).to_have_count(1)

    assert bot.updates()[0]["message"]["document"]["file_name"] == "a.png"


def test_a_pasted_picture_waits_for_a_look(page: Page, bot: Robot) -> None:
    carried = page.evaluate_handle(CARRY, base64.b64encode(png(8, 8)).decode())
    phone(page).locator("textarea").evaluate(
        "(field, data) => field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))",
        carried,
    )

    expect(page.locator("#preview[open] .thumbs img")).to_have_count(1)
    assert bot.updates() == []


def test_a_place_a_contact_and_a_sticker_are_sent(page: Page, bot: Robot) -> None:
    for choose in (".give-place", ".give-contact", ".stickers button >> nth=0"):
        phone(page).locator(".attach").click()
        phone(page).locator(choose).click()
        expect(phone(page).locator(".attachments")).to_be_hidden()
    expect(phone(page).locator(".mine .contact")).to_have_count(2)
    expect(phone(page).locator(".mine .sticker")).to_have_text("👍")
    place, contact, sticker = (update["message"] for update in bot.updates())

    assert set(place["location"]) == {"latitude", "longitude"}
    assert contact["contact"]["user_id"] == DIMA
    assert sticker["sticker"]["emoji"] == "👍"


def test_on_a_phone_enter_begins_a_new_line(open_page: Open, bot: Robot) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    begin(page)
    bot.confirm_all()
    field = phone(page).locator("textarea")
    field.fill("колодки")
    field.press("End")
    field.press("Enter")
    field.press_sequentially("диски")
    phone(page).locator(".send").click()
    expect(phone(page).locator(".mine .text").last).to_have_text("колодки\nдиски")

    assert bot.updates()[0]["message"]["text"] == "колодки\nдиски"
