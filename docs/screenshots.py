"""Takes the pictures of the documentation, from the demo as a newcomer sees it: `python -m docs.screenshots`.

The script starts a separate demo on free ports in a scratch directory, drives it in a real Chromium, and stops it. The
pictures replace those in `docs/images`; look at each before you commit it.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from common import i18n
from common.i18n import gettext
from docs.pictures import palette_png

IMAGES = Path(__file__).parent / "images"
READY = 90.0  # the most seconds until the demo is up
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = ViewportSize(width=1280, height=720), ViewportSize(width=360, height=740)


@dataclass(frozen=True)
class Demo:
    """The addresses of a running demo, as it printed them."""

    desk: str
    chat: str
    password: str
    invitation: str


@dataclass(frozen=True)
class Shot:
    """A picture of a page of the desk; `presses`: selectors of the elements pressed before it is taken."""

    name: str
    path: str
    language: str = "en"
    size: ViewportSize = field(default_factory=lambda: DESKTOP)
    dark: bool = False
    presses: tuple[str, ...] = ()


# Every page once, in varying language, size and theme; together they show each pair. Orders are those of
# common/demo/stories.py, and 13 is the first that is sent in Hebrew.
SHOTS = (
    Shot("board", "/"),
    Shot("board-he-dark", "/", "he", dark=True),
    Shot("board-phone-ru", "/", "ru", PHONE),
    Shot("order", "/orders/4"),
    Shot("order-he", "/orders/10", "he"),
    Shot("order-phone-ru-dark", "/orders/10", "ru", PHONE, dark=True),
    Shot("orders", "/orders?state=waiting&state=ready"),
    Shot("orders-phone-he", "/orders", "he", PHONE),
    Shot("views", "/views", "ru"),
    Shot("order-new-he", "/orders/new", "he"),
    Shot("slip-he", "/orders/8/slip?width=80&language=he", "he"),
    Shot("slip-a4", "/orders/6/slip?width=a4&language=ru"),
    Shot("slips-dark", "/slips?orders=11,12,8&width=58&language=mechanic", "ru", dark=True),
    Shot("replies-he", "/replies", "he"),
    Shot("reply-phone-ru", "/replies/1", "ru", PHONE),
    Shot("catalogue-ru", "/catalogue", "ru"),
    Shot("part-he-dark", "/catalogue/parts/1", "he", dark=True),
    Shot("categories", "/catalogue/categories"),
    Shot("category-ru", "/catalogue/categories/1", "ru"),
    Shot("part-new", "/catalogue/parts/new"),
    Shot("line-to-part-he", "/orders/7", "he", presses=("a[href^='/catalogue/lines/']",)),
    Shot("import-ru-dark", "/catalogue/import", "ru", dark=True),
    Shot("merge-phone", "/catalogue/parts/1/merge", "ru", PHONE),
    Shot("people-he", "/people", "he"),
    Shot("people-phone-dark", "/people", "en", PHONE, dark=True),
    Shot("invitation-ru", "/people", "ru", presses=("form[action$='/invitations'] button[type=submit]",)),
    Shot("person-ru-dark", "/people/3", "ru", dark=True),
    Shot("roles", "/people/roles"),
    Shot("audit", "/audit"),
    Shot("api", "/api/docs"),
    Shot("account-he-dark", "/account", "he", dark=True),
    Shot("system-ru", "/system", "ru"),
    Shot("style", "/desk/style"),
    Shot("style-phone-he-dark", "/desk/style", "he", PHONE, dark=True),
    Shot("menu-he", "/", "he", presses=("header details.menu summary",)),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo(directory: Path) -> Iterator[Demo]:
    """A demo in this directory; it is stopped cleanly at the end."""
    command = [sys.executable, "-c", "import sys; from common.cli import main; sys.exit(main())", "demo"]
    for name in ("desk", "chat", "daemon", "doorbell"):
        command += [f"--{name}-port", str(free_port())]
    log = directory / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=directory, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603
    try:
        yield _announced(process, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _announced(process: subprocess.Popen[bytes], log: Path) -> Demo:
    deadline = time.monotonic() + READY
    while "Ctrl-C stops it" not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The demo did not come up:\n{said[-2000:]}")
        time.sleep(0.1)
    return Demo(*(_found(said, words) for words in ("The desk", "The chat", "Password", "joins by")))


def _found(said: str, words: str) -> str:
    hit = re.search(rf"{words}\s+(\S+)", said)
    return hit[1] if hit else ""


@dataclass(frozen=True)
class Camera:
    """A browser that saves its pages as small pictures."""

    browser: Browser

    def page(self, size: ViewportSize, *, dark: bool = False) -> Page:
        context = self.browser.new_context(
            viewport=size, color_scheme="dark" if dark else "light", locale="en-US", reduced_motion="reduce"
        )
        return context.new_page()

    def take(self, page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.mouse.move(0, 0)
        taken = page.screenshot(animations="disabled", caret="hide")
        (IMAGES / f"{name}.png").write_bytes(palette_png(self.browser, taken))
        sys.stdout.write(f"{name}.png {(IMAGES / name).with_suffix('.png').stat().st_size // 1024} kB\n")


def sign_in(page: Page, at: Demo, username: str) -> None:
    page.goto(f"{at.desk}/login")
    page.fill("#username", username)
    page.fill("#password", at.password)
    page.locator("form .main").click()
    expect(page.locator("#live")).to_have_attribute("data-live", "live")
    # "That was me": else each page shows the notice of a new browser.
    page.request.post(f"{at.desk}/account/read", headers={"Sec-Fetch-Site": "same-origin"})


def main() -> int:
    IMAGES.mkdir(exist_ok=True)
    path = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("No Chromium here: apt-get install chromium.")
    with tempfile.TemporaryDirectory() as scratch, demo(Path(scratch)) as at, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*FLAGS])
        take_all(Camera(browser), at)
        browser.close()
    return 0


def take_all(camera: Camera, at: Demo) -> None:
    """Take all pictures, the chat's first: then its orders are on the board."""
    take_the_chat(camera, at)
    take_the_desk(camera, at)


