"""The chat page in a real browser: it lives, it is calm in three languages, axe finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.images import png, wav
from tests.sandbox.robot import Robot, keyboard
from tests.support.chromium import violations

pytestmark = pytest.mark.browser

DIMA, NOA, CHARLIE = 1001, 1002, 1003
STATIC = Path(__file__).parents[2] / "sandbox" / "static"
KINDS = ("photo", "document", "video", "voice")
# A headless browser has no microphone: a tone stands in for it.
TONE = """() => { navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext(), tone = context.createOscillator(), out = context.createMediaStreamDestination();
  tone.connect(out); tone.start();
  return out.stream;
}; }"""
MENU = keyboard([("Да", "yes"), ("Нет", "no")])
Open = Callable[..., Page]
_numbers = count(801)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def bot(box: Sandbox) -> Iterator[Robot]:
    """A bot of the test's own: nobody has started it, whatever other tests did."""
    robot = Robot(box, next(_numbers))
    robot.username = robot.ok("getMe")["username"]
    yield robot
    box.faults.clear()
    box.network(True)
    robot.close()


@pytest.fixture
def open_page(browser: Browser, box: Sandbox, bot: Robot) -> Iterator[Open]:
    """Opens the page; whatever the console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str = "/?", **options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en"}
        context = browser.new_context(**(settings | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{box.url}{path}&bot={bot.username}")
        expect(page.locator("html[data-ready]")).to_have_count(1)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def phone(page: Page, place: int = 0) -> Locator:
    return page.locator(".phone").nth(place)


def begin(page: Page, place: int = 0) -> None:
    phone(page, place).locator("footer .big").click()
    expect(phone(page, place).locator(".row.mine")).to_have_count(1)


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
    phone(page).locator("footer .big").click()
    expect(phone(page).locator(".mine .text")).to_have_text("/start join_42")

    assert bot.updates()[0]["message"]["from"]["id"] == CHARLIE


def test_a_new_person_opens_a_link(open_page: Open, bot: Robot) -> None:
    page = open_page(f"/t.me/{bot.username}?start=join_43")
    page.locator("#who[open] li button").last.click()
    page.locator("#add[open] input").fill("Олег")
    page.locator("#add select").select_option("ru")
    page.locator("#add button.big").click()
    phone(page).locator("footer .big").click()
    expect(phone(page).locator(".mine .text")).to_have_text("/start join_43")

    assert bot.updates()[0]["message"]["from"]["first_name"] == "Олег"


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


def test_files_are_attached_with_a_caption(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    phone(page).locator("textarea").fill("две детали")
    pictures = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png(8, 8 + n)} for n in range(2)]
    phone(page).locator("input[type=file]").set_input_files(pictures)  # type: ignore[arg-type]
    expect(phone(page).locator(".album .photo")).to_have_count(2)
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
    expect(phone(page).locator(".mine .file")).to_have_count(3)
    expect(phone(page).locator(".replying")).to_be_hidden()
    sent = [update["message"] for update in bot.updates()]
    group = {kind: message.get("media_group_id") for message in sent for kind in message if kind in KINDS}

    assert [next(kind for kind in KINDS if kind in message) for message in sent] == [
        "photo", "document", "document", "video",
    ]  # fmt: skip
    assert group["photo"] == group["video"] != group["document"]
    assert all(message["reply_to_message"]["message_id"] == question["message_id"] for message in sent)


def test_a_voice_note_is_recorded_and_sent(open_page: Open, bot: Robot) -> None:
    """A first tap records, a second one sends."""
    page = open_page(permissions=["microphone"])
    begin(page)
    bot.confirm_all()
    page.evaluate(TONE)
    phone(page).locator(".mic").click()
    expect(phone(page).locator(".mic.recording")).to_have_count(1)
    phone(page).locator(".mic").click()

    expect(phone(page).locator(".mine .sound")).to_have_count(1)
    voice = bot.updates()[0]["message"]["voice"]
    assert (voice["duration"], voice["file_size"] > 0, voice["mime_type"].startswith("audio/")) == (1, True, True)


def test_the_bot_is_seen_typing(open_page: Open, bot: Robot) -> None:
    """docs, sendChatAction: shown until the next message, five seconds at most."""
    page = open_page()
    begin(page)
    bot.ok("sendChatAction", chat_id=DIMA, action="typing")
    expect(phone(page).locator(".doing")).to_have_text("печатает…")
    bot.say(DIMA, "готово")

    expect(phone(page).locator(".doing")).to_have_text("бот")


def test_a_voice_note_of_the_bot_and_an_answer_of_the_bot_are_shown(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.multipart("sendVoice", chat_id=DIMA, voice=("a.oga", wav(), "audio/ogg"), duration=3)
    first = bot.say(DIMA, "Какой VIN?")["message_id"]
    bot.say(DIMA, "Жду", reply_parameters={"message_id": first})

    expect(phone(page).locator(".theirs .sound small")).to_have_text("0:03")
    expect(phone(page).locator(".theirs .quote")).to_have_text("Какой VIN?")


def test_voice_notes_and_documents_are_shown(open_page: Open, bot: Robot, box: Sandbox) -> None:
    page = open_page()
    begin(page)
    box.send_file(DIMA, "voice", wav(1), "v.oga", "audio/ogg", duration=65, bot=bot.name)
    bot.multipart("sendDocument", chat_id=DIMA, document=("slip.pdf", b"%PDF", "application/pdf"))

    expect(phone(page).locator(".sound small")).to_have_text("1:05")
    expect(phone(page).locator(".file b")).to_have_text("slip.pdf")
    phone(page).locator(".play").click()
    expect(phone(page).locator(".sound.playing")).to_have_count(1)


def test_a_message_can_be_answered(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    bot.confirm_all()
    message = bot.say(DIMA, "Какой VIN?")
    phone(page).locator(".theirs .reply").click()
    expect(phone(page).locator(".replying")).to_contain_text("Какой VIN?")
    phone(page).locator("textarea").fill("XTA21099")
    phone(page).locator("textarea").press("Enter")

    expect(phone(page).locator(".mine .quote")).to_have_text("Какой VIN?")
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
    expect(phone(page).locator("footer .big")).to_have_text("Разблокировать бота")
    assert bot.call("sendMessage", chat_id=DIMA, text="x").status == 403
    phone(page).locator("footer .big").click()

    expect(phone(page).locator(".composer")).to_be_visible()
    assert bot.say(DIMA)


def test_faults_are_switched_on_and_off(open_page: Open, bot: Robot, box: Sandbox) -> None:
    page = open_page()
    begin(page)
    page.locator("#open-faults").click()
    switch = page.get_by_role("switch", name=re.compile("429"))
    switch.check()
    box.wait_until(box.faults.list)
    assert bot.call("sendMessage", chat_id=DIMA, text="x").status == 429
    switch.uncheck()
    box.wait_until(lambda: not box.faults.list())
    assert bot.say(DIMA)
    page.get_by_role("switch", name=re.compile("Cut the network")).check()
    expect(page.locator("#net")).to_have_text("Network is cut")


def test_the_journal_is_live_and_tells_details(open_page: Open, bot: Robot) -> None:
    page = open_page()
    begin(page)
    page.locator("#open-journal").click()
    bot.say(DIMA, "look here")
    newest = page.locator("#entries li").first
    expect(newest.locator(".method")).to_have_text("sendMessage")
    expect(newest.locator(".status")).to_have_text("200")
    newest.locator("summary").click()

    expect(newest.locator("pre")).to_contain_text('"text": "look here"')


def test_a_page_that_lost_the_emulator_says_so_and_comes_back(browser: Browser) -> None:
    page = browser.new_page(locale="en")
    with running() as first:
        port = int(first.url.rpartition(":")[2])
        page.goto(first.url)
        expect(page.locator("#net")).to_have_text("Network is up")
    expect(page.locator("#net")).to_have_text("The emulator does not answer")
    with running(port=port) as second:
        second.add_person(1004, "Rina", "en")
        expect(page.locator("#net")).to_have_text("Network is up", timeout=15_000)
        expect(phone(page).locator(".who option")).to_have_count(4)
    page.close()


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


def test_text_is_shown_as_text(open_page: Open, bot: Robot) -> None:
    """What people and bots write never becomes markup."""
    page = open_page()
    begin(page)
    bot.say(DIMA, "<img src=x onerror=alert(1)>", reply_markup=keyboard([("<i>x</i>", "x")]))

    expect(phone(page).locator(".theirs .text")).to_have_text("<img src=x onerror=alert(1)>")
    expect(phone(page).locator(".theirs img")).to_have_count(0)
    expect(phone(page).locator(".key")).to_have_text("<i>x</i>")


def test_no_left_and_no_right_in_the_style_sheet() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "page.css").read_text(), flags=re.S)

    assert re.findall(r"\b(?:left|right)\b", css) == []


def test_the_policy_is_strict_and_the_page_obeys(box: Sandbox) -> None:
    html = (STATIC / "index.html").read_text()

    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|https?://", html.replace("http://www.w3.org", ""))
