"""Photos, albums, documents and voice notes in the chat page, sent and received."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.client import Sandbox
from tests.sandbox.chat_page.phones import DIMA, Open, begin, phone
from tests.sandbox.images import png, wav
from tests.sandbox.robot import Robot

pytestmark = pytest.mark.browser
KINDS = ("photo", "document", "video", "voice")


def test_photos_and_albums_are_shown(open_page: Open, bot: Robot, box: Sandbox) -> None:
    page = open_page()
    begin(page)
    bot.multipart(
        "sendPhoto", chat_id=DIMA, photo=("a.png", png(40, 30), "image/png"), caption="<b>вот</b>", parse_mode="HTML"
    )
    for number in range(2):
        box.send_file(DIMA, "photo", png(8, 8 + number), "a.png", "image/png", album="9", bot=bot.name)

    expect(phone(page).locator(".theirs .photo img")).to_have_js_property("naturalWidth", 40)
    expect(phone(page).locator(".theirs .text b")).to_have_text("вот")
    expect(phone(page).locator(".album .photo img")).to_have_count(2)
    expect(phone(page).locator(".row.mine")).to_have_count(2)  # /start and one album
    phone(page).locator(".theirs .photo").click()
    shown = page.get_by_role("dialog", name="Фото")
    expect(shown.locator("img")).to_have_js_property("naturalWidth", 40)
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


def test_files_are_attached_with_a_caption(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    phone(page).locator("textarea").fill("две детали")
    pictures = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png(8, 8 + n)} for n in range(2)]
    phone(page).locator("input[type=file]").set_input_files(pictures)  # type: ignore[arg-type]
    dialog = page.locator("#preview[open]")
    expect(dialog.locator(".thumbs img")).to_have_count(2)
    expect(dialog.locator(".thumbs img").first).to_have_js_property("naturalWidth", 8)
    expect(dialog.locator("textarea")).to_have_value("две детали")
    assert bot.updates() == []
    dialog.locator(".big").click()
    expect(phone(page).locator(".album .photo")).to_have_count(2)
    expect(phone(page).locator("textarea")).to_have_value("")
    first, second = (update["message"] for update in bot.updates())

    assert (first["caption"], "caption" in second) == ("две детали", False)
    assert first["media_group_id"] == second["media_group_id"]


def test_a_picture_and_a_file_together_are_no_album(open_page: Open, bot: Robot) -> None:
    """docs, sendMediaGroup: documents do not mix with pictures. What Telegram shows no picture of is a file."""
    page = open_page()
    begin(page)
    bot.confirm_all()
    question = bot.say(DIMA, "Фото?")
    phone(page).locator(".theirs .reply").click()
    chosen = [
        {"name": "a.png", "mimeType": "image/png", "buffer": png()},
        {"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"},
        {"name": "c.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
        {"name": "d.mp4", "mimeType": "video/mp4", "buffer": b"mp4"},
    ]
    phone(page).locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    page.locator("#preview[open] .big").click()
    expect(phone(page).locator(".mine .file")).to_have_count(3)
    expect(phone(page).locator(".replying")).to_be_hidden()
    sent = [update["message"] for update in bot.updates()]
    group = {kind: message.get("media_group_id") for message in sent for kind in message if kind in KINDS}

    assert [next(kind for kind in KINDS if kind in message) for message in sent] == [
        "photo",
        "document",
        "document",
        "video",
    ]
    assert group["photo"] == group["video"] != group["document"]
    assert all(message["reply_to_message"]["message_id"] == question["message_id"] for message in sent)


def test_a_voice_note_of_the_bot_and_an_answer_of_the_bot_are_shown(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.multipart("sendVoice", chat_id=DIMA, voice=("a.oga", wav(), "audio/ogg"), duration=3)
    first = bot.say(DIMA, "Какой VIN?")["message_id"]
    bot.say(DIMA, "Жду", reply_parameters={"message_id": first})

    expect(phone(page).locator(".theirs .sound small")).to_have_text("0:03")
    expect(phone(page).locator(".theirs .quote span")).to_have_text("Какой VIN?")


def test_voice_notes_and_documents_are_shown(open_page: Open, bot: Robot, box: Sandbox) -> None:
    page = open_page()
    begin(page)
    box.send_file(DIMA, "voice", wav(1), "v.oga", "audio/ogg", duration=65, bot=bot.name)
    bot.multipart("sendDocument", chat_id=DIMA, document=("slip.pdf", b"%PDF", "application/pdf"))

    expect(phone(page).locator(".sound small")).to_have_text("1:05")
    expect(phone(page).locator(".file b")).to_have_text("slip.pdf")
    phone(page).locator(".play").click()
    expect(phone(page).locator(".sound.playing")).to_have_count(1)
