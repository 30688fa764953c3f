"""A voice note is recorded on the chat page, and arrives in the form in which Telegram delivers one."""

from __future__ import annotations

import re

import pytest
import urllib3
from playwright.sync_api import Page, expect

from sandbox.client import Sandbox
from sandbox.values import Json
from tests.sandbox.chat_page.phones import Open, begin, phone
from tests.sandbox.robot import Robot
from tests.sandbox.voice.recordings import read_ogg

pytestmark = pytest.mark.browser
# A headless browser has no microphone: a tone stands in for it.
TONE = """() => { navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext(), tone = context.createOscillator(), out = context.createMediaStreamDestination();
  tone.connect(out); tone.start();
  return out.stream;
}; }"""
REFUSAL = "name => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', name); }; }"


@pytest.fixture
def page(open_page: Open, bot: Robot) -> Page:
    page = open_page(permissions=["microphone"])
    begin(page)
    bot.confirm_all()
    page.evaluate(TONE)
    return page


def heard(bot: Robot) -> Json:
    voice: Json = bot.updates()[0]["message"]["voice"]
    return voice


def test_a_voice_note_arrives_as_ogg_with_opus(page: Page, bot: Robot, box: Sandbox) -> None:
    """docs, sendVoice: "encoded with OPUS". The packets of the browser's WebM are in it, and the browser plays it."""
    phone(page).locator(".mic").click()
    expect(phone(page).locator(".recording time")).to_have_text(re.compile("^0:(?!00)"))
    phone(page).locator(".recording .finish").click()
    expect(phone(page).locator(".mine .sound")).to_have_count(1)
    expect(phone(page).locator(".recording")).to_be_hidden()
    voice = heard(bot)
    path = bot.ok("getFile", file_id=voice["file_id"])["file_path"]
    pages = read_ogg(urllib3.request("GET", f"{box.url}/file/bot{bot.token}/{path}").data)

    assert (voice["mime_type"], path.rpartition(".")[2]) == ("audio/ogg", "oga")
    assert [page.packets[0][:8] for page in pages[:2]] == [b"OpusHead", b"OpusTags"]
    assert pages[-1].end > 0.5 * 48_000
    phone(page).locator(".play").click()
    expect(phone(page).locator(".sound.playing")).to_have_count(1)


@pytest.mark.parametrize("how", ["click", "Escape"])
def test_a_recording_that_is_cancelled_is_not_sent(page: Page, bot: Robot, how: str) -> None:
    phone(page).locator(".mic").click()
    expect(phone(page).locator(".recording .discard")).to_be_visible()
    expect(phone(page).locator("textarea")).to_be_hidden()
    if how == "click":
        phone(page).locator(".recording .discard").click()
    else:
        page.keyboard.press("Escape")
    expect(phone(page).locator("textarea")).to_be_focused()

    assert bot.updates() == []


@pytest.mark.parametrize(
    ("error", "reason"), [("NotAllowedError", "Браузер не даёт"), ("NotFoundError", "Микрофона нет")]
)
def test_the_reason_is_told_when_nothing_can_be_recorded(page: Page, error: str, reason: str) -> None:
    page.evaluate(REFUSAL, error)
    phone(page).locator(".mic").click()

    expect(phone(page).locator(".toast")).to_have_text(re.compile(reason))
    expect(phone(page).locator(".mic")).to_be_visible()
