"""Faults, the journal and the connection as the chat page shows them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.chat_page.phones import DIMA, Open, begin, phone
from tests.sandbox.robot import Robot

pytestmark = pytest.mark.browser


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
        expect(page.locator("#net")).to_have_text("Network is up")
        expect(phone(page).locator(".who option")).to_have_count(4)
    page.close()


def test_another_page_opens_beside_the_chat(browser: Browser, box: Sandbox) -> None:
    """The demo's desk, for one: in a window of its own, so that no page needs to let itself be framed."""
    page = browser.new_page(locale="en")
    with running(args=["--beside", f"{box.url}/?beside"]) as telegram:
        page.goto(telegram.url)
        with page.context.expect_page() as opened:
            page.get_by_role("button", name="Window beside").click()
        assert opened.value.url == f"{box.url}/?beside"
        assert opened.value.evaluate("window.opener") is None
    page.close()


def test_nothing_stands_beside_unless_the_emulator_was_told_of_it(open_page: Open) -> None:
    expect(open_page().locator("#beside")).to_be_hidden()