def take_the_chat(camera: Camera, at: Demo) -> None:
    page = camera.page(DESKTOP)
    page.goto(at.chat)
    order_in_hebrew(page.locator(".phone").nth(1))
    begin_in_russian(page.locator(".phone").nth(0))
    settle(page)
    camera.take(page, "chat")
    page.locator("#open-faults").click()
    settle(page)
    camera.take(page, "faults")
    phone = camera.page(PHONE, dark=True)
    phone.goto(at.chat)
    settle(phone)
    camera.take(phone, "chat-phone-dark")


def begin_in_russian(phone: Locator) -> None:
    with i18n.use_language("ru"):
        press(phone, gettext("New order"))
        press(phone, "Тормоза")
        press(phone, "Колодки передние")
        write(phone, "2")


def order_in_hebrew(phone: Locator) -> None:
    with i18n.use_language("he"):
        press(phone, gettext("New order"))
        write(phone, "מסנן שמן ו-4 מצתים, 123-45-678")
        press(phone, gettext("Send · %(car)s") % {"car": ""})


def press(phone: Locator, words: str) -> None:
    """Press the newest button with these words."""
    phone.locator(".messages button", has_text=words).last.click()


def write(phone: Locator, words: str) -> None:
    phone.locator("textarea").fill(words)
    phone.page.keyboard.press("Enter")


def settle(page: Page) -> None:
    """Wait until sent messages have arrived and toasts are gone."""
    page.wait_for_timeout(3000)
    expect(page.locator(".toast:visible")).to_have_count(0)


def take_the_desk(camera: Camera, at: Demo) -> None:
    """Take each page of the table, in one browser for each size and theme, with Avi signed in."""
    pages: dict[tuple[int, bool], Page] = {}
    for shot in SHOTS:
        key = (shot.size["width"], shot.dark)
        if key not in pages:
            pages[key] = camera.page(shot.size, dark=shot.dark)
            sign_in(pages[key], at, "avi")
        page = pages[key]
        speak(page, at, shot.language)
        page.goto(f"{at.desk}{shot.path}")
        for selector in shot.presses:
            page.locator(selector).first.click()
        camera.take(page, shot.name)
    page = pages[DESKTOP["width"], False]
    take_an_import(camera, page, at)
    take_a_welcome(camera, page, at)
    for name, language, dark in (("login", "he", False), ("login-ru-dark", "ru", True)):
        stranger = camera.page(PHONE, dark=dark)
        stranger.context.add_cookies([{"name": "language", "value": language, "url": at.desk}])
        stranger.goto(f"{at.desk}/login")
        camera.take(stranger, name)


def take_an_import(camera: Camera, page: Page, at: Demo) -> None:
    """Take the preview of an import: a new part, an existing one, and one that cannot be loaded."""
    speak(page, at, "en")
    page.goto(f"{at.desk}/catalogue/import")
    rows = "category_code,part_code,part_en\nbrakes,,Handbrake cable\nnone,,Wheel bearing\nbrakes,,\n"
    page.set_input_files("#file", {"name": "brakes.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.locator("form[enctype] .main").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    camera.take(page, "import-preview")


def take_a_welcome(camera: Camera, page: Page, at: Demo) -> None:
    """Take the page of an invitation to the desk."""
    page.goto(f"{at.desk}/people")
    page.fill("#name", "Noam")
    page.select_option("#language", "he")
    page.select_option("#role", "storekeeper")
    page.locator("form[action='/people/invitations'] .main").click()
    link = page.locator("#link").input_value()
    stranger = camera.page(PHONE)
    stranger.context.add_cookies([{"name": "language", "value": "he", "url": at.desk}])
    stranger.goto(link)
    expect(stranger.locator("form.sheet")).to_be_visible()
    camera.take(stranger, "welcome-he")


def speak(page: Page, at: Demo, language: str) -> None:
    form: dict[str, str | float | bool] = {"language": language, "next": "/"}
    page.request.post(f"{at.desk}/account/language", form=form, headers={"Sec-Fetch-Site": "same-origin"})
    page.goto(at.desk)
    expect(page.locator("#live")).to_have_attribute("data-live", "live")


if __name__ == "__main__":
    sys.exit(main())
