"""An emulator, a bot of the test's own, and its chat page in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sandbox.client import Sandbox
from sandbox.testing import running
from tests.sandbox.chat_page.phones import Open
from tests.sandbox.robot import Robot
from tests.support.chromium import DEADLINE

_numbers = count(801)


@pytest.fixture(scope="session")
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
        context.set_default_timeout(DEADLINE)
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
