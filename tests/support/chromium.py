"""One real Chromium for every browser test of the session (Playwright can be started only once in a process)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.waiting import PATIENCE

DEADLINE = 15_000 * PATIENCE  # milliseconds of every wait of a page; what is there never waits for it

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # listing the passed checks takes longer than the checks
}
# The first is the browser without windows: with the second, which has windows, the tests take half as long again.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """The path of the browser: FELIX_CHROMIUM or DESK_CHROMIUM, else the first one found."""
    named = os.environ.get("FELIX_CHROMIUM") or os.environ.get("DESK_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def violations(page: Page) -> list[str]:
    """The violations that axe finds, one line each."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(document, rules).then(all => all.violations)", RULES)
    return [
        f"{page.url}: {one['id']}: {node['html'][:120]} {node['failureSummary'][-160:]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "no Chromium here: apt-get install chromium-headless-shell, or set FELIX_CHROMIUM"
        if os.environ.get("FELIX_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=DEADLINE)
    sound = str(tmp_path_factory.mktemp("sound"))  # else the library creates a folder in the user's home
    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=path, args=FLAGS, env={**os.environ, "PULSE_RUNTIME_PATH": sound}
        )
        yield running
        running.close()
